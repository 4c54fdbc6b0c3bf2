from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox.billing import payment_links


@pytest.fixture
def link(api, shop):
    return api.payment_links.create(
        {
            "line_items": [{"price": shop.price(), "quantity": 2}],
            "metadata": {"campaign": "spring"},
            "subscription_data": {"trial_period_days": 7, "metadata": {"a": "b"}},
        }
    )


def visit(shop, link, **asked):
    stored = shop.world.get("payment_link", link.id)
    return payment_links.visit(shop.world, stored, asked)


def test_a_link_has_an_address_and_items(api, shop, link):
    listed = api.payment_links.line_items.list(link.id).data

    assert "/pay/test_" in link.url
    assert (link.active, link.currency, link.customer_creation) == (
        True,
        "eur",
        "always",
    )
    assert [(it.quantity, it.amount_total) for it in listed] == [(2, 2400)]
    assert shop.events("payment_link") == ["payment_link.created"]


def test_every_visit_is_a_session_of_its_own(api, shop, link):
    first, second = visit(shop, link), visit(shop, link)

    found = api.checkout.sessions.list({"payment_link": link.id}).data
    assert {it.id for it in found} == {first["id"], second["id"]}
    assert found[0].metadata.to_dict() == {"campaign": "spring"}
    assert found[0].amount_total == 0


def test_a_visit_ends_in_what_the_link_sells(api, shop, link):
    session = visit(shop, link, client_reference_id="member-7")

    outcome = shop.pay(api.checkout.sessions.retrieve(session["id"]))

    done = api.checkout.sessions.retrieve(session["id"], {"expand": ["subscription"]})
    assert done.client_reference_id == "member-7"
    assert done.subscription.status == "trialing"
    assert done.subscription.metadata.to_dict() == {"a": "b"}
    assert outcome.redirect_url.endswith(f"/checkout/{session['id']}/")


def test_a_reference_that_cannot_be_is_left_out(shop, link):
    assert visit(shop, link, client_reference_id="<x>")["client_reference_id"] is None


def test_a_link_may_lead_on(api, shop, link):
    there = "https://shop.test/thanks?s={CHECKOUT_SESSION_ID}"
    after = {"type": "redirect", "redirect": {"url": there}}
    api.payment_links.update(link.id, {"after_completion": after})

    session = visit(shop, link)

    assert session["success_url"] == there
    assert shop.events("payment_link")[-1] == "payment_link.updated"


def test_a_link_closes_with_its_last_payment(api, shop, link):
    limit = {"completed_sessions": {"limit": 1}}
    api.payment_links.update(link.id, {"restrictions": limit})
    session = api.checkout.sessions.retrieve(visit(shop, link)["id"])

    shop.pay(session)

    closed = api.payment_links.retrieve(link.id)
    assert closed.active is False
    assert closed.restrictions.completed_sessions.count == 1
    assert api.payment_links.list({"active": True}).data == []


@pytest.mark.parametrize(
    ("params", "param"),
    [
        (
            {"after_completion": {"type": "redirect", "redirect": {"url": "x:y"}}},
            "after_completion[redirect][url]",
        ),
        ({"payment_intent_data": {"description": "x"}}, "payment_intent_data"),
        (
            {"restrictions": {"completed_sessions": {"limit": 0}}},
            "restrictions[completed_sessions][limit]",
        ),
    ],
)
def test_a_link_that_cannot_work_is_refused(api, link, params, param):
    with pytest.raises(stripe.InvalidRequestError) as refused:
        api.payment_links.update(link.id, params)

    assert refused.value.param == param
