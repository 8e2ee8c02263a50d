"""Signature values of GOST R 34.10-2012: ours beside OpenSSL, plain Python beside libgcrypt."""

from __future__ import annotations

import subprocess
from dataclasses import dataclass
from pathlib import Path

from benchmarks.bare import SECONDS, NotValidError
from benchmarks.measure import Pair, repeat
from signing.gost.backend import Backend, PlainPython, backend
from signing.gost.curves import CRYPTOPRO_A, TC26_512_A
from signing.gost.encoding import write_public_key
from signing.gost.keys import KeyAlgorithm, PrivateKey, PublicKey

CONTENT = b"the same short content for all: what counts is the signature value"


@dataclass(frozen=True)
class EngineDgst:
    """`openssl dgst` with the gost engine, one process for each signature."""

    folder: Path
    digest: str

    def verify(self, key: PublicKey, content: bytes, signature: bytes) -> None:
        """Raise NotValidError unless the signature value belongs to the content and key."""
        (self.folder / "gost.der").write_bytes(write_public_key(key))
        (self.folder / "gost.sig").write_bytes(signature)
        ran = subprocess.run(
            [
                *("openssl", "dgst", "-engine", "gost", f"-{self.digest}", "-keyform", "DER"),
                *("-verify", "gost.der", "-signature", "gost.sig"),
            ],
            input=content,
            capture_output=True,
            timeout=SECONDS,
            cwd=self.folder,
        )
        if ran.returncode != 0:
            raise NotValidError(ran.stdout + ran.stderr)


def gost_pairs(folder: Path, documents: int) -> list[Pair]:
    """Return the comparisons for the curves that certificates use most, 256 and 512 bits.

    `folder` is for files of this run. Raises NotValidError, and GostError when we are wrong.
    """
    short = PrivateKey.generate(KeyAlgorithm.GOST_2012_256, CRYPTOPRO_A)
    long = PrivateKey.generate(KeyAlgorithm.GOST_2012_512, TC26_512_A)
    return [
        *_pairs("GOST 256", short, EngineDgst(folder, "md_gost12_256"), documents),
        *_pairs("GOST 512", long, EngineDgst(folder, "md_gost12_512"), documents),
    ]


def _pairs(words: str, key: PrivateKey, engine: EngineDgst, documents: int) -> list[Pair]:
    fast, plain, public_key = backend(), PlainPython(), key.public_key()
    signature = fast.sign(key, _digest(fast, public_key))
    engine.verify(public_key, CONTENT, signature)

    def verified_by(one: Backend) -> None:
        repeat(
            documents,
            lambda: one.verify(public_key, _digest(one, public_key), signature),
        )

    return [
        Pair(
            f"verify, {words}",
            "`openssl dgst`, a process each",
            documents,
            lambda: verified_by(fast),
            lambda: repeat(documents, lambda: engine.verify(public_key, CONTENT, signature)),
        ),
        Pair(
            f"verify, {words}, plain Python",
            fast.name,
            documents,
            lambda: verified_by(plain),
            lambda: verified_by(fast),
        ),
    ]


def _digest(one: Backend, key: PublicKey) -> bytes:
    hasher = one.new_hash(key.algorithm.digest)
    hasher.update(CONTENT)
    return hasher.digest()
