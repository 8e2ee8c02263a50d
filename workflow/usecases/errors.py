"""What use cases raise; a refusal is a value and is returned instead."""

from __future__ import annotations

from workflow.domain.refusals import Refusal

__all__ = ["NotFoundError", "Refusal", "UseCaseError"]


class UseCaseError(Exception):
    """Root of this room's errors."""

    code = "usecase"


class NotFoundError(UseCaseError):
    """There is no such thing, or the actor may not see it: both look the same from outside."""

    code = "not_found"
