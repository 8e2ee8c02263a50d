"""Keys on tokens and in hardware modules, through PKCS#11 (OASIS Cryptoki 2.40)."""
