"""`python -m benchmarks` measures what it says, with numbers too small to mean anything."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from benchmarks.bare import NotValidError, OpenSsl, PyHanko
from benchmarks.gost import EngineDgst
from benchmarks.measure import Comparison, Pair, Speed, compare, table
from benchmarks.pairs import demand_valid
from benchmarks.roadmap import facts, template
from benchmarks.signer import Signer, make_signer
from signing.gost.backend import backend, digest
from signing.gost.curves import CRYPTOPRO_A
from signing.gost.digests import DigestAlgorithm
from signing.gost.keys import KeyAlgorithm, PrivateKey
from signing.sign import sign_detached, sign_pdf
from signing.validate import validate_detached
from templates_docs.assemble import assemble
from templates_docs.convert import Converted, DocxFile, to_pdf
from tests.compose import CHECKOUT
from tests.unit.signing.conftest import plain_pdf

ROW = re.compile(r"\| ([\w, ]+) \| 1 × 1 \|(?: [\d.]+ / [\d.]+ / [\d.]+ \|){2} [\d.]+ \| .+ \|")


@pytest.fixture(scope="module")
def signer() -> Signer:
    return make_signer()


def test_each_work_has_a_line_beside_the_bare_library() -> None:
    ran = subprocess.run(
        [sys.executable, "-m", "benchmarks", "--runs=1", "--documents=1", "--batch=1"],
        capture_output=True,
        text=True,
        timeout=200,
        cwd=CHECKOUT,
    )
    assert ran.returncode == 0, ran.stderr
    works = [found[1] for line in ran.stdout.splitlines() if (found := ROW.fullmatch(line))]
    assert works == [
        *("assemble", "convert", "sign, PAdES", "verify, PAdES", "sign, CAdES", "verify, CAdES"),
        *("validate with warm trust, PDF, ECDSA", "validate with warm trust, detached, ECDSA"),
        *("validate with warm trust, PDF, RSA", "validate with warm trust, detached, RSA"),
        *("verify, GOST 256", "verify, GOST 256, plain Python"),
        *("verify, GOST 512", "verify, GOST 512, plain Python"),
    ]


def test_the_document_that_is_measured_has_three_pages() -> None:
    (outcome,) = to_pdf([DocxFile("roadmap", assemble(template(), facts(), {}))])
    assert isinstance(outcome, Converted)
    assert outcome.pages == 3


def test_the_bare_judges_refuse_a_changed_file(signer: Signer, tmp_path: Path) -> None:
    signer.write_pem(tmp_path)
    pdf = plain_pdf()
    signed = sign_pdf(pdf, signer.key, signer.now)
    pyhanko = PyHanko(signer, tmp_path)
    pyhanko.verify(signed)
    with pytest.raises(NotValidError):
        pyhanko.verify(signed.replace(b"Order 12", b"Order 13"))
    detached = sign_detached(pdf, signer.key, signer.now)
    openssl = OpenSsl(tmp_path)
    openssl.verify(pdf, detached)
    with pytest.raises(NotValidError):
        openssl.verify(pdf + b"\n", detached)


def test_the_engine_that_is_measured_refuses_a_changed_content(tmp_path: Path) -> None:
    key = PrivateKey.generate(KeyAlgorithm.GOST_2012_256, CRYPTOPRO_A)
    content_digest = digest(DigestAlgorithm.STREEBOG_256, b"12")
    signature = backend().sign(key, content_digest)
    engine = EngineDgst(tmp_path, "md_gost12_256")
    engine.verify(key.public_key(), b"12", signature)
    with pytest.raises(NotValidError):
        engine.verify(key.public_key(), b"13", signature)


def test_what_we_judge_invalid_is_not_measured(signer: Signer) -> None:
    detached = sign_detached(b"12", signer.key, signer.now)
    with pytest.raises(NotValidError):
        demand_valid(validate_detached(b"13", detached, signer.grounds))


def test_both_sides_run_in_turns_after_one_run_that_does_not_count() -> None:
    calls: list[str] = []
    pair = Pair("count", "bare", 1, lambda: calls.append("ours"), lambda: calls.append("bare"))
    compared = compare(pair, runs=2)
    assert calls == ["ours", "bare"] * 3
    assert len(compared.ours.runs) == len(compared.bare.runs) == 2


def test_the_table_shows_least_median_greatest_and_the_ratio_of_medians() -> None:
    pair = Pair("sign", "tool", 20, lambda: None, lambda: None)
    compared = Comparison(pair, Speed((30.0, 10.0, 20.0)), Speed((8.0, 8.0, 50.0)))
    assert table([compared]).splitlines()[-1] == (
        "| sign | 20 × 3 | 10.0 / 20.0 / 30.0 | 8.0 / 8.0 / 50.0 | 2.50 | tool |"
    )
