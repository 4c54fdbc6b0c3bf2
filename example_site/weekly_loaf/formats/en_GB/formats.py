"""British dates in full, with the month as a word; the day has 24 hours."""

DATE_FORMAT = "j F Y"
TIME_FORMAT = "H:i"
