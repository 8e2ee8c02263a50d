"""Rows to frozen dataclasses and back, one module per aggregate; no decisions here."""
