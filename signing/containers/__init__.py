"""Key containers: PKCS#12 files taken apart and made."""
