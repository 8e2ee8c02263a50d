"""How a kept key is asked for: by its password, or by the PIN of the token on which it lies."""

from __future__ import annotations

from web.current import _
from workflow.domain.refusals import N_
from workflow.queries.my_keys import KeyCard

WRONG_PASSWORD = "signing.wrong_password"  # noqa: S105 - the code of a refusal
WRONG_PIN = "signing.wrong_pin"
#: Codes of refusals that name what was typed; too many of them in a row are not taken.
WRONG_SECRETS = (WRONG_PASSWORD, WRONG_PIN)


def secret_label(key: KeyCard | None) -> str:
    """Return what the field is called in which the key's owner types."""
    if key is None or key.token is None:
        return _(N_("Password of the key"))
    return _(N_("PIN of the token {token}"), token=key.token)


def secret_missing(key: KeyCard | None) -> str:
    """Return what is said when nothing was typed."""
    if key is None or key.token is None:
        return N_("Enter the password of the key.")
    return N_("Enter the PIN of the token.")
