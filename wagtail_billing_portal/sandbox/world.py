"""One Stripe account's world, inside the current transaction."""

from __future__ import annotations

import hashlib
import secrets
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from typing import Any

from django.db import transaction

from . import clock, contract, delivery, events, pagination, store
from .conf import conf
from .errors import BrokenContract, InvalidRequest, ResourceMissing
from .models import StoredObject
from .signals import event_emitted

Json = dict[str, Any]

CARRIERS = (
    "test_clock",
    "customer",
    "subscription",
    "invoice",
    "payment_intent",
    "setup_intent",
    "charge",
    "source",
)
"""The fields by which an object belongs to another, and so to its test clock."""


class World:
    """Everything an operation may do to the objects of one account.

    What Stripe would not show lives under an object's ``"_sandbox"`` key: it is
    stored, and stripped from every answer and event.
    """

    def __init__(
        self,
        account: str,
        *,
        request_id: str | None = None,
        idempotency_key: str | None = None,
        path: str = "",
    ) -> None:
        self.account = account
        self.request_id = request_id
        self.idempotency_key = idempotency_key
        self.path = path
        self.has_news = False
        self.is_browser = False
        self.test_clock = ""
        self.afterwards: list[Callable[[], None]] = []
        # Read once: a simulated year tells them tens of thousands of events.
        self.endpoints: list[Json] | None = None
        self._now, self.test_clocks = clock.times(account)

    @property
    def now(self) -> int:
        """Unix seconds of the world's clock; one moment for a whole request."""
        return self._now

    def set_time(self, moment: int) -> None:
        """Make it ``moment`` in this world; only the clock calls this."""
        self._now = moment

    def follow(self, ids: Iterable[str]) -> None:
        """Run at the time of the test clock that rules any of these, if one does."""
        wanted = list(dict.fromkeys(ids))
        if not self.test_clocks or not wanted:
            return
        ruled = store.test_clocks_of(self.account, set(wanted))
        ruled.update({id: id for id in wanted if id in self.test_clocks})
        for id in wanted:
            if ruled.get(id) in self.test_clocks:
                self.test_clock = ruled[id]
                self._now = self.test_clocks[self.test_clock]
                return

    @contextmanager
    def at(self, moment: int, *, test_clock: str = "") -> Iterator[None]:
        """Do what Stripe does by itself at ``moment``: no request asked for it."""
        names = ("_now", "request_id", "idempotency_key", "test_clock")
        before = {name: getattr(self, name) for name in names}
        self._now, self.test_clock = moment, test_clock
        self.request_id = self.idempotency_key = None
        try:
            yield
        finally:
            vars(self).update(before)

    @contextmanager
    def pretend(self) -> Iterator[None]:
        """Do things to see what they would come to; nothing of it happened after."""
        before = dict(vars(self))
        before["afterwards"] = list(self.afterwards)
        before["test_clocks"] = dict(self.test_clocks)
        try:
            with transaction.atomic():
                yield
                transaction.set_rollback(True)
        finally:
            vars(self).update(before)

    def get(
        self,
        kind: str,
        id: str,
        *,
        param: str | None = None,
        include_deleted: bool = False,
    ) -> Json:
        """A copy of an object; an unknown id is Stripe's "No such ..." error."""
        stored = store.row(self.account, kind, id)
        if stored is None or (stored.deleted and not include_deleted):
            raise ResourceMissing(kind, id, param=param)
        return tombstone(stored.data) if stored.deleted else stored.data

    def find(self, kind: str, **equals: Any) -> list[Json]:
        """Copies of the living objects whose top-level fields match, newest first.

        ``customer``, ``subscription``, ``invoice`` and ``status`` are indexed; a
        list of values means any of them.
        """
        return [stored.data for stored in store.select(self.account, kind, **equals)]

    def mentioning(self, kind: str, id: str) -> list[Json]:
        """Copies of the living objects in which an id occurs, at whatever depth."""
        found = store.mentioning(self.account, kind, id)
        return [stored.data for stored in found]

    def list(self, kind: str, params: Json, **equals: Any) -> Json:
        """The page of Stripe's list that ``params`` ask for.

        What is on a test clock is shown only to who asks for it or for its owner.
        """
        if _is_hidden_on_test_clocks(kind) and not equals.keys() & set(CARRIERS):
            equals["test_clock"] = None
        found = store.rows(self.account, kind, **equals)
        among = store.history(self.account, kind)
        return pagination.page_of_rows(found, params, among=among, url=self.path)

    def add(self, obj: Json, event: str | None = None) -> Json:
        """Store a new object; tell the endpoints if ``event`` is given."""
        if store.exists(self.account, obj["object"], obj["id"]):
            noun = obj["object"].replace("_", " ").capitalize()
            raise InvalidRequest(
                f"{noun} already exists.", code="resource_already_exists", param="id"
            )
        test_clock = self._test_clock_of(obj)
        if test_clock and "test_clock" in obj:
            obj["test_clock"] = test_clock
        store.insert(self.account, obj, now=self.now, test_clock=test_clock)
        self._notice(obj)
        if event:
            self.emit(event, obj)
        return obj

    def save(self, obj: Json, event: str | None = None) -> Json:
        """Store a new version of an object.

        An ``*.updated`` event says what changed since the stored version, and is
        left out when nothing did.
        """
        stored = self._row(obj)
        stored.test_clock = stored.test_clock or self._test_clock_of(obj)
        old = stored.data
        new = store.write(stored, obj)
        self._notice(obj)
        if event and event.endswith(".updated"):
            if previous := events.previous_attributes(old, new):
                self.emit(event, obj, previous)
        elif event:
            self.emit(event, obj)
        return obj

    def delete(self, obj: Json, event: str | None = None) -> Json:
        """Remove an object for good and return Stripe's tombstone of it."""
        stored = self._row(obj)
        store.bury(stored)
        self._notice(obj)
        if event:
            self.emit(event, obj)
        return tombstone(obj)

    def emit(self, type: str, obj: Json, previous: Json | None = None) -> Json:
        """Store an event about ``obj`` as it is now, and queue its deliveries."""
        event = events.build(self, type, obj, previous)
        if conf.STRICT:
            _check_event(event)
        event_emitted.send(World, event=event)
        self.has_news = True
        return delivery.publish(self, event)

    def new_id(self, prefix: str) -> str:
        """A fresh id such as ``cus_`` and 24 random letters and digits."""
        return prefix + random_text(24)

    def url(self, path: str) -> str:
        """The absolute address of a page of the sandbox."""
        return f"{conf.BASE_URL}/{path.lstrip('/')}"

    @staticmethod
    def private(obj: Json) -> Json:
        """The part of an object that is never served; change it in place."""
        part: Json = obj.setdefault(store.PRIVATE, {})
        return part

    def _test_clock_of(self, obj: Json) -> str:
        if not self.test_clocks:
            return ""
        owners = [obj[name] for name in CARRIERS if isinstance(obj.get(name), str)]
        ruled = store.test_clocks_of(self.account, set(owners))
        ruled.update({id: id for id in owners if id in self.test_clocks})
        return next((ruled[owner] for owner in owners if owner in ruled), "")

    def _notice(self, obj: Json) -> None:
        if obj["object"] == "webhook_endpoint":
            self.endpoints = None

    def _row(self, obj: Json) -> StoredObject:
        stored = store.row(self.account, obj["object"], obj["id"])
        if stored is None or stored.deleted:
            raise ResourceMissing(obj["object"], obj["id"])
        return stored


@contextmanager
def open_world(
    account: str, *, mentions: Iterable[str] = (), **about: Any
) -> Iterator[World]:
    """One account's world, up to date and held until the block ends.

    It is at the time of the test clock that rules the first object ``mentions`` names;
    if none does, at the account's own time. ``about`` is what a request knows of itself: its id, key and path.
    """
    with transaction.atomic():
        clock.hold(account)
        world = World(account, **about)
        # Here, because a refusal forgets what was registered while it was worked on.
        transaction.on_commit(lambda: delivery.flush() if world.has_news else None)
        clock.run_due(world, world.now)
        world.follow(mentions)
        yield world


@contextmanager
def world_holding(kind: str, id: str) -> Iterator[World | None]:
    """The world in which an object lives, for pages that know only its id."""
    account = store.account_of(kind, id) if conf.is_open else None
    if account is None:
        yield None
        return
    with open_world(account, mentions=[id]) as world:
        yield world


def account_for_key(key: str) -> str:
    """The account that a key opens; secret, restricted and publishable agree."""
    name = key.split("_test_", 1)[-1]
    return "acct_" + hashlib.sha256(name.encode()).hexdigest()[:16]


@cache
def _is_hidden_on_test_clocks(kind: str) -> bool:
    return "test_clock" in contract.skeleton(kind)


def _check_event(event: Json) -> None:
    found = contract.object_complaints(event["data"]["object"])
    found += contract.object_complaints(event)
    if found:
        raise BrokenContract(
            f"The sandbox's {event['type']} event is not Stripe's: {' '.join(found)}"
        )


def random_text(length: int) -> str:
    """Unguessable letters and digits."""
    text = ""
    while len(text) < length:
        text += secrets.token_urlsafe(2 * length).replace("-", "").replace("_", "")
    return text[:length]


def tombstone(obj: Json) -> Json:
    """What is left of a deleted object."""
    return {"id": obj["id"], "object": obj["object"], "deleted": True}
