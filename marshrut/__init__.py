"""The entrance: command line, settings, wiring."""
