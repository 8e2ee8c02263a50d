"""The root error of the signature engine."""

from __future__ import annotations

from signing.words import N_


class SigningError(Exception):
    """Something stands in the way of signing or of reading what was handed in.

    `code` is stable and goes into logs and answers of the API; `msgid` with `params` is the
    sentence for people, translated where it is shown.
    """

    code = "signing.error"
    msgid = N_("The signature operation is not possible.")

    def __init__(self, **params: str | int) -> None:
        self.params = params
        super().__init__(self.msgid.format(**params))
