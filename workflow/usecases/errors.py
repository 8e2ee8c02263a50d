"""What use cases raise; a refusal is a value and is returned instead."""

from __future__ import annotations


class UseCaseError(Exception):
    """Root of this room's errors."""

    code = "usecase"


class NotFoundError(UseCaseError):
    """There is no such thing, or the actor may not see it: both look the same from outside."""

    code = "not_found"
