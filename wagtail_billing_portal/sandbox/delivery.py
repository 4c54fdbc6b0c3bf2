"""Events on their way: one delivery per event and enabled endpoint that wants it.

An endpoint's secret lives in ``endpoint["_sandbox"]["secret"]``.
"""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

from django.db import connections, transaction
from django.db.models import QuerySet
from stripe import WebhookSignature

from . import chaos, clock, connect, store
from .chaos import Chaos
from .conf import HTTP, MANUAL, conf
from .models import StoredObject
from .rendering import render
from .senders import Sent, send_by_http, send_in_process
from .worker import Worker

if TYPE_CHECKING:
    from .world import World

Json = dict[str, Any]

KIND = "_delivery"
SWITCH = "_delivery_switch"
RETRY_AFTER = (3600, 7200, 14400)
FORGOTTEN_AFTER = 600
AT_ONCE = 8

_this_thread = threading.local()
_recording = threading.Lock()


def publish(world: World, event: Json) -> Json:
    """Store an event and queue it for every endpoint that listens."""
    if world.endpoints is None:
        world.endpoints = _endpoints(world.account)
    wanting = [it for it in world.endpoints if _wants(it, event["type"])]
    event = {**event, "pending_webhooks": len(wanting)}
    store.insert(world.account, event, now=event["created"])
    for endpoint in reversed(wanting):
        _queue(world.account, event, endpoint)
    return event


def pending(world: World) -> list[StoredObject]:
    """What waits to be delivered, oldest first."""
    return list(store.rows(world.account, KIND, status="pending").order_by("seq"))


def resend(world: World, event_id: str, endpoint_id: str) -> None:
    """Queue one event for one endpoint again, as the Dashboard's button does."""
    event = world.get("event", event_id, param="event")
    endpoint = world.get("webhook_endpoint", endpoint_id, param="webhook_endpoint")
    _queue(world.account, event, endpoint, mark=world.new_id("-"))
    world.has_news = True


def deliver(delivery: StoredObject) -> Sent:
    """Sign a delivery as of now and send it, however often it was sent before."""
    return _deliver(delivery, chaos.current())


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
        while not _worker.is_stopping and (batch := _claim()):
            _send_at_once(batch)
            made += len(batch)
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


def stop() -> None:
    """Let the thread in the background end what it is sending, and nothing more."""
    _worker.stop()


def unleash(**how: Any) -> Chaos:
    """Let deliveries go wrong from now on: ``unleash(shuffle=True, duplicate=0.5)``.

    Without arguments everything arrives again, once and in order.
    """
    return chaos.switch(Chaos(**how))


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
    """Queue a delivery that failed, or was to come late, once more."""
    delivery[store.PRIVATE]["due_at"] = None
    world.save({**delivery, "status": "pending"})
    world.has_news = True


def _endpoints(account: str) -> list[Json]:
    """The account's own endpoints, and those of its platform for connected accounts."""
    own = store.select(account, "webhook_endpoint", status="enabled")
    found = [it.data for it in own if not it.data[store.PRIVATE].get("connect")]
    if platform := connect.platform_of(account):
        theirs = store.select(platform, "webhook_endpoint", status="enabled")
        found += [
            {**it.data, store.PRIVATE: {**it.data[store.PRIVATE], "platform": platform}}
            for it in theirs
            if it.data[store.PRIVATE].get("connect")
        ]
    return found


def _wants(endpoint: Json, type_: str) -> bool:
    enabled = endpoint["enabled_events"]
    return "*" in enabled or type_ in enabled


def _queue(account: str, event: Json, endpoint: Json, *, mark: str = "") -> None:
    platform = endpoint[store.PRIVATE].get("platform")
    if platform:
        event = {**event, "account": account}
    if endpoint["api_version"]:
        event = {**event, "api_version": endpoint["api_version"]}
    delay = chaos.current().delay
    delivery = {
        "id": f"{event['id']}-{endpoint['id']}{mark}",
        "object": KIND,
        "event": event["id"],
        "type": event["type"],
        "endpoint": endpoint["id"],
        "endpoint_account": platform or account,
        "body": render(event),
        "status": "delayed" if delay else "pending",
        "attempts": 0,
        "answer": None,
        "error": "",
        store.PRIVATE: {"due_at": clock.now(account) + delay if delay else None},
    }
    store.insert(account, delivery, now=event["created"])


def _deliver(delivery: StoredObject, how: Chaos) -> Sent:
    endpoint = store.row(
        delivery.data["endpoint_account"],
        "webhook_endpoint",
        delivery.data["endpoint"],
    )
    if endpoint is None or endpoint.deleted:
        sent = Sent(0, "The endpoint is gone.", is_final=True)
    elif endpoint.status != "enabled":
        sent = Sent(0, "The endpoint is disabled.", is_final=True)
    elif how.wish(how.drop):
        sent = Sent(0, "Lost on the way.", is_final=not how.redeliver)
    else:
        sent = _send(endpoint.data, delivery.data["body"], how)
    _record(delivery, sent)
    return sent


def _send(endpoint: Json, body: str, how: Chaos) -> Sent:
    if how.api_version:
        body = chaos.older(body, how.api_version)
    if how.wish(how.thin):
        body = chaos.thin(body)
    secret = endpoint[store.PRIVATE]["secret"]
    if how.wish(how.wrong_secret):
        secret = chaos.WRONG_SECRET
    header = WebhookSignature.generate_signature_header(body, secret, clock.wall())
    send = send_by_http if conf.DELIVERY == HTTP else send_in_process
    sent = send(endpoint["url"], body, header)
    if how.wish(how.duplicate):
        send(endpoint["url"], body, header)
    return sent


def _send_at_once(batch: list[StoredObject]) -> None:
    how = chaos.current()
    if len(batch) == 1 or conf.DELIVERY != HTTP:
        for delivery in batch:
            _deliver(delivery, how)
        return
    with ThreadPoolExecutor(AT_ONCE) as threads:
        list(threads.map(_deliver_and_close, batch))


def _deliver_and_close(delivery: StoredObject) -> None:
    try:
        _deliver(delivery, chaos.current())
    finally:
        connections.close_all()


def _claim() -> list[StoredObject]:
    """Take what goes next, which no other thread can take as well."""
    how = chaos.current()
    while not is_paused():
        waiting = StoredObject.objects.filter(kind=KIND, status="pending")
        ids = list(
            waiting.order_by("seq").values_list("pk", flat=True)[: how.hold or 100]
        )
        if not ids or len(ids) < how.hold:
            return []
        chosen = ids if how.hold else [ids[how.pick(len(ids))]]
        if claimed := [it for it in waiting.filter(pk__in=chosen) if _take(it)]:
            return claimed
    return []


def _take(delivery: StoredObject) -> bool:
    # Should this process die, the delivery comes due and is tried again.
    forgotten = clock.now(delivery.account) + FORGOTTEN_AFTER
    waiting = StoredObject.objects.filter(pk=delivery.pk, status="pending")
    return waiting.update(status="sending", due_at=forgotten) > 0


def _record(delivery: StoredObject, sent: Sent) -> None:
    data = delivery.data
    data["attempts"] += 1
    data.update(answer=sent.status, error=sent.error)
    data["status"] = "delivered" if sent.succeeded else "failed"
    data[store.PRIVATE]["due_at"] = None
    may_retry = not sent.succeeded and not sent.is_final
    if may_retry and data["attempts"] <= len(RETRY_AFTER):
        wait = RETRY_AFTER[data["attempts"] - 1]
        data[store.PRIVATE]["due_at"] = clock.now(delivery.account) + wait
    with _recording:
        store.write(delivery, data)
        if sent.succeeded:
            _count_down(delivery.account, data["event"])


def _scheduled() -> QuerySet[StoredObject]:
    return StoredObject.objects.filter(kind=KIND, due_at__isnull=False)


def _anything_scheduled() -> bool:
    return _scheduled().exists()


def _catch_up() -> None:
    """Queue what was to come later, though nobody has looked at its world since."""
    for delivery in _scheduled():
        if (delivery.due_at or 0) <= clock.now(delivery.account):
            delivery.data[store.PRIVATE]["due_at"] = None
            store.write(delivery, {**delivery.data, "status": "pending"})


def _work() -> None:
    try:
        _catch_up()
        deliver_all()
    finally:
        connections.close_all()


def _count_down(account: str, event_id: str) -> None:
    if (event := store.row(account, "event", event_id)) is not None:
        still_pending = max(0, event.data["pending_webhooks"] - 1)
        store.write(event, {**event.data, "pending_webhooks": still_pending})


def _switch(*, paused: bool) -> None:
    switch = {"id": SWITCH, "object": SWITCH, "paused": paused}
    store.ensure("", switch)
    if (stored := store.row("", SWITCH, SWITCH)) is not None:
        store.write(stored, switch)


_worker = Worker(_work, busy=_anything_scheduled)
