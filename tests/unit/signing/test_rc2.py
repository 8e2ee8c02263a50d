"""RC2 against the vectors of its RFC; what old programs make is in the tests with openssl."""

from __future__ import annotations

import pytest

from signing.containers.rc2 import decrypt_cbc

# RFC 2268, section 5: key, effective bits, plaintext, ciphertext.
VECTORS = [
    ("0000000000000000", 63, "0000000000000000", "ebb773f993278eff"),
    ("ffffffffffffffff", 64, "ffffffffffffffff", "278b27e42e2f0d49"),
    ("3000000000000000", 64, "1000000000000001", "30649edf9be7d2c2"),
    ("88", 64, "0000000000000000", "61a8a244adacccf0"),
    ("88bca90e90875a", 64, "0000000000000000", "6ccf4308974c267f"),
    ("88bca90e90875a7f0f79c384627bafb2", 64, "0000000000000000", "1a807d272bbe5db1"),
    ("88bca90e90875a7f0f79c384627bafb2", 128, "0000000000000000", "2269552ab0f85ca6"),
]


@pytest.mark.parametrize(("key", "bits", "plain", "encrypted"), VECTORS)
def test_blocks_are_decrypted_as_rfc_2268_says(
    key: str, bits: int, plain: str, encrypted: str
) -> None:
    found = decrypt_cbc(bytes.fromhex(key), bits, bytes(8), bytes.fromhex(encrypted))
    assert found.hex() == plain


def test_each_block_is_mixed_with_the_one_before() -> None:
    key, block = bytes.fromhex("88bca90e90"), bytes(range(8))
    first = decrypt_cbc(key, 40, b"\1" * 8, block)
    both = decrypt_cbc(key, 40, b"\1" * 8, block + block)
    alone = decrypt_cbc(key, 40, bytes(8), block)
    assert both[:8] == first
    assert both[8:] == bytes(a ^ b for a, b in zip(alone, block, strict=True))


@pytest.mark.parametrize(("vector", "encrypted"), [(bytes(8), bytes(7)), (bytes(4), bytes(8))])
def test_halves_of_blocks_are_refused(vector: bytes, encrypted: bytes) -> None:
    with pytest.raises(ValueError, match="whole blocks"):
        decrypt_cbc(bytes(5), 40, vector, encrypted)
