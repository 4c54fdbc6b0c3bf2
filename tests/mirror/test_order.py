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


def an_answer(version: Snapshot, since: int, as_of: int) -> Snapshot:
    """The answer to a request of second ``since``, whatever moment it is of."""
    return snapshot_of(CUSTOMERS, version.data, since=since, as_of=as_of)


@st.composite
def slow_answers(draw: st.DrawFn) -> tuple[Snapshot, list[Snapshot]]:
    """Events of a life, and answers that were true when they were made."""
    length = draw(st.integers(1, 5))
    gaps = draw(st.lists(st.integers(0, 2), min_size=length, max_size=length))
    seconds = [1000 + sum(gaps[: position + 1]) for position in range(length)]
    life = a_life(
        [draw(st.integers(0, 1)) + 2 * (n % 2) for n in range(length)], seconds
    )
    delivered = list(life)
    for _answer in range(draw(st.integers(1, 4))):
        n = draw(st.integers(0, length - 1))
        # Made while this was the version, asked for and answered at other times.
        until = seconds[n + 1] if n + 1 < length else seconds[n] + 2
        made = draw(st.integers(seconds[n], until))
        since, as_of = made - draw(st.integers(0, 3)), made + draw(st.integers(0, 3))
        delivered.append(an_answer(life[n], since, as_of))
    return life[-1], draw(st.permutations(delivered))


@given(slow_answers())
def test_slow_answers_end_in_the_last_version_or_ask_for_a_refresh(
    case: tuple[Snapshot, list[Snapshot]],
) -> None:
    last, delivered = case

    stored, stale = STUB, 0
    for snapshot in delivered:
        stored, verdict = take(stored, snapshot)
        if verdict is Verdict.REFRESH:
            stale = max(stale, stored.version.as_of, snapshot.as_of)
        elif verdict is Verdict.STORE and snapshot.since > stale:
            stale = 0

    assert stale or stored.version.digest == last.digest


def test_an_answer_that_was_overtaken_is_no_news() -> None:
    before, after = a_life([1, 2], [7, 9])
    stored, _verdict = take(STUB, after)

    late = an_answer(before, since=8, as_of=12)

    assert decide(stored, late).verdict is Verdict.REFRESH
    assert decide(stored, an_answer(before, since=8, as_of=9)).verdict is Verdict.KEEP


def test_what_happened_while_an_answer_was_awaited_is_asked_again() -> None:
    before, after = a_life([1, 2], [7, 9])
    stored, _verdict = take(STUB, an_answer(before, since=8, as_of=12))

    assert decide(stored, after).verdict is Verdict.REFRESH


def test_what_was_before_an_answer_was_asked_for_is_known() -> None:
    before, after = a_life([1, 2], [7, 9])
    stored, _verdict = take(STUB, an_answer(after, since=8, as_of=9))

    stored, verdict = take(stored, before)

    assert verdict is Verdict.KEEP


def test_an_answer_of_the_same_content_narrows_the_moment_down() -> None:
    [only] = a_life([1], [7])
    stored, _verdict = take(STUB, an_answer(only, since=5, as_of=9))

    stored, verdict = take(stored, only)

    assert verdict is Verdict.KEEP
    assert (stored.since, stored.version.as_of) == (7, 9)
