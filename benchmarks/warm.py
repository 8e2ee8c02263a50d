"""Validating with warm trust: ours beside bare pyHanko, for RSA and ECDSA, inside a PDF and beside.

Trust, lists and intermediate certificates are read once; each document is judged anew.
"""

from __future__ import annotations

from pathlib import Path

from benchmarks.bare import PyHanko
from benchmarks.measure import Pair, repeat
from benchmarks.pairs import demand_valid
from benchmarks.signer import make_signer
from signing.sign import sign_detached, sign_pdf
from signing.training.certificates import KeyAlgorithm
from signing.validate import validate_detached, validate_pdf

MEASURED = {"ECDSA": KeyAlgorithm.ECDSA_P256, "RSA": KeyAlgorithm.RSA_2048}


def warm_pairs(folder: Path, pdf: bytes, documents: int) -> list[Pair]:
    """Return the four comparisons over `pdf`; a ratio of 1/1.3 (0.77) is the least we aim at.

    `folder` is for keys of this run. Raises NotValidError.
    """
    return [pair for name in MEASURED for pair in _pairs(folder / name, name, pdf, documents)]


def _pairs(folder: Path, name: str, pdf: bytes, documents: int) -> list[Pair]:
    folder.mkdir()
    signer = make_signer(MEASURED[name])
    signer.write_pem(folder)
    pyhanko, grounds = PyHanko(signer, folder), signer.grounds
    inside = sign_pdf(pdf, signer.key, signer.now)
    beside = sign_detached(pdf, signer.key, signer.now)
    pyhanko.verify(inside)
    pyhanko.verify_detached(pdf, beside)
    return [
        Pair(
            f"validate with warm trust, PDF, {name}",
            "pyHanko",
            documents,
            lambda: repeat(documents, lambda: demand_valid(validate_pdf(inside, grounds))),
            lambda: repeat(documents, lambda: pyhanko.verify(inside)),
        ),
        Pair(
            f"validate with warm trust, detached, {name}",
            "pyHanko",
            documents,
            lambda: repeat(
                documents, lambda: demand_valid(validate_detached(pdf, beside, grounds))
            ),
            lambda: repeat(documents, lambda: pyhanko.verify_detached(pdf, beside)),
        ),
    ]
