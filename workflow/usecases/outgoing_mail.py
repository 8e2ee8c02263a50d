"""What all letters have in common: their outbox rows, their names, why one is not sent."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit
from uuid import UUID

from workflow.domain.mail import OutgoingMail
from workflow.domain.refusals import N_, Refusal
from workflow.store.unit_of_work import Transaction
from workflow.usecases.render import Effect
from workflow.usecases.services import Services

KIND = "mail"

OVERTAKEN = Refusal(
    "mail.overtaken",
    N_("No letter was sent: what it was about has changed since."),
)
OFF = Refusal("mail.off", N_("No letter was sent: the installation sends no mail."))
NO_ADDRESS = Refusal(
    "mail.no_address",
    N_("No letter was sent: there is no mail address in the card."),
    N_("Ask the operator to enter it."),
)


def message_id(services: Services, about: str, *ids: UUID) -> str:
    """Return the name of a letter, the same whenever it is sent (RFC 5322, 3.6.4)."""
    host = urlsplit(services.base_url).hostname or "localhost"
    return f"<{'.'.join((about, *map(str, ids)))}@{host}>"


def deliver(services: Services, letter: OutgoingMail) -> Refusal | None:
    """Hand the letter over; a Refusal says why it was not sent and never will be.

    Raises MailDelayedError when the server has to be tried again.
    """
    if services.mail is None:
        return OFF
    return services.mail.send(letter) if letter.address else NO_ADDRESS


def look_again(payload: dict[str, str], at: datetime) -> Effect:
    """Return the effect of a letter whose hour has not come: it is asked for anew."""

    def effect(tx: Transaction) -> None:
        tx.outbox.add(KIND, payload, not_before=at)

    return effect


def nothing(tx: Transaction) -> None:
    """The effect of a letter that was sent already, or is not wanted any more."""
