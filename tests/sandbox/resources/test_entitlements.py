from __future__ import annotations

import pytest
import stripe

CHANGED = "entitlements.active_entitlement_summary.updated"


@pytest.fixture
def feature(api):
    def feature(key="archive"):
        about = {"name": key.title(), "lookup_key": key}
        return api.entitlements.features.create(about).id

    return feature


@pytest.fixture
def entitling(api, shop, feature):
    """A price whose product lets its subscribers use features."""

    def entitling(*keys):
        price = api.prices.retrieve(shop.price())
        for key in keys:
            link = {"entitlement_feature": feature(key)}
            api.products.features.create(price.product, link)
        return price.id

    return entitling


def held(api, customer):
    found = api.entitlements.active_entitlements.list({"customer": customer})
    return {one.lookup_key for one in found}


def test_subscribers_may_use_what_their_product_entitles_to(api, shop, entitling):
    subscription = shop.subscribe(items=[{"price": entitling("archive", "api")}])

    assert held(api, subscription.customer) == {"archive", "api"}
    summary = shop.last_event(CHANGED).data.object
    assert summary.customer == subscription.customer
    assert len(summary.entitlements.data) == 2


def test_nothing_is_said_when_nothing_changed(api, shop, entitling):
    subscription = shop.subscribe(items=[{"price": entitling("archive")}])
    api.subscriptions.update(subscription.id, {"metadata": {"a": "b"}})

    assert shop.events().count(CHANGED) == 1


def test_who_leaves_loses_access(api, shop, entitling):
    subscription = shop.subscribe(items=[{"price": entitling("archive")}])

    api.subscriptions.cancel(subscription.id)

    assert held(api, subscription.customer) == set()
    assert shop.last_event(CHANGED).data.object.entitlements.data == []


def test_an_unpaid_start_entitles_to_nothing(api, shop, entitling):
    price = entitling("archive")

    subscription = shop.subscribe(
        "pm_card_chargeCustomerFail", items=[{"price": price}]
    )

    assert subscription.status == "incomplete"
    assert held(api, subscription.customer) == set()


def test_an_event_tells_of_ten_at_most(api, shop, entitling):
    keys = [f"feature-{n}" for n in range(12)]

    subscription = shop.subscribe(items=[{"price": entitling(*keys)}])

    listed = shop.last_event(CHANGED).data.object.entitlements
    assert (len(listed.data), listed.has_more) == (10, True)
    page = {"customer": subscription.customer, "limit": 100}
    assert len(api.entitlements.active_entitlements.list(page).data) == 12


def test_a_lookup_key_names_one_living_feature(api, feature):
    first = feature()
    with pytest.raises(stripe.InvalidRequestError, match="exists already"):
        feature()

    api.entitlements.features.update(first, {"active": False})

    assert feature() != first
    with pytest.raises(stripe.InvalidRequestError, match="archived"):
        api.entitlements.features.update(first, {"name": "Again"})
    archived = api.entitlements.features.list({"archived": True})
    assert [one.id for one in archived] == [first]


def test_products_show_features_as_they_are_now(api, shop, feature):
    product = api.prices.retrieve(shop.price()).product
    key = feature()
    link = api.products.features.create(product, {"entitlement_feature": key})

    api.entitlements.features.update(key, {"name": "The archive"})

    shown = api.products.features.retrieve(product, link.id)
    assert shown.entitlement_feature.name == "The archive"
    with pytest.raises(stripe.InvalidRequestError, match="already"):
        api.products.features.create(product, {"entitlement_feature": key})
    assert api.products.features.delete(product, link.id).deleted is True
    assert api.products.features.list(product).data == []
