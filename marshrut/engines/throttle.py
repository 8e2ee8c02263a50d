"""Failed sign-ins counted in memory: by client address, and by login whether it exists or not.

Known accounts are counted in the database as well (`workflow.usecases.accounts`), so that they
rest in every process; this window stops somebody who tries many logins, and keeps a login that
does not exist from being told by the lock that never comes.
"""

from __future__ import annotations

import ipaddress
import threading
from dataclasses import dataclass
from datetime import datetime, timedelta

FORGOTTEN_AFTER = timedelta(hours=1)  # without a further failure
FIRST_LOCK = timedelta(seconds=30)
LONGEST_LOCK = timedelta(hours=1)
MOST_DOUBLINGS = 10
MOST_KEYS = 20_000

#: Whoever fails while the window is full shares this one count: they are locked, not let in.
_OVERFLOW = "overflow"


@dataclass(frozen=True)
class _Failures:
    count: int
    last: datetime
    locked_until: datetime | None


class FailureWindow:
    """Counts failures under keys; more than `free` of them lock a key, longer each time.

    Bounded in memory by `most_keys`. Safe for threads.
    """

    def __init__(self, free: int, most_keys: int = MOST_KEYS) -> None:
        self._free = free
        self._most_keys = most_keys
        self._failures: dict[str, _Failures] = {}
        self._lock = threading.Lock()

    def record(self, key: str, now: datetime) -> None:
        """Count a failure under `key`."""
        with self._lock:
            slot = self._slot(key, now)
            known = self._failures.get(slot)
            count = known.count + 1 if known and self._is_fresh(known, now) else 1
            self._failures[slot] = _Failures(count, now, self._locked_until(count, now))

    def forget(self, key: str) -> None:
        """Forget the failures under `key`: the right one has come."""
        with self._lock:
            self._failures.pop(key, None)

    def locked_until(self, key: str, now: datetime) -> datetime | None:
        """Return when `key` may try again, None when it may now."""
        with self._lock:
            known = self._failures.get(self._slot(key, now))
        until = known.locked_until if known else None
        return until if until is not None and now < until else None

    def _slot(self, key: str, now: datetime) -> str:
        if key in self._failures or len(self._failures) < self._most_keys:
            return key
        self._failures = {k: v for k, v in self._failures.items() if self._is_fresh(v, now)}
        return key if len(self._failures) < self._most_keys else _OVERFLOW

    def _is_fresh(self, failures: _Failures, now: datetime) -> bool:
        return now - failures.last < FORGOTTEN_AFTER

    def _locked_until(self, count: int, now: datetime) -> datetime | None:
        extra = count - self._free
        if extra <= 0:
            return None
        return now + min(FIRST_LOCK * (1 << min(extra - 1, MOST_DOUBLINGS)), LONGEST_LOCK)


def network_of(address: str) -> str:
    """Return what is counted for a client address: all of IPv4, the /64 of IPv6.

    One subscriber has a whole /64 and could try from each of its addresses.
    """
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        return "unknown"
    if parsed.version == 4:
        return str(parsed)
    mapped = parsed.ipv4_mapped if isinstance(parsed, ipaddress.IPv6Address) else None
    return str(mapped or ipaddress.ip_network((parsed, 64), strict=False))
