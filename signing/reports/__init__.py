"""The report of a check: its words, its forms, and the terms of ETSI EN 319 102-1."""
