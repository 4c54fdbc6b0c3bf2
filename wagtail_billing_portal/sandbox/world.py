"""One Stripe account's world, inside the current transaction."""

from __future__ import annotations

import hashlib
import secrets
import string
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import transaction

from . import clock, contract, delivery, events, pagination, store
from .conf import conf
from .errors import BrokenContract, InvalidRequest, ResourceMissing
from .models import StoredObject

Json = dict[str, Any]

ALPHABET = string.ascii_letters + string.digits


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
        self._now = clock.now(account)

    @property
    def now(self) -> int:
        """Unix seconds of the world's clock; one moment for a whole request."""
        return self._now

    def set_time(self, moment: int) -> None:
        """Make it ``moment`` in this world; only the clock calls this."""
        self._now = moment

    @contextmanager
    def at(self, moment: int) -> Iterator[None]:
        """Do what Stripe does by itself at ``moment``: no request asked for it."""
        before = (self._now, self.request_id, self.idempotency_key)
        self._now, self.request_id, self.idempotency_key = moment, None, None
        try:
            yield
        finally:
            self._now, self.request_id, self.idempotency_key = before

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
        return tombstone(stored.data) if stored.deleted else dict(stored.data)

    def find(self, kind: str, **equals: Any) -> list[Json]:
        """Copies of the living objects whose top-level fields match, newest first.

        ``customer``, ``subscription``, ``invoice`` and ``status`` are indexed; a
        list of values means any of them.
        """
        return [stored.data for stored in store.rows(self.account, kind, **equals)]

    def list(self, kind: str, params: Json, **equals: Any) -> Json:
        """The page of Stripe's list that ``params`` ask for."""
        found = store.rows(self.account, kind, **equals)
        among = store.history(self.account, kind)
        return pagination.page_of_rows(found, params, among=among, url=self.path)

    def add(self, obj: Json, event: str | None = None) -> Json:
        """Store a new object; tell the endpoints if ``event`` is given."""
        if store.row(self.account, obj["object"], obj["id"]) is not None:
            noun = obj["object"].replace("_", " ").capitalize()
            raise InvalidRequest(
                f"{noun} already exists.", code="resource_already_exists", param="id"
            )
        store.insert(self.account, store.plain(obj), now=self.now)
        if event:
            self.emit(event, obj)
        return obj

    def save(self, obj: Json, event: str | None = None) -> Json:
        """Store a new version of an object.

        An ``*.updated`` event says what changed since the stored version, and is
        left out when nothing did.
        """
        stored = self._row(obj)
        old, new = stored.data, store.plain(obj)
        store.write(stored, new)
        if event and event.endswith(".updated"):
            before, after = store.public(old), store.public(new)
            if previous := events.previous_attributes(before, after):
                self.emit(event, obj, previous)
        elif event:
            self.emit(event, obj)
        return obj

    def delete(self, obj: Json, event: str | None = None) -> Json:
        """Remove an object for good and return Stripe's tombstone of it."""
        stored = self._row(obj)
        stored.deleted, stored.due_at = True, None
        stored.save(update_fields=["deleted", "due_at"])
        if event:
            self.emit(event, obj)
        return tombstone(obj)

    def emit(self, type: str, obj: Json, previous: Json | None = None) -> Json:
        """Store an event about ``obj`` as it is now, and queue its deliveries."""
        event = events.build(self, type, obj, previous)
        if conf.STRICT:
            _check_event(event)
        self.has_news = True
        return delivery.publish(self.account, event)

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

    def _row(self, obj: Json) -> StoredObject:
        stored = store.row(self.account, obj["object"], obj["id"])
        if stored is None or stored.deleted:
            raise ResourceMissing(obj["object"], obj["id"])
        return stored


@contextmanager
def open_world(account: str, **about: Any) -> Iterator[World]:
    """One account's world, up to date and held until the block ends.

    ``about`` is what a request knows of itself: its id, key and path.
    """
    with transaction.atomic():
        clock.hold(account)
        world = World(account, **about)
        # Here, because a refusal forgets what was registered while it was worked on.
        transaction.on_commit(lambda: delivery.flush() if world.has_news else None)
        clock.run_due(world, world.now)
        yield world


@contextmanager
def world_holding(kind: str, id: str) -> Iterator[World | None]:
    """The world in which an object lives, for pages that know only its id."""
    account = store.account_of(kind, id)
    if account is None:
        yield None
        return
    with open_world(account) as world:
        yield world


def account_for_key(key: str) -> str:
    """The account that a key opens; secret, restricted and publishable agree."""
    name = key.split("_test_", 1)[-1]
    return "acct_" + hashlib.sha256(name.encode()).hexdigest()[:16]


def _check_event(event: Json) -> None:
    found = contract.object_complaints(event["data"]["object"])
    found += contract.object_complaints(event)
    if found:
        raise BrokenContract(
            f"The sandbox's {event['type']} event is not Stripe's: {' '.join(found)}"
        )


def random_text(length: int) -> str:
    """Unguessable letters and digits."""
    return "".join(secrets.choice(ALPHABET) for _ in range(length))


def tombstone(obj: Json) -> Json:
    """What is left of a deleted object."""
    return {"id": obj["id"], "object": obj["object"], "deleted": True}
