"""Fills an empty site. Each step does what is missing, so all may run again."""
