from __future__ import annotations

import pytest
import stripe

from wagtail_billing_portal.sandbox.billing import portal

FEATURES = {
    "customer_update": {"enabled": True, "allowed_updates": ["email", "address"]},
    "invoice_history": {"enabled": True},
    "payment_method_update": {"enabled": True},
    "subscription_cancel": {
        "enabled": True,
        "mode": "at_period_end",
        "cancellation_reason": {"enabled": True, "options": ["too_expensive", "other"]},
    },
}


@pytest.fixture
def configuration(api, shop):
    return api.billing_portal.configurations.create(
        {"features": FEATURES, "default_return_url": "https://shop.test/account/"}
    )


def token_of(session):
    return session.url.rstrip("/").rsplit("/", 1)[1]


def test_a_configuration_keeps_what_it_offers(api, configuration):
    stored = api.billing_portal.configurations.retrieve(configuration.id)

    cancel = stored.features.subscription_cancel
    assert cancel.cancellation_reason.options == ["too_expensive", "other"]
    assert stored.features.subscription_update.enabled is False
    assert (stored.active, stored.is_default) == (True, False)


def test_an_update_merges_features_and_replaces_lists(api, configuration):
    changed = api.billing_portal.configurations.update(
        configuration.id,
        {
            "features": {
                "customer_update": {"enabled": True, "allowed_updates": ["phone"]},
                "subscription_cancel": {"enabled": False},
            },
            "business_profile": {"headline": "Hello"},
        },
    )

    assert changed.features.customer_update.allowed_updates == ["phone"]
    assert changed.features.subscription_cancel.enabled is False
    assert changed.features.invoice_history.enabled is True
    assert changed.business_profile.headline == "Hello"


@pytest.mark.parametrize(
    "features",
    [
        pytest.param({"customer_update": {"enabled": True}}, id="nothing to update"),
        pytest.param(
            {
                "subscription_cancel": {
                    "enabled": True,
                    "mode": "immediately",
                    "proration_behavior": "always_invoice",
                }
            },
            id="always_invoice",
        ),
        pytest.param(
            {
                "subscription_update": {
                    "enabled": True,
                    "default_allowed_updates": ["price"],
                }
            },
            id="no products",
        ),
    ],
)
def test_features_that_contradict_themselves_are_refused(api, features):
    with pytest.raises(stripe.InvalidRequestError):
        api.billing_portal.configurations.create({"features": features})


def test_products_on_offer_must_own_their_prices(api, shop):
    gold, silver = shop.price(), shop.price(600, "Silver")
    product = api.prices.retrieve(gold).product

    with pytest.raises(stripe.InvalidRequestError, match="not a recurring price of"):
        api.billing_portal.configurations.create(
            {
                "features": {
                    "subscription_update": {
                        "enabled": True,
                        "default_allowed_updates": ["price"],
                        "products": [{"product": product, "prices": [gold, silver]}],
                    }
                }
            }
        )


def test_a_session_opens_the_portal_for_a_while(api, shop, configuration):
    customer = shop.customer()
    session = api.billing_portal.sessions.create(
        {"customer": customer, "configuration": configuration.id}
    )
    token = token_of(session)

    visit = portal.enter(shop.world, token)
    shop.wait(hours=2)
    too_late = portal.enter(shop.world, token)

    assert session.return_url == "https://shop.test/account/"
    assert visit.customer["id"] == customer
    assert visit.configuration["id"] == configuration.id
    assert too_late is None


def test_an_unused_address_closes_after_five_minutes(api, shop, configuration):
    session = api.billing_portal.sessions.create(
        {"customer": shop.customer(), "configuration": configuration.id}
    )

    shop.travel(shop.world.now + 301)

    assert portal.enter(shop.world, token_of(session)) is None


def test_without_any_configuration_there_is_no_session(api, shop):
    with pytest.raises(stripe.InvalidRequestError, match="No configuration provided"):
        api.billing_portal.sessions.create(
            {"customer": shop.customer(), "return_url": "https://shop.test/"}
        )


def test_the_default_configuration_serves_those_who_name_none(api, shop):
    default = portal.save_default(shop.world, FEATURES)

    session = api.billing_portal.sessions.create(
        {"customer": shop.customer(), "return_url": "https://shop.test/"}
    )

    assert session.configuration == default["id"]


def test_a_flow_leads_straight_to_cancelling(api, shop, configuration):
    subscription = shop.subscribe()

    session = api.billing_portal.sessions.create(
        {
            "customer": subscription.customer,
            "configuration": configuration.id,
            "flow_data": {
                "type": "subscription_cancel",
                "subscription_cancel": {"subscription": subscription.id},
                "after_completion": {
                    "type": "redirect",
                    "redirect": {"return_url": "https://shop.test/bye/"},
                },
            },
        }
    )

    assert session.flow.subscription_cancel.subscription == subscription.id
    assert session.flow.after_completion.redirect.return_url == "https://shop.test/bye/"


def test_a_flow_needs_its_feature_and_its_own_subscription(api, shop, configuration):
    foreign = shop.subscribe()
    off = api.billing_portal.configurations.create(
        {"features": {"invoice_history": {"enabled": True}}}
    )

    def open_flow(configuration: str) -> None:
        api.billing_portal.sessions.create(
            {
                "customer": shop.customer(),
                "configuration": configuration,
                "return_url": "https://shop.test/",
                "flow_data": {
                    "type": "subscription_cancel",
                    "subscription_cancel": {"subscription": foreign.id},
                },
            }
        )

    with pytest.raises(stripe.InvalidRequestError, match="is disabled"):
        open_flow(off.id)
    with pytest.raises(stripe.InvalidRequestError, match="does not belong"):
        open_flow(configuration.id)
