"""Checking a file that a stranger holds: nothing is kept, and nothing here is shown."""

from __future__ import annotations

from workflow.domain.refusals import Refusal
from workflow.file_checks import FileAnswer
from workflow.usecases.services import Services
from workflow.usecases.trust import trust_view


def check_files(
    services: Services,
    name: str,
    content: bytes,
    signature: tuple[str, bytes] | None,
    time_zone: str,
) -> tuple[FileAnswer, ...] | Refusal:
    """Judge what was handed in by the trust of this installation, now.

    `signature` is the name and the bytes of a signature file beside it. Revocation is known from
    the lists that are kept; none is fetched for a stranger.
    """
    with services.uow.reading() as tx:
        trust = trust_view(tx, services)
    return services.file_checks.check(name, content, signature, trust, services.clock(), time_zone)
