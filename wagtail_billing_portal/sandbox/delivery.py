"""Events on their way: one delivery per event and enabled endpoint that wants it.

An endpoint's secret lives in ``endpoint["_sandbox"]["secret"]``.
"""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from stripe import WebhookSignature

from . import clock, store
from .conf import HTTP, MANUAL, conf
from .models import StoredObject
from .rendering import render
from .senders import Sent, send_by_http, send_in_process

if TYPE_CHECKING:
    from .world import World

Json = dict[str, Any]

KIND = "_delivery"
SWITCH = "_delivery_switch"
RETRY_AFTER = (3600, 7200, 14400)
FORGOTTEN_AFTER = 600

_this_thread = threading.local()


def publish(account: str, event: Json) -> Json:
    """Store an event and queue it for every endpoint that listens."""
    endpoints = [
        stored.data
        for stored in store.select(account, "webhook_endpoint", status="enabled")
        if _wants(stored.data, event["type"])
    ]
    event = {**event, "pending_webhooks": len(endpoints)}
    store.insert(account, event, now=event["created"])
    body = render(event) if endpoints else ""
    for endpoint in reversed(endpoints):
        _queue(account, event, endpoint, body)
    return event


def pending(world: World) -> list[StoredObject]:
    """What waits to be delivered, oldest first."""
    return list(store.rows(world.account, KIND, status="pending").order_by("seq"))


def deliver(delivery: StoredObject) -> Sent:
    """Sign a delivery as of now and send it, however often it was sent before."""
    data = delivery.data
    endpoint = store.row(delivery.account, "webhook_endpoint", data["endpoint"])
    if endpoint is None or endpoint.deleted:
        sent = Sent(0, "The endpoint is gone.")
    else:
        secret = endpoint.data[store.PRIVATE]["secret"]
        header = WebhookSignature.generate_signature_header(
            data["body"], secret, clock.wall()
        )
        send = send_by_http if conf.DELIVERY == HTTP else send_in_process
        sent = send(endpoint.data["url"], data["body"], header)
    _record(delivery, sent)
    return sent


def deliver_all() -> int:
    """Deliver what waits, and what that brings about, unless paused.

    Returns how many deliveries were made.
    """
    if getattr(_this_thread, "delivering", False):
        # The loop further up the stack takes what its own deliveries cause.
        return 0
    _this_thread.delivering = True
    made = 0
    try:
        while (delivery := _claim_next()) is not None:
            deliver(delivery)
            made += 1
    finally:
        _this_thread.delivering = False
    return made


def discard(delivery: StoredObject) -> None:
    """Lose a delivery, as networks do."""
    store.write(delivery, {**delivery.data, "status": "discarded"})


def flush() -> None:
    """Deliver in the way that the settings choose; called after each commit."""
    if conf.DELIVERY == MANUAL:
        return
    if conf.DELIVERY == HTTP:
        _worker.wake()
    else:
        deliver_all()


def pause() -> None:
    """Hold every delivery back, in every account and mode."""
    _switch(paused=True)


def resume() -> None:
    """Deliver again, beginning with what was held back."""
    _switch(paused=False)
    transaction.on_commit(flush)


def is_paused() -> bool:
    """Whether deliveries are held back."""
    switch = store.row("", SWITCH, SWITCH)
    return bool(switch and switch.data["paused"])


@clock.due_work(KIND)
def try_again(world: World, delivery: Json) -> None:
    """Queue a failed delivery once more."""
    delivery[store.PRIVATE]["due_at"] = None
    world.save({**delivery, "status": "pending"})
    world.has_news = True


def _wants(endpoint: Json, type_: str) -> bool:
    enabled = endpoint["enabled_events"]
    return "*" in enabled or type_ in enabled


def _queue(account: str, event: Json, endpoint: Json, body: str) -> None:
    delivery = {
        "id": f"{event['id']}-{endpoint['id']}",
        "object": KIND,
        "event": event["id"],
        "type": event["type"],
        "endpoint": endpoint["id"],
        "body": body,
        "status": "pending",
        "attempts": 0,
        "answer": None,
        "error": "",
        store.PRIVATE: {"due_at": None},
    }
    store.insert(account, delivery, now=event["created"])


def _claim_next() -> StoredObject | None:
    """Take the oldest waiting delivery, which no other thread can take as well."""
    while not is_paused():
        waiting = StoredObject.objects.filter(kind=KIND, status="pending")
        delivery = waiting.order_by("seq").first()
        if delivery is None:
            return None
        # Should this process die, the delivery comes due and is tried again.
        forgotten = clock.now(delivery.account) + FORGOTTEN_AFTER
        claim = {"status": "sending", "due_at": forgotten}
        if waiting.filter(pk=delivery.pk).update(**claim):
            return delivery
    return None


def _record(delivery: StoredObject, sent: Sent) -> None:
    data = delivery.data
    data["attempts"] += 1
    data.update(answer=sent.status, error=sent.error)
    data["status"] = "delivered" if sent.succeeded else "failed"
    data[store.PRIVATE]["due_at"] = None
    if not sent.succeeded and data["attempts"] <= len(RETRY_AFTER):
        wait = RETRY_AFTER[data["attempts"] - 1]
        data[store.PRIVATE]["due_at"] = clock.now(delivery.account) + wait
    store.write(delivery, data)
    if sent.succeeded:
        _count_down(delivery.account, data["event"])


def _count_down(account: str, event_id: str) -> None:
    if (event := store.row(account, "event", event_id)) is not None:
        still_pending = max(0, event.data["pending_webhooks"] - 1)
        store.write(event, {**event.data, "pending_webhooks": still_pending})


def _switch(*, paused: bool) -> None:
    switch = {"id": SWITCH, "object": SWITCH, "paused": paused}
    store.ensure("", switch)
    if (stored := store.row("", SWITCH, SWITCH)) is not None:
        store.write(stored, switch)


class _Worker:
    """Delivers over HTTP in the background, so that no request waits for its own."""

    def __init__(self) -> None:
        self._work = threading.Event()
        self._starting = threading.Lock()
        self._thread: threading.Thread | None = None

    def wake(self) -> None:
        self._work.set()
        with self._starting:
            if self._thread is None or not self._thread.is_alive():
                self._thread = threading.Thread(target=self._run, daemon=True)
                self._thread.start()

    def _run(self) -> None:
        while self._work.wait():
            self._work.clear()
            try:
                deliver_all()
            finally:
                connections.close_all()


_worker = _Worker()
