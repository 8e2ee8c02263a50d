"""Timestamps (RFC 3161): asked for, taken apart, judged, put where they belong."""
