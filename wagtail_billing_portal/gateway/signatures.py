"""Is this webhook call Stripe's? Read it only then."""

from __future__ import annotations

import json
import re
import time
from typing import Any

import stripe

from ..conf import conf
from ..exceptions import WebhookRefused
from .accounts import StripeAccount


def read_signed(account: StripeAccount, body: bytes, signature: str) -> dict[str, Any]:
    """The event in ``body``, once one of the account's secrets has signed it.

    Raises ``WebhookRefused`` with the HTTP status to answer.
    """
    _verify(account, body, signature)
    try:
        event = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError) as error:
        raise WebhookRefused("The body is not JSON.") from error
    _check_shape(event)
    return dict(_without_nul(event) if b"\\u0000" in body else event)


def _verify(account: StripeAccount, body: bytes, signature: str) -> None:
    _refuse_future(signature)
    for secret in account.webhook_secrets:
        try:
            stripe.WebhookSignature.verify_header(
                body.decode(), signature, secret, tolerance=conf.WEBHOOK_TOLERANCE
            )
        except stripe.SignatureVerificationError:
            continue
        except UnicodeDecodeError as error:
            raise WebhookRefused("The body is not UTF-8.") from error
        return
    raise WebhookRefused("The signature does not match.")


def _refuse_future(signature: str) -> None:
    # The SDK looks at the past only.
    found = re.search(r"(?:^|,)\s*t=(\d{1,15})", signature)
    if found and int(found[1]) > time.time() + conf.WEBHOOK_TOLERANCE:
        raise WebhookRefused("The timestamp lies in the future.")


def _check_shape(event: Any) -> None:
    if not isinstance(event, dict) or event.get("object") != "event":
        raise WebhookRefused(
            "Not a snapshot event. Register a webhook endpoint, not an event "
            "destination with thin payloads."
        )
    data = event.get("data")
    typed = (
        isinstance(event.get("id"), str)
        and isinstance(event.get("type"), str)
        and isinstance(event.get("created"), int)
        and isinstance(data, dict)
        and isinstance(data.get("object"), dict)
    )
    if not typed or not 0 < len(event["id"]) <= 255:
        raise WebhookRefused("The event lacks its id, type, time or object.")


def _refuse_constant(name: str) -> Any:
    # Python reads NaN and Infinity, which are not JSON and no database stores.
    raise ValueError(name)


def _without_nul(value: Any) -> Any:
    # PostgreSQL cannot store the character, and nothing of Stripe's needs it.
    match value:
        case str():
            return value.replace("\0", "")
        case list():
            return [_without_nul(entry) for entry in value]
        case dict():
            return {_without_nul(key): _without_nul(it) for key, it in value.items()}
        case _:
            return value
