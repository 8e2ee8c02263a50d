"""Accredited authorities: the ministry's signed list, the state roots, and trust in both."""
