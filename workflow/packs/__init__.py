"""Regulations as data: read, checked, inherited."""
