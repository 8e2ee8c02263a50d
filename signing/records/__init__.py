"""Evidence records (RFC 4998): made, renewed, judged."""
