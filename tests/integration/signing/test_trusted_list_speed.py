"""A list as long as the ministry's ever was: read in seconds, reused at once, in bounded memory."""

from __future__ import annotations

import resource
import time

import pytest

from signing.accredited.list_check import verify_list
from signing.accredited.qualified_trust import qualified_store
from signing.certificates import load_certificate
from signing.trust import Chain
from tests.gost_pki import GostHolder
from tests.pki import HEAD, NOON
from tests.trusted_lists import Entry, Ministry, list_xml
from tests.xml_signer import XmlSigner

AUTHORITIES = 2_400
FILE_SIZE = 40 * 1024 * 1024
MEGABYTE = 1024 * 1024


@pytest.fixture(scope="module")
def ministry() -> Ministry:
    return Ministry.open()


@pytest.fixture(scope="module")
def centre(ministry: Ministry) -> GostHolder:
    return ministry.root.authority("Испытательный центр 0000")


@pytest.fixture(scope="module")
def content(ministry: Ministry, centre: GostHolder) -> bytes:
    """A signed list of 40 MB: one real authority and many that differ from it in their names."""
    name = "центр 0000".encode()
    ders = [centre.der.replace(name, f"центр {n:04}".encode()) for n in range(AUTHORITIES)]
    assert len(set(ders)) == AUTHORITIES
    assert load_certificate(ders[-1]).subject_text == "Испытательный центр 2399"
    padding = "п" * (FILE_SIZE // AUTHORITIES // 2 - 1_200)
    entries = [Entry((der,), name=f"Центр {n}") for n, der in enumerate(ders)]
    document = list_xml(entries).decode()
    padded = document.replace("<Город>Лесной</Город>", f"<Город>{padding}</Город>").encode()
    return XmlSigner(ministry.signer).signed(padded, ministry.authority.der)


def test_a_long_list_is_verified_within_four_seconds_and_reused_within_a_fifth(
    ministry: Ministry, centre: GostHolder, content: bytes
) -> None:
    assert FILE_SIZE * 0.95 < len(content) < FILE_SIZE * 1.1
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    began = time.process_time()
    trusted = verify_list(content, ministry.roots, NOON, crls=ministry.crls)
    stored = trusted.to_bytes()
    read = time.process_time() - began
    grown = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024 - before
    assert (len(trusted.authorities), trusted.left_out) == (AUTHORITIES, ())
    assert read <= 4, f"reading took {read:.2f} s"
    assert grown <= 64 + 10 * len(content) // MEGABYTE, f"memory grew by {grown} MB"

    began = time.process_time()
    store = qualified_store(stored, ministry.roots)
    built = time.process_time() - began
    assert built <= 4, f"building took {built:.2f} s"

    signer = centre.person(HEAD).certificate
    store.find_chain(signer, (), NOON)
    began = time.process_time()
    assert isinstance(qualified_store(stored, ministry.roots).find_chain(signer, (), NOON), Chain)
    reused = time.process_time() - began
    assert reused <= 0.2, f"reuse took {reused:.3f} s"
