"""What signatures are examined against: anchors and revocation lists of this installation."""

from __future__ import annotations

from workflow.ports import TrustView
from workflow.store.unit_of_work import Repositories
from workflow.usecases.services import Services


def trust_view(tx: Repositories, services: Services) -> TrustView:
    """The anchors and the newest CRL of each issuer.

    Training anchors count only in an installation that was made for training.
    """
    trusted = tx.trust_anchors.trusted_by(None)
    anchors = tuple(a for a in trusted if services.training or not a.training)
    crls = tuple(services.blobs.get(crl.blob) for crl in tx.crls.newest_of_each())
    return TrustView(anchors, crls)
