"""Keys, signature values and digests, there and back, with OpenSSL's gost engine as the judge."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from signing.gost.backend import Backend, PlainPython
from signing.gost.curves import curve_by_oid
from signing.gost.digests import DigestAlgorithm
from signing.gost.encoding import read_private_key, read_public_key
from signing.gost.errors import InvalidSignatureError, VerifyOnlyError
from signing.gost.keys import KeyAlgorithm, PrivateKey
from signing.gost.libgcrypt import Libgcrypt
from tests.integration.signing.gost_engine import (
    ALIASES,
    OLD,
    SEVEN,
    EngineKey,
    ParameterSet,
    engine,
    make_key,
    public_of,
    verifies,
)

DIGESTS = {
    DigestAlgorithm.STREEBOG_256: "md_gost12_256",
    DigestAlgorithm.STREEBOG_512: "md_gost12_512",
    DigestAlgorithm.GOST_94: "md_gost94",
}
CONTENT = "Приказ № 12 о закреплении наставника".encode()


@pytest.fixture(scope="module", params=[PlainPython, Libgcrypt], ids=["plain", "libgcrypt"])
def backend(request: pytest.FixtureRequest) -> Backend:
    made: Backend = request.param()
    return made


@pytest.fixture(scope="module", params=[*SEVEN, *ALIASES], ids=str)
def parameters(request: pytest.FixtureRequest) -> ParameterSet:
    chosen: ParameterSet = request.param
    return chosen


@pytest.fixture(scope="module")
def engine_key(parameters: ParameterSet, tmp_path_factory: pytest.TempPathFactory) -> EngineKey:
    return make_key(tmp_path_factory.mktemp("keys"), parameters)


@pytest.mark.parametrize("kind", DigestAlgorithm)
@pytest.mark.parametrize("length", [1, 31, 32, 33, 63, 64, 65, 127, 128, 1000, 10_000])
def test_digests_are_the_same(backend: Backend, kind: DigestAlgorithm, length: int) -> None:
    message = random.Random(length).randbytes(length)
    expected = engine("dgst", f"-{DIGESTS[kind]}", "-binary", content=message)
    assert _digest(backend, kind, message) == expected


def test_keys_of_the_engine_are_read(engine_key: EngineKey, parameters: ParameterSet) -> None:
    private, public = read_private_key(engine_key.pkcs8), read_public_key(engine_key.spki)
    assert private.public_key() == public
    assert public.parameter_set == parameters.oid
    assert public.curve is curve_by_oid(parameters.oid)


def test_the_engine_reads_our_keys(parameters: ParameterSet, tmp_path: Path) -> None:
    curve = curve_by_oid(parameters.oid)
    algorithm = KeyAlgorithm.GOST_2012_256 if curve.size == 32 else KeyAlgorithm.GOST_2012_512
    key = PrivateKey.generate(algorithm, curve, parameters.oid)
    derived = read_public_key(public_of(tmp_path, key))
    assert derived == key.public_key()
    assert derived.parameter_set == parameters.oid


def test_we_verify_what_the_engine_signs(backend: Backend, engine_key: EngineKey) -> None:
    key = read_public_key(engine_key.spki)
    kind = key.algorithm.digest
    signature = engine_key.sign(CONTENT, DIGESTS[kind])
    backend.verify(key, _digest(backend, kind, CONTENT), signature)
    with pytest.raises(InvalidSignatureError):
        backend.verify(key, _digest(backend, kind, CONTENT + b"."), signature)


def test_the_engine_verifies_what_we_sign(
    backend: Backend, parameters: ParameterSet, tmp_path: Path
) -> None:
    curve = curve_by_oid(parameters.oid)
    algorithm = KeyAlgorithm.GOST_2012_256 if curve.size == 32 else KeyAlgorithm.GOST_2012_512
    key = PrivateKey.generate(algorithm, curve, parameters.oid)
    kind = algorithm.digest
    signature = backend.sign(key, _digest(backend, kind, CONTENT))
    public_key = key.public_key()
    assert verifies(tmp_path, public_key, CONTENT, signature, DIGESTS[kind])
    assert not verifies(tmp_path, public_key, CONTENT + b".", signature, DIGESTS[kind])


def test_old_signatures_verify_and_nothing_new_is_signed(backend: Backend, tmp_path: Path) -> None:
    old = make_key(tmp_path, OLD)
    key = read_public_key(old.spki)
    assert (key.algorithm, key.parameter_set) == (KeyAlgorithm.GOST_2001, OLD.oid)
    signature = old.sign(CONTENT, "md_gost94")
    digest = _digest(backend, DigestAlgorithm.GOST_94, CONTENT)
    backend.verify(key, digest, signature)
    with pytest.raises(InvalidSignatureError):
        backend.verify(key, digest[::-1], signature)
    with pytest.raises(VerifyOnlyError):
        read_private_key(old.pkcs8)


def _digest(backend: Backend, kind: DigestAlgorithm, message: bytes) -> bytes:
    hasher = backend.new_hash(kind)
    hasher.update(message)
    return hasher.digest()
