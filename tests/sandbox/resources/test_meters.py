from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import DAY, HOUR, moment
from wagtail_billing_portal.sandbox.billing import meters

START = moment(2026, 3, 1)


@pytest.fixture
def customer(shop):
    return shop.customer(card=None)


@pytest.fixture
def meter(api):
    def meter(formula="sum", **params):
        about = {"display_name": "Words", "event_name": "words"}
        formula = {"formula": formula}
        return api.billing.meters.create(
            {**about, "default_aggregation": formula, **params}
        )

    return meter


@pytest.fixture
def report(api, customer):
    def report(value="1", *, to=customer, **params):
        payload = {"stripe_customer_id": to, "value": value}
        return api.billing.meter_events.create(
            {"event_name": "words", "payload": payload, **params}
        )

    return report


@pytest.mark.parametrize(
    ("formula", "total"), [("sum", 7.5), ("count", 3), ("last", 0.5)]
)
def test_usage_is_added_up_by_the_meters_formula(
    api, customer, meter, report, formula, total
):
    made = meter(formula)
    for value in ("5", "2", "0.5"):
        report(value)

    span = {"start_time": START, "end_time": START + DAY}
    found = api.billing.meters.event_summaries.list(
        made.id, {"customer": customer, **span}
    )

    assert [summary.aggregated_value for summary in found] == [total]


def test_usage_is_shown_hour_by_hour(api, shop, customer, meter, report):
    made = meter()
    report("1")
    shop.wait(hours=3)
    report("2")
    report("4", timestamp=START + 2 * HOUR)

    found = api.billing.meters.event_summaries.list(
        made.id,
        {
            "customer": customer,
            "start_time": START,
            "end_time": START + DAY,
            "value_grouping_window": "hour",
            "limit": 2,
        },
    )

    hours = [(one.start_time - START) // HOUR for one in found.auto_paging_iter()]
    assert hours == [3, 2, 0]
    assert found.data[0].aggregated_value == 2


def test_spans_begin_and_end_on_the_minute(api, customer, meter):
    span = {"customer": customer, "start_time": START + 1, "end_time": START + DAY}

    with pytest.raises(stripe.InvalidRequestError, match="aligned with minute"):
        api.billing.meters.event_summaries.list(meter().id, span)


def test_the_same_identifier_counts_once_a_day(shop, meter, report):
    meter()
    report(identifier="one")
    with pytest.raises(stripe.InvalidRequestError, match="already exists with ident"):
        report(identifier="one")

    shop.wait(days=1)

    assert report(identifier="one").identifier == "one"


def test_a_mistake_can_be_taken_back(api, world, customer, meter, report):
    made = meter()
    report("5", identifier="wrong")
    report("2")
    wrong = {"event_name": "words", "type": "cancel", "cancel": {"identifier": "wrong"}}

    api.billing.meter_event_adjustments.create(wrong)

    assert meters.usage(world, made.id, customer, START, START + DAY) == 2


@pytest.mark.parametrize(
    ("params", "message"),
    [
        ({"timestamp": START - 36 * DAY}, "35 calendar days"),
        ({"timestamp": START + 301}, "5 minutes in the future"),
        ({"value": "many"}, "not a number"),
        ({"to": "cus_nobody"}, "No such customer"),
        ({"event_name": "pages"}, "No active meter"),
    ],
)
def test_what_makes_no_sense_is_not_counted(meter, report, params, message):
    meter()

    with pytest.raises(stripe.InvalidRequestError, match=message):
        report(**params)


def test_the_last_report_of_an_hour_is_what_counts_when_it_is_a_total(
    world, customer, meter, report
):
    made = meter(event_time_window="hour")
    report("5", timestamp=START - 60)
    report("1")
    report("3")

    assert meters.usage(world, made.id, customer, START - HOUR, START + HOUR) == 8


def test_a_switched_off_meter_counts_nothing(api, shop, meter, report):
    made = meter()

    off = api.billing.meters.deactivate(made.id)

    assert (off.status, off.status_transitions.deactivated_at) == ("inactive", START)
    with pytest.raises(stripe.InvalidRequestError, match="No active meter"):
        report()
    api.billing.meters.reactivate(made.id)
    assert report().event_name == "words"
    assert shop.events("billing.meter")[-2:] == [
        "billing.meter.deactivated",
        "billing.meter.reactivated",
    ]


def test_an_event_name_belongs_to_one_living_meter(api, meter):
    first = meter()
    with pytest.raises(stripe.InvalidRequestError, match="exists already"):
        meter()
    api.billing.meters.deactivate(first.id)
    meter()

    with pytest.raises(stripe.InvalidRequestError, match="exists already"):
        api.billing.meters.reactivate(first.id)
