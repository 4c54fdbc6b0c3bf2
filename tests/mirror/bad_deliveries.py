"""What may come to the webhook besides good events, and what becomes of it."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager, nullcontext
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from django.db import OperationalError, connection
from django.test import Client
from stripe import WebhookSignature

from wagtail_billing_portal.sandbox import faults
from wagtail_billing_portal.webhooks import handling

SECRET = "whsec_sandbox_default"
URL = "/billing/webhooks/default/"
Event = dict[str, Any]
#: The body and the signature's header of an event.
Sent = tuple[bytes, str]


@dataclass(frozen=True)
class Delivery:
    """One bad delivery: how it is made, and what has to become of it."""

    name: str
    make: Callable[[Event], Sent]
    answer: int = 400
    #: The status of the stored event, if one is.
    stored: str = ""
    #: Whether the mirror has the event's object afterwards.
    mirrored: bool = False
    #: What must be so while it comes.
    during: Callable[[], AbstractContextManager[Any]] = nullcontext
    method: str = "POST"
    #: Whether the event came before, as it should be.
    is_known: bool = False
    #: What becomes of it in the end.
    ends: str = "Refused; Stripe tries again."

    def post(self, event: Event) -> int:
        """Bring it to the webhook; the status of the answer."""
        if self.is_known:
            replace(self, make=_as_it_is, is_known=False).post(event)
        body, signature = self.make(event)
        headers = {"Stripe-Signature": signature} if signature else {}
        with self.during():
            response = Client(raise_request_exception=False).generic(
                self.method,
                URL,
                body,
                content_type="application/json",
                headers=headers,
            )
        return response.status_code


def signed(body: bytes | str, *, secret: str = SECRET, age: int = 0) -> Sent:
    """A body as Stripe would send it."""
    raw = body.encode() if isinstance(body, str) else body
    text = raw.decode(errors="replace")
    moment = int(time.time()) - age
    header = WebhookSignature.generate_signature_header(text, secret, timestamp=moment)
    return raw, header


def _as_it_is(event: Event) -> Sent:
    return signed(json.dumps(event))


def _with_header(header: str, event: Event) -> Sent:
    return json.dumps(event).encode(), header


def _changed(event: Event, **changes: Any) -> Sent:
    return signed(json.dumps({**event, **changes}))


def _altered(event: Event) -> Sent:
    body, header = signed(json.dumps(event))
    return body.replace(b"ada@", b"eve@"), header


def _about(event: Event, **changes: Any) -> Sent:
    about = {**event["data"]["object"], **changes}
    return _changed(event, data={"object": about})


def _without(name: str, event: Event) -> Sent:
    return signed(json.dumps({k: v for k, v in event.items() if k != name}))


def _without_id(event: Event) -> Sent:
    about = {k: v for k, v in event["data"]["object"].items() if k != "id"}
    return _changed(event, data={"object": about})


def _of_a_connected_account(event: Event) -> Sent:
    return _changed(event, account="acct_somebody_else")


def _an_invoice(event: Event) -> Sent:
    about = {
        "id": "in_1",
        "object": "invoice",
        "customer": event["data"]["object"]["id"],
        "status": "open",
        "livemode": False,
    }
    return _changed(event, type="invoice.created", data={"object": about})


class Broken(Exception):
    """What a site's own handler may raise."""


def _break_down(event: Any, row: Any) -> None:
    raise Broken


def _raising() -> AbstractContextManager[None]:
    return handling("customer.created", _break_down)


def _stripe_down() -> AbstractContextManager[None]:
    failure = faults.Failure("error_before_write", method="*", path="*", times=99)
    return faults.during(faults.Faults(failures=(failure,)))


@contextmanager
def _database_gone(at: str, *, for_good: bool) -> Iterator[None]:
    """No statement comes through from the first on that begins with ``at``."""
    gone: list[str] = []

    def execute(run: Any, sql: str, *rest: Any) -> Any:
        if sql.startswith(at) and not gone or gone and for_good and "SAVE" not in sql:
            gone.append(sql)
            raise OperationalError("The server closed the connection unexpectedly.")
        return run(sql, *rest)

    with connection.execute_wrapper(execute):
        yield


THIN = {"object": "v2.core.event", "id": "evt_1", "type": "v1.customer.created"}
TRIED_AGAIN = "Kept with its traceback; tried again here, with growing pauses."
BROUGHT_AGAIN = "Nothing of it is kept; Stripe tries again."
NO_REPEAT = "Kept, and never applied."
REFUSED: list[Delivery] = [
    Delivery("No signature", partial(_with_header, "")),
    Delivery("A header that is no signature", partial(_with_header, "t=x,v1=y")),
    Delivery("A signature of strange letters", partial(_with_header, "t=1,v1=é")),
    Delivery(
        "Another endpoint's secret",
        lambda event: signed(json.dumps(event), secret="whsec_other"),
    ),
    Delivery("A signature that is old", lambda e: signed(json.dumps(e), age=3600)),
    Delivery("A signature from the future", lambda e: signed(json.dumps(e), age=-3600)),
    Delivery("A body altered on the way", _altered),
    Delivery("An empty body", lambda event: signed("")),
    Delivery("No JSON", lambda event: signed("invoice=paid")),
    Delivery("A number that JSON does not have", lambda event: signed("NaN")),
    Delivery("JSON cut off", lambda e: signed(json.dumps(e)[:-9])),
    Delivery("No UTF-8", lambda event: signed(b'{"id": "\xff"}')),
    Delivery("A list", lambda event: signed("[]")),
    Delivery("Nested 100,000 deep", lambda event: signed("[" * 100_000)),
    Delivery("A thin event", lambda event: signed(json.dumps(THIN))),
    Delivery("No data", partial(_without, "data")),
    Delivery("No id", partial(_without, "id")),
    Delivery("No type", partial(_without, "type")),
    Delivery("No time", partial(_without, "created")),
    Delivery("An id that is a number", lambda e: _changed(e, id=7)),
    Delivery("A time in words", lambda e: _changed(e, created="today")),
    Delivery("A time beyond all calendars", lambda e: _changed(e, created=10**30)),
    Delivery(
        "Infinity, spelled as a number",
        lambda e: signed(json.dumps(e)[:-1] + ', "pending_webhooks": 1e999}'),
    ),
    Delivery("3 MB", lambda e: _about(e, description="x" * 3_000_000), answer=413),
    Delivery("GET instead of POST", lambda e: signed(""), answer=405, method="GET"),
    Delivery(
        "The database is gone when it is to be stored",
        _as_it_is,
        answer=500,
        during=partial(_database_gone, "INSERT", for_good=True),
        ends=BROUGHT_AGAIN,
    ),
    Delivery(
        "The database is gone when all is to be committed",
        _as_it_is,
        answer=500,
        during=partial(_database_gone, "RELEASE", for_good=True),
        ends=BROUGHT_AGAIN,
    ),
]
KEPT: list[Delivery] = [
    Delivery(
        "A type that nothing here acts upon",
        lambda e: _changed(e, type="radar.early_fraud_warning.created"),
        answer=200,
        stored="ignored",
        ends=NO_REPEAT,
    ),
    Delivery(
        "A type that Stripe does not have",
        lambda e: _changed(e, type="customer.enlightened" + "x" * 400),
        answer=200,
        stored="ignored",
        ends=NO_REPEAT,
    ),
    Delivery(
        "A kind of object that is not mirrored",
        lambda e: _about(e, object="spaceship"),
        answer=200,
        stored="processed",
        ends="Kept; there is nothing to apply.",
    ),
    Delivery(
        "Of live mode, for a test key",
        lambda e: _changed(e, livemode=True),
        answer=200,
        stored="ignored",
        ends=NO_REPEAT,
    ),
    Delivery(
        "Of another connected account",
        _of_a_connected_account,
        answer=200,
        stored="ignored",
        ends=NO_REPEAT,
    ),
    Delivery(
        "Of another version of the API",
        lambda e: _changed(e, api_version="2020-08-27"),
        answer=200,
        stored="processed",
        mirrored=True,
        ends="Not read; its object is fetched.",
    ),
    Delivery(
        "An object whose parent was never seen",
        _an_invoice,
        answer=200,
        stored="processed",
        mirrored=True,
        ends="Applied; the parent is fetched.",
    ),
    Delivery(
        "Null characters and half emojis in texts",
        lambda e: _about(e, name="A\0d\ud83da"),
        answer=200,
        stored="processed",
        mirrored=True,
        ends="Applied without them.",
    ),
    Delivery(
        "An object without an id",
        _without_id,
        answer=200,
        stored="pending",
        ends=TRIED_AGAIN,
    ),
    Delivery(
        "A text where an object belongs",
        lambda e: _about(e, invoice_settings="none"),
        answer=200,
        stored="pending",
        ends=TRIED_AGAIN,
    ),
    Delivery(
        "A number that no column holds",
        lambda e: _changed(
            e,
            type="invoice.paid",
            data={"object": {"id": "in_1", "object": "invoice", "total": 10**30}},
        ),
        answer=200,
        stored="pending",
        ends=TRIED_AGAIN,
    ),
    Delivery(
        "A handler of the site that raises",
        _as_it_is,
        answer=200,
        stored="pending",
        during=_raising,
        ends=TRIED_AGAIN,
    ),
    Delivery(
        "The database refuses the commit",
        _as_it_is,
        answer=200,
        stored="pending",
        during=partial(_database_gone, "RELEASE", for_good=False),
        ends=TRIED_AGAIN,
    ),
    Delivery(
        "A known id with other content",
        lambda e: _about(e, email="eve@example.com"),
        answer=200,
        stored="processed",
        mirrored=True,
        is_known=True,
        ends="Not read, as it came before.",
    ),
    Delivery(
        "Stripe out of reach",
        _an_invoice,
        answer=200,
        stored="processed",
        mirrored=True,
        during=_stripe_down,
        ends="Applied; what is to be fetched waits.",
    ),
]
DELIVERIES = REFUSED + KEPT


def table() -> str:
    """All of them, as the reference shows them."""
    rows = ["| Delivery | Answer | In the end |", "| --- | --- | --- |"]
    rows += [f"| {it.name} | {it.answer} | {it.ends} |" for it in DELIVERIES]
    return "\n".join(rows) + "\n"
