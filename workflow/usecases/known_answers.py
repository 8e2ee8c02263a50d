"""What responders (OCSP) have answered about a certificate, put beside what else is known."""

from __future__ import annotations

from dataclasses import replace

from workflow.ports import TrustView
from workflow.usecases.services import Services


def with_answers(services: Services, trust: TrustView, serial: str) -> TrustView:
    """Return `trust` with the answers that are kept about certificates of this number.

    The same value when there are none that it does not hold yet. Answers are judged by their
    signatures, so that one about another authority's certificate of that number says nothing.
    """
    if not serial:
        return trust
    with services.uow.reading() as tx:
        kept = tx.ocsp_answers.to_judge_by(serial)
    found = tuple(services.blobs.get(one.blob) for one in kept)
    more = tuple(answer for answer in found if answer not in trust.ocsp)
    return replace(trust, ocsp=(*trust.ocsp, *more)) if more else trust
