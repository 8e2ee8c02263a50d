"""Keys on SoftHSM tokens: they sign what others verify; whatever goes wrong is said in time."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from signing.certificates import load_certificate
from signing.evidence import Grounds
from signing.keys import KeyNotAllowedError
from signing.pdf.signatures import read_signatures
from signing.revocation.known import load_crl
from signing.sign import sign_detached, sign_pdf
from signing.tokens.errors import (
    LibraryUnusableError,
    NoTokenCertificateError,
    OtherTokenKeyError,
    SeveralKeysError,
    SeveralTokensError,
    TokenAbsentError,
    TokenError,
    TokenKeyAbsentError,
    TokenSilentError,
    WrongPinError,
)
from signing.tokens.keys import Token, TokenKeyName, find_token, list_tokens, open_token_key
from signing.tokens.process import TokenProcess
from signing.trust import TrustAnchor, TrustStore
from signing.validate import validate_detached, validate_pdf
from signing.verdicts import SignatureKind, Verdict
from tests.pki import HEAD, NOON, Authority, Holder, rsa_key
from tests.softhsm import LIBRARY, PIN, SoftHsm, seen_by_this_process, soft_hsm
from tests.unit.signing.conftest import plain_pdf

CONTENT = "Приказ № 12 о закреплении наставника".encode()
SCHOOL, EMPTY, TWINS = "Школа № 1", "Пустой", "Близнецы"
PASSWORD = "x"


@pytest.fixture(scope="module")
def authority() -> Authority:
    return Authority.root()


@pytest.fixture(scope="module")
def holders(authority: Authority) -> dict[str, Holder]:
    """Who has a key on the token: of every kind that is used on tokens."""
    issuing = authority.issuing()
    keys = {
        "head-ec": ec.generate_private_key(ec.SECP256R1()),
        "head-p384": ec.generate_private_key(ec.SECP384R1()),
        "head-p521": ec.generate_private_key(ec.SECP521R1()),
        "head-rsa": rsa_key(2048, "token"),
        "head-weak": rsa_key(1024, "token"),
    }
    return {name: issuing.person(HEAD, key=key) for name, key in keys.items()}


@pytest.fixture(scope="module")
def hsm(tmp_path_factory: pytest.TempPathFactory, holders: dict[str, Holder]) -> Iterator[SoftHsm]:
    made = soft_hsm(tmp_path_factory.mktemp("hsm"))
    for label in (SCHOOL, EMPTY, TWINS, TWINS):
        made.make_token(label)
    for number, (name, holder) in enumerate(holders.items()):
        made.put(SCHOOL, name, f"A{number}", holder.pkcs12(PASSWORD), PASSWORD)
    with seen_by_this_process(made):
        yield made


@pytest.fixture
def school(hsm: SoftHsm) -> Token:
    return find_token(LIBRARY, SCHOOL)


@pytest.fixture(scope="module")
def grounds(authority: Authority) -> Grounds:
    anchor = TrustAnchor(load_certificate(authority.holder.der), SignatureKind.ADVANCED)
    crls = (load_crl(authority.crl()), load_crl(authority.issuing().crl()))
    return Grounds(TrustStore([anchor]), crls, NOON)


GOOD = ["head-ec", "head-p384", "head-p521", "head-rsa"]


def test_tokens_are_listed_by_number_and_name(hsm: SoftHsm) -> None:
    found = list_tokens(LIBRARY)
    assert sorted(token.label for token in found) == sorted([SCHOOL, EMPTY, TWINS, TWINS])
    assert len({token.serial for token in found}) == 4


def test_a_token_is_found_by_either_name(school: Token) -> None:
    assert find_token(LIBRARY, school.serial) == school
    with pytest.raises(TokenAbsentError, match="Школа № 2"):
        find_token(LIBRARY, "Школа № 2")
    with pytest.raises(SeveralTokensError):
        find_token(LIBRARY, TWINS)


@pytest.mark.parametrize("name", GOOD)
def test_a_key_on_a_token_signs_what_passes_our_checks_and_opensslʼs(
    name: str,
    school: Token,
    holders: dict[str, Holder],
    authority: Authority,
    grounds: Grounds,
    tmp_path: Path,
) -> None:
    with open_token_key(LIBRARY, TokenKeyName(school, label=name), PIN) as key:
        assert key.certificate.der == holders[name].der
        assert [c.der for c in key.chain] == [holders[name].chain[0].public_bytes(Encoding.DER)]
        signature = sign_detached(CONTENT, key, NOON)
        pdf = sign_pdf(plain_pdf(), key, NOON)
    assert validate_detached(CONTENT, signature, grounds).report.verdict is Verdict.VALID
    assert validate_pdf(pdf, grounds).report.verdict is Verdict.VALID
    (embedded,) = read_signatures(pdf).signatures
    covered = b"".join(map(bytes, embedded.covered))
    for cms, content in ((signature, CONTENT), (embedded.cms, covered)):
        assert verified_by_openssl(cms, content, authority.certificate, tmp_path)
        assert not verified_by_openssl(cms, content + b".", authority.certificate, tmp_path)


def verified_by_openssl(cms: bytes, content: bytes, root: x509.Certificate, folder: Path) -> bool:
    (folder / "ca.pem").write_bytes(root.public_bytes(Encoding.PEM))
    (folder / "signature").write_bytes(cms)
    (folder / "document").write_bytes(content)
    command = (
        *("openssl", "cms", "-verify", "-binary", "-cades", "-inform", "DER"),
        *("-in", folder / "signature", "-content", folder / "document"),
        *("-CAfile", folder / "ca.pem", "-purpose", "any", "-out", folder / "out"),
        *("-attime", str(int(NOON.timestamp()))),
    )
    done = subprocess.run(list(map(str, command)), capture_output=True, timeout=30, check=False)
    return done.returncode == 0


@pytest.mark.parametrize("pin", ["", "0000", "24680", "2" * 300, "пароль"])
def test_a_wrong_pin_is_said(pin: str, school: Token) -> None:
    with (
        pytest.raises(WrongPinError),
        open_token_key(LIBRARY, TokenKeyName(school, label="head-ec"), pin),
    ):
        raise AssertionError("the key was opened")


def test_after_a_wrong_pin_the_right_one_opens(school: Token) -> None:
    name = TokenKeyName(school, label="head-ec")
    with pytest.raises(WrongPinError), open_token_key(LIBRARY, name, "1111"):
        pass
    with open_token_key(LIBRARY, name, PIN) as key:
        assert key.sign(b"text")


def test_which_key_is_meant_must_be_said(school: Token, holders: dict[str, Holder]) -> None:
    with pytest.raises(SeveralKeysError, match="head-ec, head-p384"):
        _open(TokenKeyName(school))
    with pytest.raises(TokenKeyAbsentError):
        _open(TokenKeyName(school, label="nobody"))
    with pytest.raises(TokenKeyAbsentError):
        _open(TokenKeyName(school, id="a0", label="head-rsa"))
    with open_token_key(LIBRARY, TokenKeyName(school, id="a0"), PIN) as key:
        assert key.name == TokenKeyName(school, "a0", "head-ec")


def _open(name: TokenKeyName, **more: object) -> None:
    with open_token_key(LIBRARY, name, PIN, **more):  # type: ignore[arg-type]  # as the test says
        pass


def test_keys_of_one_label_are_told_apart_by_their_id(
    holders: dict[str, Holder], tmp_path: Path
) -> None:
    """And what else lies on the token disturbs nobody."""
    folder = soft_hsm(tmp_path / "twins")
    folder.make_token(SCHOOL)
    for id_, name in (("B1", "head-ec"), ("B2", "head-p384")):
        folder.put(SCHOOL, "head", id_, holders[name].pkcs12(PASSWORD), PASSWORD)
    with seen_by_this_process(folder):
        token = find_token(LIBRARY, SCHOOL)
        with pytest.raises(SeveralKeysError, match="b1, b2"):
            _open(TokenKeyName(token, label="head"))
        with open_token_key(LIBRARY, TokenKeyName(token, label="b2"), PIN) as key:
            assert key.certificate.der == holders["head-p384"].der


def test_an_empty_token_has_no_key(hsm: SoftHsm) -> None:
    with pytest.raises(TokenKeyAbsentError):
        _open(TokenKeyName(find_token(LIBRARY, EMPTY)))


def test_a_weak_key_on_a_token_signs_nothing(school: Token) -> None:
    with pytest.raises(KeyNotAllowedError):
        _open(TokenKeyName(school, label="head-weak"))


def test_a_certificate_of_another_key_signs_nothing(
    school: Token, holders: dict[str, Holder]
) -> None:
    name = TokenKeyName(school, label="head-ec")
    others = load_certificate(holders["head-p384"].der)
    with (
        open_token_key(LIBRARY, name, PIN, others) as key,
        pytest.raises((OtherTokenKeyError, TokenError)),
    ):
        key.sign(b"text")
    with pytest.raises(OtherTokenKeyError):
        _open(name, certificate=load_certificate(holders["head-rsa"].der))


def test_a_key_without_a_certificate_asks_for_one(
    hsm: SoftHsm, holders: dict[str, Holder], tmp_path: Path
) -> None:
    folder = soft_hsm(tmp_path / "bare")
    folder.make_token(SCHOOL)
    folder.put(SCHOOL, "head", "B1", holders["head-ec"].pkcs12(PASSWORD), PASSWORD)
    _remove_certificates(folder)
    with seen_by_this_process(folder):
        name = TokenKeyName(find_token(LIBRARY, SCHOOL))
        with pytest.raises(NoTokenCertificateError, match="head"):
            _open(name)
        own = load_certificate(holders["head-ec"].der)
        with open_token_key(LIBRARY, name, PIN, own) as key:
            assert key.sign(b"text")


def _remove_certificates(folder: SoftHsm) -> None:
    script = (
        "import pkcs11; from pkcs11 import Attribute as A, ObjectClass as O\n"
        f"token = pkcs11.lib({str(LIBRARY)!r}).get_token(token_label={SCHOOL!r})\n"
        f"with token.open(rw=True, user_pin={PIN!r}) as s:\n"
        "    for o in list(s.get_objects({A.CLASS: O.CERTIFICATE})): o.destroy()\n"
    )
    folder.run(sys.executable, "-c", script)


def test_a_token_that_was_taken_away_is_said(holders: dict[str, Holder], tmp_path: Path) -> None:
    folder = soft_hsm(tmp_path / "gone")
    folder.make_token(SCHOOL)
    with seen_by_this_process(folder):
        token = find_token(LIBRARY, SCHOOL)
        folder.remove_token(SCHOOL)
        with pytest.raises(TokenAbsentError, match=SCHOOL):
            _open(TokenKeyName(token))


@pytest.mark.parametrize("file", ["missing.so", "text.so"])
def test_a_file_that_is_no_library_is_said(file: str, tmp_path: Path) -> None:
    (tmp_path / "text.so").write_text("no library")
    with pytest.raises(LibraryUnusableError, match=file):
        list_tokens(tmp_path / file)


def test_a_library_that_hangs_is_stopped_in_time(tmp_path: Path) -> None:
    """SoftHSM reads its settings out of a pipe into which nobody writes: it waits for ever."""
    pipe = tmp_path / "softhsm2.conf"
    os.mkfifo(pipe)
    began = time.monotonic()
    with seen_by_this_process(SoftHsm(tmp_path)), pytest.raises(TokenSilentError, match="2"):
        list_tokens(LIBRARY, seconds=2)
    assert time.monotonic() - began < 6
    assert not _is_open(pipe)


def _is_open(pipe: Path) -> bool:
    """Whether a process still waits at the pipe's other end."""
    try:
        os.close(os.open(pipe, os.O_WRONLY | os.O_NONBLOCK))
    except OSError:
        return False
    return True


def test_secrets_of_the_installation_do_not_reach_the_library(hsm: SoftHsm, tmp_path: Path) -> None:
    os.environ["MARSHRUT_DATABASE_URL"] = "postgresql://secret"
    try:
        with TokenProcess(LIBRARY) as process:
            environment = Path(f"/proc/{process._process.pid}/environ").read_bytes()
    finally:
        del os.environ["MARSHRUT_DATABASE_URL"]
    assert b"SOFTHSM2_CONF" in environment
    assert b"MARSHRUT" not in environment
