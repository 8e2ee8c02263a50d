"""How often something may be tried: a bound against guessing and against floods.

Counts are kept in the memory of one process: several web processes allow so many times more.
That is enough here, where the bound is a second line (addresses are unguessable, keys have
passwords); logins are counted in the database.
"""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address
from threading import Lock

KEYS_AT_MOST = 20_000


@dataclass
class Limit:
    """At most `count` times in `period` for each key."""

    count: int
    period: timedelta
    _times: OrderedDict[str, deque[datetime]] = field(default_factory=OrderedDict)
    _lock: Lock = field(default_factory=Lock)

    def is_reached(self, key: str, now: datetime) -> bool:
        """Whether there have been `count` times already."""
        with self._lock:
            return len(self._recent(key, now)) >= self.count

    def record(self, key: str, now: datetime) -> None:
        """Count one more."""
        with self._lock:
            self._recent(key, now).append(now)

    def allow(self, key: str, now: datetime) -> bool:
        """Count one more, if it is still allowed."""
        with self._lock:
            recent = self._recent(key, now)
            if len(recent) >= self.count:
                return False
            recent.append(now)
            return True

    def forget(self, key: str) -> None:
        """Begin anew for the key: it was no guess."""
        with self._lock:
            self._times.pop(key, None)

    def _recent(self, key: str, now: datetime) -> deque[datetime]:
        times = self._times.setdefault(key, deque(maxlen=self.count))
        self._times.move_to_end(key)
        while times and now - times[0] >= self.period:
            times.popleft()
        if len(self._times) > KEYS_AT_MOST:
            self._times.popitem(last=False)
        return times


def network_of(address: str) -> str:
    """Return the key of a client's address: a home has a whole /64 of IPv6 addresses."""
    try:
        parsed = ip_address(address)
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        return str(int(parsed) >> 64)
    return str(parsed)
