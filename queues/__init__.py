"""Outbox relay, jobs, schedule, worker."""
