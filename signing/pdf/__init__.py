"""Signed PDF: its signatures, revisions and what was added, objects and pages."""
