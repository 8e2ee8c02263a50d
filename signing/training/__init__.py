"""The training authorities: certificates, timestamps and keys that say «УЧЕБНЫЙ»."""
