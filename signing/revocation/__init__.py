"""Revocation: lists and responders, where they are, how they are asked, what they say."""
