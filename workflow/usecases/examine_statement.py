"""Examine a sealed statement that stands as a signature in a package."""

from __future__ import annotations

from workflow.domain.refusals import N_, Refusal
from workflow.domain.signatures import SignedFile
from workflow.domain.simple_signatures import SimpleAct
from workflow.ports import CheckStatus
from workflow.usecases.own_seals import is_ours
from workflow.usecases.package_signers import Share
from workflow.usecases.services import Services

_RETURN = N_("Return the package.")


def examine_statement(
    services: Services, share: Share, file: SignedFile
) -> tuple[CheckStatus, Refusal | None]:
    """Whether the statement is enough for what the step demands, and of whom it must be."""
    if not share.may_be_simple:
        return CheckStatus.INVALID, Refusal(
            "package.simple_not_enough",
            N_("A simple signature is not enough here, or it is not of the person who must sign."),
            _RETURN,
            article=share.demand.article,
        )
    sealed = services.blobs.get(file.signature)
    opened = services.simple_seals.open(sealed)
    if isinstance(opened, Refusal):
        return CheckStatus.INVALID, opened
    said, act = opened.statement, share.act
    assert act is not None
    covered = any(one.sha256 == file.file for one in said.files)
    same = said.manifest == act.manifest and said.person == act.owner
    if said.act is not SimpleAct.SIGN or not covered or not same:
        return CheckStatus.INVALID, Refusal(
            "package.another_statement",
            N_("The sealed statement is about another act, file or person."),
            _RETURN,
        )
    with services.uow.reading() as tx:
        ours = is_ours(tx, opened, sealed)
    if not ours:
        return CheckStatus.UNDECIDED, Refusal(
            "package.installation_unknown",
            N_("The seal is whole, but the installation that made it is unknown here."),
            N_("Ask the sender for the fingerprint of its certificate, or return the package."),
        )
    return CheckStatus.VALID, None
