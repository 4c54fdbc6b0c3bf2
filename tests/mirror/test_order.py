"""The rule of ingest, by itself: whatever the order, it never settles on a lie."""

from __future__ import annotations

from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from wagtail_billing_portal.mirror.customers import CUSTOMERS
from wagtail_billing_portal.mirror.invoices import INVOICES
from wagtail_billing_portal.mirror.order import Stored, Verdict, decide
from wagtail_billing_portal.mirror.snapshots import Snapshot, Version, snapshot_of

STUB = Stored(version=Version(0, ""), versions=[], is_stub=True)


def a_life(values: list[int], seconds: list[int]) -> list[Snapshot]:
    """The events of a customer whose name went through ``values``."""
    life: list[Snapshot] = []
    for position, (value, second) in enumerate(zip(values, seconds, strict=True)):
        before = values[position - 1] if position else None
        life.append(
            snapshot_of(
                CUSTOMERS,
                {"id": "cus_1", "object": "customer", "name": str(value)},
                as_of=second,
                event_type="customer.updated" if position else "customer.created",
                previous={"name": str(before)} if position else None,
            )
        )
    return life


def take(stored: Stored, snapshot: Snapshot) -> tuple[Stored, Verdict]:
    decision = decide(stored, snapshot)
    stores = decision.verdict is Verdict.STORE
    digest = snapshot.digest if stores else stored.version.digest
    settled = Stored(Version(decision.as_of, digest), decision.versions)
    return settled, decision.verdict


@st.composite
def deliveries(draw: st.DrawFn) -> tuple[Snapshot, list[Snapshot]]:
    steps = draw(st.lists(st.integers(0, 3), min_size=1, max_size=6))
    values = [
        value
        for position, value in enumerate(steps)
        if not position or value != steps[position - 1]
    ]
    gaps = draw(st.lists(st.integers(0, 1), min_size=len(values), max_size=len(values)))
    seconds = [1000 + sum(gaps[: position + 1]) for position in range(len(values))]
    life = a_life(values, seconds)
    twice = draw(st.lists(st.sampled_from(life), max_size=4))
    return life[-1], draw(st.permutations([*life, *twice]))


@given(deliveries())
def test_any_order_ends_in_the_last_version_or_asks_for_a_refresh(
    case: tuple[Snapshot, list[Snapshot]],
) -> None:
    last, delivered = case

    stored, undecided = STUB, False
    for snapshot in delivered:
        before = stored.version.as_of
        stored, verdict = take(stored, snapshot)
        if stored.version.as_of > before:
            undecided = False
        undecided = undecided or verdict is Verdict.REFRESH

    assert undecided or stored.version.digest == last.digest


@given(deliveries())
def test_the_answer_to_a_later_request_settles_everything(
    case: tuple[Snapshot, list[Snapshot]],
) -> None:
    last, delivered = case
    stored = STUB
    for snapshot in delivered:
        stored, _verdict = take(stored, snapshot)

    answer = snapshot_of(CUSTOMERS, last.data, as_of=last.as_of, seen=stored.version)
    stored, _verdict = take(stored, answer)

    assert stored.version.digest == last.digest


@given(st.permutations(["draft", "open", "paid"]))
def test_an_invoice_of_one_second_ends_paid_without_a_refresh(order: list[str]) -> None:
    stored, verdicts = STUB, []
    for status in order:
        raw: dict[str, Any] = {"id": "in_1", "object": "invoice", "status": status}
        snapshot = snapshot_of(INVOICES, raw, as_of=5, event_type="invoice.updated")
        stored, verdict = take(stored, snapshot)
        verdicts.append(verdict)

    paid = snapshot_of(
        INVOICES, {"id": "in_1", "object": "invoice", "status": "paid"}, as_of=5
    )
    assert Verdict.REFRESH not in verdicts
    assert stored.version.digest == paid.digest


def test_changed_there_and_back_within_a_second_is_left_to_a_refresh() -> None:
    first, second, third = a_life([1, 2, 1], [7, 7, 7])

    stored, _verdict = take(STUB, third)
    stored, _verdict = take(stored, first)
    _stored, verdict = take(stored, second)

    assert verdict is Verdict.REFRESH


def test_two_versions_that_nothing_orders_are_left_to_a_refresh() -> None:
    one = snapshot_of(
        CUSTOMERS, {"id": "c", "object": "customer", "name": "1"}, as_of=7
    )
    two = snapshot_of(
        CUSTOMERS, {"id": "c", "object": "customer", "name": "2"}, as_of=7
    )

    stored, _verdict = take(STUB, one)
    _stored, verdict = take(stored, two)

    assert verdict is Verdict.REFRESH


def test_a_deleted_object_stays_deleted() -> None:
    life = a_life([1, 2], [7, 9])
    gone = Stored(life[0].as_of and Version(7, life[0].digest), [], is_deleted=True)

    assert decide(gone, life[1]).verdict is Verdict.KEEP
