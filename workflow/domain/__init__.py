"""The office as plain values and pure functions; imports the standard library alone."""
