"""GOST R 34.10-2012, 34.10-2001 (verification only), 34.11-2012 and 34.11-94.

Self-contained: the standard library, and asn1crypto where keys are DER. `backend.backend()` gives
the fastest way of this machine; `encoding` reads and writes keys.

This is a technical implementation, not a certified means under the law on electronic signatures:
it verifies what certified means have made, and makes keys and signatures for training and tests.
"""
