"""The benchmarks' stream is what it is said to be."""

from __future__ import annotations

import pytest

from wagtail_billing_portal.mirror.families import FAMILIES

from .living import Tally, lived

pytestmark = pytest.mark.django_db

ENOUGH = 600


def test_a_stream_shows_every_family_and_ties_a_quarter_of_its_events():
    tally, seen = Tally(), set()

    for events in lived(ENOUGH):
        tally.count(events)
        seen |= {event["data"]["object"]["object"] for event in events}

    told_by_events = {name for name, family in FAMILIES.items() if family.events}
    assert told_by_events - seen == set()
    assert 0.2 < tally.tied_share < 0.35
