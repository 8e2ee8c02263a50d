"""libgcrypt through ctypes: the same operations in C, for every parameter set.

The library lies on every Debian and Ubuntu, because apt needs it. Curves are handed over as
numbers, so it need not know their names; keys and signatures are checked here as in `algorithm`.
What the functions do stands in the libgcrypt manual, chapters "Symmetric hash functions",
"Public key cryptography" and "S-expressions".
"""

from __future__ import annotations

import ctypes
import ctypes.util
import re
import weakref
from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from signing.gost.algorithm import digest_number, join_signature, split_signature
from signing.gost.curves import Curve
from signing.gost.digests import DigestAlgorithm, HashObject
from signing.gost.errors import (
    InvalidSignatureError,
    LibgcryptError,
    LibgcryptUnavailableError,
)
from signing.gost.keys import PrivateKey, PublicKey

MINIMUM_VERSION = "1.8.0"
_SONAME = "libgcrypt.so.20"

# enum gcry_md_algos and gcry_ctl_cmds in gcrypt.h, error codes in gpg-error.h: parts of the ABI.
_DIGESTS = {
    DigestAlgorithm.STREEBOG_256: 309,
    DigestAlgorithm.STREEBOG_512: 310,
    DigestAlgorithm.GOST_94: 311,
}
_DISABLE_SECMEM = 37
_INITIALIZATION_FINISHED = 38
_INITIALIZATION_FINISHED_P = 39
_CODE_MASK = 0xFFFF
_BAD_SIGNATURE = 8

_PROTOTYPES: dict[str, tuple[type | None, list[type]]] = {
    "gcry_check_version": (ctypes.c_char_p, [ctypes.c_char_p]),
    "gcry_control": (ctypes.c_uint, [ctypes.c_int, ctypes.c_int]),
    "gcry_strerror": (ctypes.c_char_p, [ctypes.c_uint]),
    "gcry_md_open": (
        ctypes.c_uint,
        [ctypes.POINTER(ctypes.c_void_p), ctypes.c_int, ctypes.c_uint],
    ),
    "gcry_md_copy": (ctypes.c_uint, [ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p]),
    "gcry_md_write": (None, [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t]),
    "gcry_md_read": (ctypes.c_void_p, [ctypes.c_void_p, ctypes.c_int]),
    "gcry_md_close": (None, [ctypes.c_void_p]),
    "gcry_sexp_new": (
        ctypes.c_uint,
        [ctypes.POINTER(ctypes.c_void_p), ctypes.c_char_p, ctypes.c_size_t, ctypes.c_int],
    ),
    "gcry_sexp_find_token": (
        ctypes.c_void_p,
        [ctypes.c_void_p, ctypes.c_char_p, ctypes.c_size_t],
    ),
    "gcry_sexp_nth_data": (
        ctypes.c_void_p,
        [ctypes.c_void_p, ctypes.c_int, ctypes.POINTER(ctypes.c_size_t)],
    ),
    "gcry_sexp_release": (None, [ctypes.c_void_p]),
    "gcry_pk_sign": (
        ctypes.c_uint,
        [ctypes.POINTER(ctypes.c_void_p), ctypes.c_void_p, ctypes.c_void_p],
    ),
    "gcry_pk_verify": (ctypes.c_uint, [ctypes.c_void_p, ctypes.c_void_p, ctypes.c_void_p]),
}


class Libgcrypt:
    """The loaded and initialised library; raises LibgcryptUnavailableError.

    One object for each process is enough (`backend.backend`); libgcrypt itself is thread-safe once
    it is initialised.
    """

    def __init__(self, minimum: str = MINIMUM_VERSION, soname: str = _SONAME) -> None:
        self._library = _load(soname)
        self._initialise(minimum)

    @property
    def name(self) -> str:
        return f"libgcrypt {self.version}"

    def new_hash(self, algorithm: DigestAlgorithm) -> HashObject:
        """Return an empty hash object."""
        handle = ctypes.c_void_p()
        number = _DIGESTS[algorithm]
        self._demand(self._library.gcry_md_open(ctypes.byref(handle), number, 0))
        return _Hash(self, handle, algorithm)

    def verify(self, key: PublicKey, digest: bytes, signature: bytes) -> None:
        """As `algorithm.verify`; raises LibgcryptError too."""
        r, s = split_signature(key.curve, signature)
        value = _value(digest_number(key.curve, digest))
        with (
            self._parsed(_public_key(key)) as public_key,
            self._parsed(_list(b"data", _list(b"flags", b"gost"), value)) as content,
            self._parsed(_signature(r, s)) as sexp,
        ):
            error = self._library.gcry_pk_verify(sexp, content, public_key)
        if error & _CODE_MASK == _BAD_SIGNATURE:
            raise InvalidSignatureError("the signature value does not belong to the digest and key")
        self._demand(error)

    def sign(self, key: PrivateKey, digest: bytes) -> bytes:
        """As `algorithm.sign`; libgcrypt takes the nonce from its own generator."""
        value = _value(digest_number(key.curve, digest))
        made = ctypes.c_void_p()
        with (
            self._parsed(_private_key(key)) as private_key,
            self._parsed(_list(b"data", _list(b"flags", b"gost"), value)) as content,
        ):
            self._demand(self._library.gcry_pk_sign(ctypes.byref(made), content, private_key))
        try:
            return join_signature(key.curve, self._number(made, b"r"), self._number(made, b"s"))
        finally:
            self._library.gcry_sexp_release(made)

    def _initialise(self, minimum: str) -> None:
        # The manual: gcry_check_version comes before anything else.
        found = self._library.gcry_check_version(None)
        if found is None or _version(found.decode()) < _version(minimum):
            raise LibgcryptUnavailableError(f"libgcrypt {found!r} is older than {minimum}")
        self.version = found.decode()
        if not self._library.gcry_control(_INITIALIZATION_FINISHED_P, 0):
            self._demand(self._library.gcry_control(_DISABLE_SECMEM, 0))
            self._demand(self._library.gcry_control(_INITIALIZATION_FINISHED, 0))

    def _demand(self, error: int) -> None:
        if error:
            words = self._library.gcry_strerror(error).decode(errors="replace")
            raise LibgcryptError(f"libgcrypt: {words} ({error})")

    @contextmanager
    def _parsed(self, expression: bytes) -> Iterator[ctypes.c_void_p]:
        sexp = ctypes.c_void_p()
        self._demand(
            self._library.gcry_sexp_new(ctypes.byref(sexp), expression, len(expression), 0)
        )
        try:
            yield sexp
        finally:
            self._library.gcry_sexp_release(sexp)

    def _number(self, sexp: ctypes.c_void_p, token: bytes) -> int:
        found = self._library.gcry_sexp_find_token(sexp, token, len(token))
        if not found:
            raise LibgcryptError(f"libgcrypt gave no {token.decode()}")
        try:
            length = ctypes.c_size_t()
            start = self._library.gcry_sexp_nth_data(found, 1, ctypes.byref(length))
            if not start:
                raise LibgcryptError(f"libgcrypt gave an empty {token.decode()}")
            return int.from_bytes(ctypes.string_at(start, length.value), "big")
        finally:
            self._library.gcry_sexp_release(found)


class _Hash:
    """A hash object in the manner of hashlib; its memory is freed with it."""

    def __init__(
        self, owner: Libgcrypt, handle: ctypes.c_void_p, algorithm: DigestAlgorithm
    ) -> None:
        self._owner = owner
        self._handle = handle
        self._algorithm = algorithm
        weakref.finalize(self, owner._library.gcry_md_close, handle)

    @property
    def digest_size(self) -> int:
        return self._algorithm.size

    def update(self, content: bytes, /) -> None:
        self._owner._library.gcry_md_write(self._handle, content, len(content))

    def digest(self) -> bytes:
        # Reading ends a libgcrypt hash, so a copy is read.
        copied = self.copy()
        start = self._owner._library.gcry_md_read(copied._handle, 0)
        return ctypes.string_at(start, self.digest_size)

    def copy(self) -> _Hash:
        handle = ctypes.c_void_p()
        self._owner._demand(self._owner._library.gcry_md_copy(ctypes.byref(handle), self._handle))
        return _Hash(self._owner, handle, self._algorithm)


def _load(soname: str) -> ctypes.CDLL:
    # By name first: find_library starts other programs.
    for name in (soname, ctypes.util.find_library("gcrypt") if soname == _SONAME else None):
        if name is None:
            continue
        try:
            library = ctypes.CDLL(name)
            for function, (result, arguments) in _PROTOTYPES.items():
                getattr(library, function).restype = result
                getattr(library, function).argtypes = arguments
        except (OSError, AttributeError):
            continue
        return library
    raise LibgcryptUnavailableError(f"{soname} cannot be loaded")


def _version(text: str) -> tuple[int, ...]:
    return tuple(int(number) for number in re.findall(r"\d+", text)[:3])


def _atom(content: bytes) -> bytes:
    return b"%d:%b" % (len(content), content)


def _list(name: bytes, *parts: bytes) -> bytes:
    """Return a canonical S-expression; parts that are no lists are atoms."""
    inner = (part if part.startswith(b"(") else _atom(part) for part in parts)
    return b"(%b%b)" % (_atom(name), b"".join(inner))


def _mpi(name: bytes, content: bytes) -> bytes:
    return b"(%b%b)" % (_atom(name), _atom(content))


def _integer(name: bytes, number: int) -> bytes:
    # One bit more than needed: the first bit would be the sign.
    return _mpi(name, number.to_bytes(number.bit_length() // 8 + 1, "big"))


def _value(number: int) -> bytes:
    return _integer(b"value", number)


def _point(name: bytes, curve: Curve, x: int, y: int) -> bytes:
    """An uncompressed point (SEC 1, section 2.3.3)."""
    coordinates = x.to_bytes(curve.size, "big") + y.to_bytes(curve.size, "big")
    return _mpi(name, b"\x04" + coordinates)


def _signature(r: int, s: int) -> bytes:
    return _list(b"sig-val", _list(b"gost", _integer(b"r", r), _integer(b"s", s)))


@lru_cache(maxsize=16)
def _curve(curve: Curve) -> bytes:
    return b"".join(
        (
            _list(b"flags", b"gost"),
            _integer(b"p", curve.p),
            _integer(b"a", curve.a),
            _integer(b"b", curve.b),
            _point(b"g", curve, curve.x, curve.y),
            _integer(b"n", curve.q),
            _integer(b"h", curve.cofactor),
        )
    )


def _public_key(key: PublicKey) -> bytes:
    point = _point(b"q", key.curve, key.x, key.y)
    return _list(b"public-key", _list(b"ecc", _curve(key.curve), point))


def _private_key(key: PrivateKey) -> bytes:
    scalar = _integer(b"d", key.d)
    return _list(b"private-key", _list(b"ecc", _curve(key.curve), scalar))
