"""Every digest is found by its name in one place."""

from __future__ import annotations

import hashlib

import pytest

from signing.digests import DIGESTS, digest, digest_of_parts, new_digest
from signing.gost.digests import DigestAlgorithm
from signing.gost.streebog import Streebog
from signing.policy import DEFAULT_POLICY, HASHES, Standing


@pytest.mark.parametrize("name", sorted(HASHES))
def test_digests_of_hashlib(name: str) -> None:
    assert digest(name, b"text") == hashlib.new(name, b"text").digest()


def test_digests_of_russia() -> None:
    assert digest("streebog256", b"text") == Streebog(32, b"text").digest()
    assert digest("streebog512", b"text") == Streebog(64, b"text").digest()
    assert len(digest("gost94", b"text")) == DigestAlgorithm.GOST_94.size


@pytest.mark.parametrize("name", sorted(DIGESTS))
def test_parts_make_the_same_digest_as_the_whole(name: str) -> None:
    content = bytes(range(256)) * 9000
    whole = memoryview(content)
    assert digest_of_parts(name, (whole[:7], whole[7:])) == digest(name, content)
    counted = new_digest(name)
    counted.update(content[:5])
    twin = counted.copy()
    counted.update(content[5:])
    assert counted.digest() == digest(name, content)
    assert twin.digest() == digest(name, content[:5])


@pytest.mark.parametrize("name", ["", "SHA256", "shake_128", "1.2.643.7.1.1.2.2", "blake2b"])
def test_other_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="not known"):
        new_digest(name)


def test_what_the_policy_allows_can_be_computed() -> None:
    assert DEFAULT_POLICY.digests <= DIGESTS
    assert {n for n in DIGESTS if DEFAULT_POLICY.digest(n) is Standing.UNKNOWN} == set()
