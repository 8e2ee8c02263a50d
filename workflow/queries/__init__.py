"""What pages need, read-only and paged."""
