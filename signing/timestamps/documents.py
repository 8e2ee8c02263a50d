"""Timestamps over a whole PDF (ETSI EN 319 142-1, 5.4.3): since when its revisions are known.

A later timestamp covers the earlier ones and the signatures, so they are judged from the last to
the first: what the last one proves now is the moment for which the one before it is judged.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from signing.certificates import Certificate
from signing.evidence import Grounds
from signing.file_checks import Moment
from signing.pdf.signatures import INTACT, PdfSignature
from signing.timestamps.judgement import JudgedTimestamp, earliest_proof, judge_token, moment_known


@dataclass(frozen=True)
class DocumentTimes:
    """The judged document timestamps of a PDF in their order, and since when it is known.

    `steps` are (revision, moment) from the last timestamp down: what stands in an earlier
    revision is known since that moment. `otherwise` is the moment without any of them.
    `covers_all` says that the last one holds, and that nothing came after it.
    """

    judged: tuple[JudgedTimestamp, ...]
    steps: tuple[tuple[int, Moment], ...]
    otherwise: Moment
    covers_all: bool = False

    def known(self, revision: int) -> Moment:
        """Return since when the content of this revision is known to exist."""
        covering = [moment for stamped, moment in self.steps if stamped > revision]
        return covering[-1] if covering else self.otherwise

    def prove(self, revision: int) -> bool:
        """Say whether one of them that holds stands over the content of this revision."""
        stamped = zip(reversed(self.judged), self.steps, strict=True)
        return any(one.proven is not None and at > revision for one, (at, _) in stamped)


def judge_documents(
    stamps: Iterable[PdfSignature], grounds: Grounds, beside: Iterable[Certificate] = ()
) -> DocumentTimes:
    """Judge the document timestamps, given in their order; `beside` as in `judge_token`."""
    otherwise = known = moment_known(grounds)
    found, given = tuple(beside), tuple(stamps)
    judged: list[JudgedTimestamp] = []
    steps: list[tuple[int, Moment]] = []
    for stamp in reversed(given):
        one = judge_token(
            stamp.cms,
            stamp.content_digest,
            grounds,
            known=known,
            beside=found,
            field_name=stamp.field_name,
            covers=stamp.integrity,
        )
        known = earliest_proof((one,), known)
        judged.append(one)
        steps.append((stamp.revision, known))
    whole = bool(given) and given[-1].integrity is INTACT and judged[0].proven is not None
    return DocumentTimes(tuple(reversed(judged)), tuple(steps), otherwise, whole)
