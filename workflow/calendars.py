"""The production calendar handed to the domain as a value."""
