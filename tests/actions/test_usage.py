"""How a preview's lines are read, where the sandbox has no such preview to show."""

from __future__ import annotations

import pytest

from tests.tools.metering import IN_THREE_STEPS, graduated, subscribed_to_calls, use
from wagtail_billing_portal.actions.upcoming import invoice_to_come
from wagtail_billing_portal.actions.usage import Use, usage_in
from wagtail_billing_portal.exceptions import TooManyPreviews


@pytest.fixture
def calls(stripe_side, member):
    calls = subscribed_to_calls(stripe_side, member, **graduated(*IN_THREE_STEPS))
    use(stripe_side, calls, 2500)
    return calls


@pytest.fixture
def preview(calls):
    return invoice_to_come(calls).data


def test_a_list_that_was_cut_short_counts_nothing_rather_than_too_few(calls, preview):
    preview["lines"]["has_more"] = True

    usage = usage_in(preview, calls)

    assert list(usage.uses.values()) == [Use()]
    assert usage.bill.total == preview["total"]


def test_lines_that_cost_something_else_than_the_price_are_not_counted(calls, preview):
    preview["lines"]["data"][0]["amount"] += 500

    [read] = usage_in(preview, calls).uses.values()

    assert read.quantity is None


def test_a_line_may_name_its_quantity_either_way(calls, preview):
    for line in preview["lines"]["data"]:
        line["quantity_decimal"] = None

    [read] = usage_in(preview, calls).uses.values()

    assert read.quantity == 2500


def test_a_script_that_asks_for_figures_without_end_is_stopped(calls):
    def ask_without_end() -> None:
        # A new minute may begin meanwhile, but not twice.
        for _again in range(2 * 60 + 1):
            invoice_to_come(calls)

    with pytest.raises(TooManyPreviews):
        ask_without_end()
