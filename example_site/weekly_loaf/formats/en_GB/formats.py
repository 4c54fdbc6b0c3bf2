"""British dates in full, with the month as a word."""

DATE_FORMAT = "j F Y"
