"""The only module of the portal that talks to Stripe.

It owns keys, the pinned API version, time-outs, retries, idempotency keys and the
translation of the SDK's errors. Nothing else of the portal imports ``stripe``.
"""

from .accounts import StripeAccount, account_by_alias, all_accounts
from .client import (
    Answer,
    Params,
    answer_of,
    complete_lists,
    recast,
    rows_of,
    rows_of_page,
    stripe_for,
)
from .idempotency import (
    forget_request,
    forget_requests,
    is_first,
    keep_anew,
    kept_of,
    kept_request,
    known_request,
    new_key,
    options,
    take_request,
)
from .signatures import read_signed
from .versions import API_VERSION

__all__ = [
    "recast",
    "API_VERSION",
    "Answer",
    "Params",
    "StripeAccount",
    "account_by_alias",
    "all_accounts",
    "answer_of",
    "complete_lists",
    "forget_request",
    "forget_requests",
    "is_first",
    "keep_anew",
    "kept_of",
    "kept_request",
    "known_request",
    "new_key",
    "options",
    "read_signed",
    "rows_of",
    "rows_of_page",
    "stripe_for",
    "take_request",
]
