"""What can go wrong between the office and its storage; each error has a stable `code`."""

from __future__ import annotations


class StoreError(Exception):
    """Root of everything the storage refuses or cannot do."""

    code = "store"


class StaleError(StoreError):
    """Somebody else saved the aggregate after it was loaded; load it again and repeat."""

    code = "stale"


class BusyError(StoreError):
    """Another transaction held a lock for too long; the same act may simply be repeated."""

    code = "busy"


class MissingRowError(StoreError):
    """A row that was to be locked or changed does not exist."""

    code = "missing"


class LockOrderError(StoreError):
    """A transaction asked for a lock that comes before one it holds (a programming mistake)."""

    code = "lock_order"


class NaiveTimeError(StoreError, ValueError):
    """A time without a zone was given to the storage."""

    code = "naive_time"


class NotCanonicalError(StoreError, ValueError):
    """A value has no single canonical JSON form (a float, a key that is not text, …)."""

    code = "not_canonical"


class LeaseLostError(StoreError):
    """The lease ran out and somebody else took the outbox row: this effect must not be written."""

    code = "lease_lost"
