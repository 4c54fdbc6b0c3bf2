"""Is this webhook call Stripe's? Read it only then."""

from __future__ import annotations

import json
import math
import re
import time
from typing import Any

import stripe

from ..conf import conf
from ..exceptions import WebhookRefused
from .accounts import StripeAccount

#: Null, and halves of characters that stand beside their other half or alone.
UNSTORABLE = re.compile(rb"\\u0000|\\u[dD][89a-fA-F]")
#: Unix seconds that no database has trouble with: the year 9999.
END_OF_TIME = 253_402_300_800


def read_signed(account: StripeAccount, body: bytes, signature: str) -> dict[str, Any]:
    """The event in ``body``, once one of the account's secrets has signed it.

    Raises ``WebhookRefused`` with the HTTP status to answer.
    """
    _verify(account, body, signature)
    try:
        event = json.loads(body, parse_constant=_refuse_constant, parse_float=_finite)
    except (ValueError, RecursionError) as error:
        raise WebhookRefused("The body is not JSON.") from error
    _check_shape(event)
    return dict(_storable(event) if UNSTORABLE.search(body) else event)


def _verify(account: StripeAccount, body: bytes, signature: str) -> None:
    if not signature.isascii():
        # The SDK compares letters that a signature cannot have, and fails.
        raise WebhookRefused("The signature does not match.")
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
    data, created = event.get("data"), event.get("created")
    typed = (
        isinstance(event.get("id"), str)
        and isinstance(event.get("type"), str)
        and isinstance(created, int)
        and 0 < created < END_OF_TIME
        and isinstance(data, dict)
        and isinstance(data.get("object"), dict)
    )
    if not typed or not 0 < len(event["id"]) <= 255:
        raise WebhookRefused("The event lacks its id, type, time or object.")


def _refuse_constant(name: str) -> Any:
    # Python reads NaN and Infinity, which are not JSON and no database stores.
    raise ValueError(name)


def _finite(text: str) -> float:
    if not math.isfinite(number := float(text)):
        raise ValueError(text)
    return number


def _storable(value: Any) -> Any:
    # PostgreSQL cannot store these characters, and nothing of Stripe's needs them.
    match value:
        case str():
            whole = value.replace("\0", "").encode("utf-16", "surrogatepass")
            return whole.decode("utf-16", "ignore")
        case list():
            return [_storable(entry) for entry in value]
        case dict():
            return {_storable(key): _storable(it) for key, it in value.items()}
        case _:
            return value
