"""The SDK's errors in our words, in one place."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager

import stripe

from ..exceptions import (
    BillingError,
    BillingNotConfigured,
    KeyReused,
    PaymentDeclined,
    StripeRefused,
    StripeUnavailable,
    UnknownStripeObject,
)
from .clock import second_of

logger = logging.getLogger("wagtail_billing_portal.gateway")


@contextmanager
def translated() -> Iterator[None]:
    """Let no error of the SDK leave the gateway."""
    try:
        yield
    except (stripe.AuthenticationError, stripe.PermissionError) as error:
        raise BillingNotConfigured(
            f"Stripe does not accept the key ({_where(error)}): {error.user_message}"
        ) from error
    except stripe.StripeError as error:
        logger.warning("Stripe: %s %s", type(error).__name__, _where(error))
        raise _ours(error) from error


def _ours(error: stripe.StripeError) -> BillingError:
    match error:
        case stripe.CardError():
            return PaymentDeclined(
                str(error), code=_code(error), user_message=error.user_message
            )
        case stripe.IdempotencyError():
            return KeyReused(str(error), request_id=error.request_id or "")
        case stripe.InvalidRequestError():
            kind = UnknownStripeObject if _is_missing(error) else StripeRefused
            return kind(
                str(error),
                code=_code(error),
                request_id=error.request_id or "",
                as_of=second_of(error.headers or {}),
            )
        case _:  # No answer, too many requests, 409, 5xx.
            return StripeUnavailable(str(error))


def _is_missing(error: stripe.InvalidRequestError) -> bool:
    return error.http_status == 404 and _code(error) == "resource_missing"


def _code(error: stripe.StripeError) -> str:
    # Several classes leave ``error.code`` empty although the body has one.
    return error.code or getattr(error.error, "code", None) or ""


def _where(error: stripe.StripeError) -> str:
    return f"status {error.http_status}, code {_code(error)}, {error.request_id}"
