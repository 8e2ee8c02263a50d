"""Word templates: assemble, inflect, convert to PDF."""
