"""All acts over the whole product of subscriptions: what must hold for each of them."""

from __future__ import annotations

from itertools import product

import pytest

from tests.policies.acts import ACTS, Kind, Someone, decision, every_kind
from tests.tools.reference_tables import POLICIES, written
from wagtail_billing_portal.models import Feature, PortalSettings, Role

KINDS = list(every_kind())
OVER = ("canceled", "incomplete_expired")


def test_every_denial_has_a_code_and_a_sentence():
    for kind, act in product(KINDS, ACTS):
        answer = decision(act, kind)
        if not answer:
            assert answer.code, (act, kind)
            assert str(answer.reason).endswith("."), (act, kind)


@pytest.mark.parametrize("act", ACTS)
def test_a_viewer_looks_and_does_nothing(act):
    answers = {bool(decision(act, kind)) for kind in KINDS if kind.role == Role.VIEWER}

    assert answers == {act == "view"}


@pytest.mark.parametrize("act", ACTS)
def test_owner_and_manager_may_do_the_same(act):
    for kind in KINDS:
        if kind.role == Role.OWNER:
            manager = Kind(**{**vars(kind), "role": Role.MANAGER})
            assert decision(act, kind).code == decision(act, manager).code


def test_after_the_end_there_is_looking_and_beginning_anew():
    for kind, act in product(KINDS, ACTS):
        if kind.status in OVER and act not in ("view", "subscribe again"):
            assert not decision(act, kind), (act, kind)


def test_what_was_agreed_with_somebody_stays():
    for kind, act in product(KINDS, ACTS):
        if kind.schedule == "theirs" and act not in ("view", "resume"):
            assert kind.status in OVER or not decision(act, kind), (act, kind)


def test_what_was_begun_can_be_taken_back_whatever_the_site_offers_today():
    nothing = PortalSettings(**{f"offer_{it.value}": False for it in Feature})
    ways_back = [
        "resume",
        "undo a cancellation",
        "undo a scheduled change",
        "remove a discount",
    ]
    for kind, act in product(KINDS, ways_back):
        today = ACTS[act](Someone(kind.role, settings=nothing), kind.subscription())
        assert today.code == decision(act, kind).code, (act, kind)


def test_opposites_are_never_both_possible():
    opposites = [
        ("cancel at the end", "undo a cancellation"),
        ("cancel at once", "undo a cancellation"),
        ("pause", "resume"),
        ("change plan", "undo a scheduled change"),
        ("cancel at the end", "subscribe again"),
    ]
    for kind, (one, other) in product(KINDS, opposites):
        assert not (decision(one, kind) and decision(other, kind)), (one, kind)


def test_whoever_runs_can_always_leave():
    for kind in KINDS:
        stays = kind.schedule == "theirs" or kind.is_ending
        if kind.role == Role.VIEWER or stays or kind.status in (*OVER, "incomplete"):
            continue
        ways = [decision(f"cancel at {when}", kind) for when in ("the end", "once")]
        assert any(ways), kind


def test_the_reference_says_what_holds():
    page = POLICIES.read_text()

    assert page == written(page), "Run `make reference`."


def test_stripes_page_lets_nobody_do_what_the_site_does_not():
    natively = {
        "change on Stripe's page": ("change plan", "change quantity"),
        "cancel on Stripe's page": ("cancel at the end",),
        "pause on Stripe's page": ("pause",),
    }
    for kind, (there, here) in product(KINDS, natively.items()):
        if decision(there, kind):
            assert any(decision(act, kind) for act in here), (there, kind)
