"""Billing portal for Wagtail sites, on Stripe."""

__version__ = "0.1.0"
