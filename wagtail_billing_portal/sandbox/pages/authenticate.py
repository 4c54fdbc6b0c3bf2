"""The bank's question in the middle of a payment (3-D Secure)."""

from __future__ import annotations
