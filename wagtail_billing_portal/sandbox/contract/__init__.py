"""Stripe's API as the installed SDK's own types describe it.

Relies on the SDK's private module layout, so it stays inside the sandbox.
"""

from __future__ import annotations

from stripe._api_version import _ApiVersion

from .answers import complaints, object_complaints
from .operations import Contract, contract_of, known_operations
from .params import read_params
from .resources import skeleton

API_VERSION: str = _ApiVersion.CURRENT

__all__ = [
    "API_VERSION",
    "Contract",
    "complaints",
    "contract_of",
    "known_operations",
    "object_complaints",
    "read_params",
    "skeleton",
]
