"""How mail leaves: the settings MARSHRUT_SMTP_…, none of them or at least server and sender."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from marshrut.problems import Problem
from workflow.domain.refusals import N_

VARIABLES = (
    "MARSHRUT_SMTP_HOST",
    "MARSHRUT_SMTP_FROM",
    "MARSHRUT_SMTP_SECURITY",
    "MARSHRUT_SMTP_PORT",
    "MARSHRUT_SMTP_USER",
    "MARSHRUT_SMTP_PASSWORD",
)
_PREFIX = "MARSHRUT_SMTP_"
_LOOPBACK = {"localhost", "127.0.0.1", "::1"}
_HOST = re.compile(r"[A-Za-z0-9._:-]{1,253}")
_ADDRESS = re.compile(r"[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@[A-Za-z0-9.-]{1,253}")


class Security(StrEnum):
    """How the way to the mail server is protected."""

    STARTTLS = "starttls"
    SSL = "ssl"
    NONE = "none"


_PORTS = {Security.STARTTLS: 587, Security.SSL: 465, Security.NONE: 25}


@dataclass(frozen=True)
class SmtpSettings:
    """The server that takes our mail, and who we are there (an empty `user`: nobody)."""

    host: str
    port: int
    security: Security
    sender: str
    user: str = ""
    password: str = field(default="", repr=False)


def read_smtp(given: Mapping[str, str]) -> tuple[SmtpSettings | None, list[Problem]]:
    """Return the settings of `given` (set variables only), None when there are none, and problems.

    With problems the settings are not to be used.
    """
    ours = {name.removeprefix(_PREFIX): given.get(name, "") for name in VARIABLES}
    if not any(ours.values()):
        return None, []
    chosen = ours["SECURITY"] or Security.STARTTLS
    security = Security(chosen) if chosen in set(Security) else None
    settings = SmtpSettings(
        host=ours["HOST"],
        port=_port(ours["PORT"], security),
        security=security or Security.STARTTLS,
        sender=ours["FROM"],
        user=ours["USER"],
        password=ours["PASSWORD"],
    )
    found = (
        _host_problem(settings),
        _port_problem(settings),
        _security_problem(settings, security),
        _sender_problem(settings),
        _account_problem(settings),
    )
    return settings, [problem for problem in found if problem is not None]


def _port(text: str, security: Security | None) -> int:
    if not text:
        return _PORTS[security or Security.STARTTLS]
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 5 else 0


def _host_problem(settings: SmtpSettings) -> Problem | None:
    if _HOST.fullmatch(settings.host):
        return None
    return Problem(
        N_(
            "MARSHRUT_SMTP_HOST: name the mail server, for example smtp.example.ru, or leave out"
            " all MARSHRUT_SMTP settings."
        )
    )


def _port_problem(settings: SmtpSettings) -> Problem | None:
    if 1 <= settings.port <= 65_535:
        return None
    return Problem(N_("MARSHRUT_SMTP_PORT must be a whole number from 1 to 65535."))


def _security_problem(settings: SmtpSettings, security: Security | None) -> Problem | None:
    if security is None:
        return Problem(N_("MARSHRUT_SMTP_SECURITY must be starttls, ssl or none."))
    if security is Security.NONE and settings.host and settings.host not in _LOOPBACK:
        return Problem(
            N_(
                "MARSHRUT_SMTP_SECURITY: without protection letters may go to a server on this"
                " machine only. Write starttls or ssl."
            )
        )
    return None


def _sender_problem(settings: SmtpSettings) -> Problem | None:
    if _ADDRESS.fullmatch(settings.sender):
        return None
    return Problem(
        N_(
            "MARSHRUT_SMTP_FROM: write the address that letters come from, for example"
            " marshrut@example.ru."
        )
    )


def _account_problem(settings: SmtpSettings) -> Problem | None:
    if bool(settings.user) == bool(settings.password):
        return None
    return Problem(
        N_("MARSHRUT_SMTP_USER and MARSHRUT_SMTP_PASSWORD are given together or not at all.")
    )
