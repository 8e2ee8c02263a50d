"""Certificates, trust, signatures, validation."""
