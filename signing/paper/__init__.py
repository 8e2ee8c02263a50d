"""A4 pages made here: marks, sheets and reports with an embedded Cyrillic typeface."""
