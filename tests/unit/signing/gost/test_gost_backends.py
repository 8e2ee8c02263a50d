"""Which backend is used and why; libgcrypt gives back the memory that it takes."""

from __future__ import annotations

import ctypes
import gc
import os
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from signing.gost.backend import Backend, PlainPython, backend, choice, choose, self_test
from signing.gost.curves import TC26_512_C
from signing.gost.digests import DigestAlgorithm, HashObject
from signing.gost.errors import (
    GostError,
    InvalidKeyError,
    InvalidSignatureError,
    LibgcryptError,
    LibgcryptUnavailableError,
)
from signing.gost.keys import KeyAlgorithm, PrivateKey, PublicKey
from signing.gost.libgcrypt import Libgcrypt
from signing.gost.streebog import Streebog


class Changed(PlainPython):
    """A library that has gone wrong in one way, said by its functions."""

    name = "changed"

    def __init__(
        self,
        hash_of: Callable[[DigestAlgorithm], HashObject] | None = None,
        verify: Callable[[PublicKey, bytes, bytes], None] | None = None,
        sign: Callable[[PrivateKey, bytes], bytes] | None = None,
    ) -> None:
        self._hash_of = hash_of or super().new_hash
        self._verify = verify or super().verify
        self._sign = sign or super().sign

    def new_hash(self, algorithm: DigestAlgorithm) -> HashObject:
        return self._hash_of(algorithm)

    def verify(self, key: PublicKey, digest: bytes, signature: bytes) -> None:
        self._verify(key, digest, signature)

    def sign(self, key: PrivateKey, digest: bytes) -> bytes:
        return self._sign(key, digest)


def _refuse(key: PublicKey, digest: bytes, signature: bytes) -> None:
    raise InvalidSignatureError


def _accept(key: PublicKey, digest: bytes, signature: bytes) -> None:
    return None


def _break(key: PublicKey, digest: bytes, signature: bytes) -> None:
    raise LibgcryptError("libgcrypt: not supported")


def test_this_machine_uses_libgcrypt() -> None:
    assert isinstance(backend(), Libgcrypt)
    assert choice() is choice()
    assert choice().reason == ""
    assert backend().name.startswith("libgcrypt 1.")


def test_without_libgcrypt_plain_python_is_used() -> None:
    chosen = choose(lambda: Libgcrypt(soname="libgcrypt-not-there.so.20"))
    assert chosen.backend.name == "plain Python"
    assert "libgcrypt-not-there.so.20" in chosen.reason


def test_a_library_that_is_something_else_is_not_used() -> None:
    with pytest.raises(LibgcryptUnavailableError):
        Libgcrypt(soname="libm.so.6")


def test_an_old_libgcrypt_is_not_used() -> None:
    chosen = choose(lambda: Libgcrypt(minimum="99.0"))
    assert chosen.backend.name == "plain Python"
    assert "older than 99.0" in chosen.reason


@pytest.mark.parametrize(
    "changed",
    [
        Changed(hash_of=lambda kind: Streebog(kind.size, b"!")),
        Changed(hash_of=lambda kind: Streebog(64)),
        Changed(verify=_refuse),
        Changed(verify=_accept),
        Changed(sign=lambda key, digest: b"\1" * 2 * key.curve.size),
    ],
    ids=["other digest", "other length", "refuses all", "accepts all", "signs rubbish"],
)
def test_what_fails_the_self_test_is_not_used(changed: Changed) -> None:
    chosen = choose(lambda: changed)
    assert isinstance(chosen.backend, PlainPython)
    assert "fails the self-test" in chosen.reason


def test_what_breaks_in_the_self_test_is_not_used() -> None:
    assert choose(lambda: Changed(verify=_break)).reason == "libgcrypt: not supported"


def test_both_backends_pass_the_self_test(plain: Backend, fast: Backend) -> None:
    self_test(plain)
    self_test(fast)


def test_errors_of_libgcrypt_come_with_its_words(fast: Libgcrypt) -> None:
    with (
        pytest.raises(LibgcryptError, match=r"libgcrypt: .+ \(\d+\)"),
        fast._parsed(b"(5:wrong"),
    ):
        pass


def test_every_error_has_a_code_of_its_own() -> None:
    kinds = [GostError, *GostError.__subclasses__()]
    assert len({kind.code for kind in kinds}) == len(kinds)
    assert all(kind.code.startswith("gost.") for kind in kinds)
    assert all(kind.__name__.endswith("Error") for kind in kinds)
    assert issubclass(InvalidKeyError, GostError)


def test_threads_may_share_libgcrypt(fast: Libgcrypt) -> None:
    def work(number: int) -> bool:
        key = PrivateKey(KeyAlgorithm.GOST_2012_512, TC26_512_C, 1000 + number)
        digest = bytes([number]) * 64
        signature = fast.sign(key, digest)
        fast.verify(key.public_key(), digest, signature)
        hasher = fast.new_hash(DigestAlgorithm.STREEBOG_512)
        hasher.update(digest)
        return hasher.digest() == Streebog(64, digest).digest()

    with ThreadPoolExecutor(4) as threads:
        assert all(threads.map(work, range(40)))


def test_forked_workers_do_not_draw_the_same_numbers(fast: Libgcrypt) -> None:
    """Two signatures with one random number would give the private key away."""
    key = PrivateKey(KeyAlgorithm.GOST_2012_512, TC26_512_C, 99)
    fast.sign(key, bytes(64))
    half = 64
    drawn = {_in_a_child(lambda: fast.sign(key, bytes(64)))[half:] for _ in range(3)}
    assert len(drawn) == 3
    assert all(len(r) == half for r in drawn)


def test_libgcrypt_gives_back_its_memory(fast: Libgcrypt) -> None:
    key = PrivateKey(KeyAlgorithm.GOST_2012_512, TC26_512_C, 99)
    public_key, digest = key.public_key(), bytes(64)

    def work() -> None:
        signature = fast.sign(key, digest)
        fast.verify(public_key, digest, signature)
        with pytest.raises(InvalidSignatureError):
            fast.verify(public_key, b"\1" * 64, signature)
        hasher = fast.new_hash(DigestAlgorithm.STREEBOG_512)
        hasher.update(digest)
        hasher.copy().digest()
        with pytest.raises(LibgcryptError), fast._parsed(b"(5:wrong"):
            pass

    for _ in range(5):
        work()
    before = _bytes_in_use()
    for _ in range(60):
        work()
    # One forgotten key or hash in each turn would be 60 times some 500 bytes.
    assert _bytes_in_use() - before < 20_000


def _in_a_child(work: Callable[[], bytes]) -> bytes:
    """Do the work in a fork of this process and return what it gave."""
    reading, writing = os.pipe()
    child = os.fork()
    if child == 0:
        try:
            os.write(writing, work())
        finally:
            os._exit(0)
    os.close(writing)
    os.waitpid(child, 0)
    with os.fdopen(reading, "rb") as answer:
        return answer.read()


class _Mallinfo(ctypes.Structure):
    """struct mallinfo2 of glibc: ten numbers, the eighth is what is allocated."""

    _fields_ = [(f"field{n}", ctypes.c_size_t) for n in range(10)]


def _bytes_in_use() -> int:
    gc.collect()
    mallinfo2 = ctypes.CDLL("libc.so.6").mallinfo2
    mallinfo2.restype = _Mallinfo
    return int(mallinfo2().field7)
