"""Every event that the sandbox emits can be brought about by requests alone."""

from __future__ import annotations

import json

import pytest

from tests.sandbox.triggers import SCRIPTS
from tests.sandbox.triggers.language import indexed, run, unnumbered
from tests.tools.sandbox_tables import emitted_types
from wagtail_billing_portal.sandbox.dispatch import handle

KEY = "sk_test_sandbox_scripts"
# Card networks do that by themselves.
BY_THEMSELVES = {"payment_method.automatically_updated"}


@pytest.mark.parametrize("spelling", [indexed, unnumbered])
@pytest.mark.parametrize("event", sorted(SCRIPTS))
def test_a_script_brings_its_event_about(db, event, spelling):
    run(SCRIPTS[event], KEY, spelling)

    assert event in happened()


def test_there_is_a_script_for_every_event():
    assert emitted_types() - set(SCRIPTS) == BY_THEMSELVES


def happened() -> set[str]:
    headers = {"Authorization": f"Bearer {KEY}"}
    answer = handle("GET", "/v1/events?limit=100", headers)
    return {event["type"] for event in json.loads(answer.body)["data"]}
