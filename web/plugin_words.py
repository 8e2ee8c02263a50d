"""What the browser plug-in says when it fails, in words: by the codes that stand in its messages.

The codes are those of Windows and of КриптоПро CSP, which hands them on.
"""

from __future__ import annotations

from dataclasses import dataclass

from workflow.domain.refusals import N_


@dataclass(frozen=True)
class Trouble:
    """Codes (hexadecimal, as the plug-in prints them), what happened, what to do: msgids.

    The one without codes is told when none is known.
    """

    codes: tuple[str, ...]
    what: str
    todo: str


PLUGIN_TROUBLES = (
    Trouble(
        ("0x8010006E", "0x000004C7", "0x800704C7"),
        N_("You have cancelled the signing."),
        N_("Press “Sign” again when you are ready. The document has not changed."),
    ),
    Trouble(
        ("0x80070005",),
        N_("The plug-in was not allowed to work on this site."),
        N_("Reload the page and say yes when the plug-in asks about this site."),
    ),
    Trouble(
        ("0x8010006B", "0x8010006C"),
        N_("The PIN is wrong, or the key medium is locked after several wrong ones."),
        N_("Try once more. A locked medium is opened by whoever gave it to you."),
    ),
    Trouble(
        (
            "0x8010000C",
            "0x80100069",
            "0x8010001D",
            "0x8010002E",
            "0x80090016",
            "0x80090019",
            "0x8009000D",
            "0x8009200B",
        ),
        N_("The key of this certificate is not found: its medium is not connected."),
        N_("Connect the medium with the key (token, flash drive) and press “Sign” again."),
    ),
    Trouble(
        ("0x0000065B", "0x8007065B"),
        N_("КриптоПро CSP cannot sign; as a rule its licence has ended."),
        N_("Ask your administrator to enter a licence, or sign in another program."),
    ),
    Trouble(
        ("0x800B010A", "0x800B0109"),
        N_("This computer does not trust the authority that issued the certificate."),
        N_("Ask your administrator to install the certificates of the authority."),
    ),
    Trouble(
        (),
        N_("The browser plug-in could not make the signature."),
        N_("Try once more. If it happens again, show the message below to your administrator."),
    ),
)
