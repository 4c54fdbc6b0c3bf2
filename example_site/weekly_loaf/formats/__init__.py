"""Dates as the paper writes them."""
