"""Simple signatures: a statement under the installation's seal, and its check."""
