"""Send the letter of an outbox row."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from workflow.usecases.endings import send_ending
from workflow.usecases.reminder_mail import send_reminder
from workflow.usecases.render import Effect
from workflow.usecases.services import Services
from workflow.usecases.withdrawal_mail import send_withdrawal


def send_mail(services: Services, payload: Any) -> Effect:
    """Send what the row names by ids alone; raises MailDelayedError when the server is away."""
    if "reminder" in payload:
        return send_reminder(services, UUID(payload["reminder"]))
    if "ending" in payload:
        place_id, person_id = UUID(payload["organisation"]), UUID(payload["to"])
        return send_ending(services, place_id, payload["ending"], person_id)
    signature_id, person_id = UUID(payload["withdrawn"]), UUID(payload["to"])
    concerned = "concerned" in payload
    return send_withdrawal(services, signature_id, person_id, concerned=concerned)
