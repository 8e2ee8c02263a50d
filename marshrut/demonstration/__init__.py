"""An invented municipality, and one whole life of its documents through the use cases alone."""
