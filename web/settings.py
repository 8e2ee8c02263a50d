"""What the pages need to be told; the entrance fills it from the environment."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

MEBIBYTE = 1024 * 1024
MOSCOW = ZoneInfo("Europe/Moscow")


@dataclass(frozen=True)
class WebSettings:
    """Settings of the pages.

    `secret_key` signs sessions and CSRF tokens (32 random bytes or more). `hosts` are the names
    that the pages answer to, as in the `Host` header; an empty tuple refuses nobody and is for
    a training installation alone. `proxies` is the number of reverse proxies in front whose
    `X-Forwarded-*` headers are believed. `training` shows the component page and the
    «УЧЕБНЫЙ» strip. `zone` is the time zone in which a page shows a moment that belongs to no
    organisation. `cades_plugin` is the script of the browser plug-in, as its maker gives it out;
    without it nobody signs in the browser.
    """

    secret_key: bytes
    hosts: tuple[str, ...] = ()
    secure_cookies: bool = True
    proxies: int = 0
    training: bool = False
    session_idle: timedelta = timedelta(hours=2)
    session_longest: timedelta = timedelta(hours=12)
    request_bytes: int = 60 * MEBIBYTE
    zone: ZoneInfo = MOSCOW
    cades_plugin: Path | None = None
