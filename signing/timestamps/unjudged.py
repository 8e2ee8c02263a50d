"""What a foreign long-term signature carries that is not judged here, and how a report says so.

CAdES-C, X, X Long and A (EN 319 122-1, A.1 and 5.5) add references and further timestamps to a
signature. They neither help nor harm it: it is judged without them.
"""

from __future__ import annotations

from collections.abc import Iterable

from signing.verdicts import Remark
from signing.words import N_

REFERENCES, STAMPED_REFERENCES, ARCHIVE = "references", "references_timestamp", "archive_timestamp"
COUNTERSIGNATURE, MATERIAL = "countersignature", "enclosed_unreadable"

UNJUDGED = {
    "1.2.840.113549.1.9.16.2.21": REFERENCES,  # complete-certificate-references
    "1.2.840.113549.1.9.16.2.22": REFERENCES,  # complete-revocation-references
    "1.2.840.113549.1.9.16.2.44": REFERENCES,  # attribute-certificate-references
    "1.2.840.113549.1.9.16.2.45": REFERENCES,  # attribute-revocation-references
    "1.2.840.113549.1.9.16.2.25": STAMPED_REFERENCES,  # CAdES-C-time-stamp (escTimeStamp)
    "1.2.840.113549.1.9.16.2.26": STAMPED_REFERENCES,  # time-stamped-certs-crls-references
    "1.2.840.113549.1.9.16.2.27": ARCHIVE,  # archive-time-stamp, of before version 2
    "1.2.840.113549.1.9.16.2.48": ARCHIVE,  # archive-time-stamp, version 2
    "0.4.0.1733.2.2": ARCHIVE,  # long-term-validation
    "0.4.0.1733.2.4": ARCHIVE,  # archive-time-stamp, version 3
    "1.2.840.113549.1.9.6": COUNTERSIGNATURE,
}

_SAID = {
    REFERENCES: N_(
        "Not looked into: the references to certificates and lists (CAdES-C). They prove nothing "
        "by themselves."
    ),
    STAMPED_REFERENCES: N_(
        "Not looked into: the timestamp over the references (CAdES-X). It counts neither for the "
        "signature nor against it."
    ),
    ARCHIVE: N_(
        "Not looked into: the archive timestamp (CAdES-A). It counts neither for the signature nor "
        "against it."
    ),
    COUNTERSIGNATURE: N_(
        "Not looked into: the signature over this signature. It counts neither for nor against it."
    ),
    MATERIAL: N_(
        "Not looked into: certificates or data about revocation inside the signature that cannot "
        "be read."
    ),
}


def remarks_on(found: Iterable[str]) -> tuple[Remark, ...]:
    """Return the remark for each kind of what was found, each once, in the order of this page."""
    kinds = set(found)
    return tuple(Remark(kind, msgid) for kind, msgid in _SAID.items() if kind in kinds)
