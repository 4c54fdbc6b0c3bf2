from __future__ import annotations

import pytest
import stripe

from tests.sandbox.resources.shop import moment


def test_discounts_are_kept_and_taken_back(api, shop):
    coupon = api.coupons.create({"percent_off": 25, "duration": "forever"}).id
    subscription = shop.subscribe(discounts=[{"coupon": coupon}])
    first = shop.invoices()[0]

    shown = api.subscriptions.retrieve(subscription.id, {"expand": ["discounts"]})
    without = api.subscriptions.update(subscription.id, {"discounts": ""})
    shop.travel(moment(2026, 4, 1, 2))

    assert shown.discounts[0].source.coupon == coupon
    assert shown.discounts[0].subscription == subscription.id
    assert without.discounts == []
    assert [first.amount_paid, shop.invoices()[0].amount_paid] == [900, 1200]


def test_what_was_paid_with_a_discount_is_given_back_with_it(api, shop):
    coupon = api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    gold, titan = shop.price(3100), shop.price(6200, "Titan")
    subscription = shop.subscribe(
        items=[{"price": gold, "discounts": [{"coupon": coupon}]}]
    )
    item = subscription["items"].data[0]
    shop.wait(days=1)

    order = {"items": [{"id": item.id, "price": titan, "discounts": ""}]}
    api.subscriptions.update(subscription.id, order)

    amounts = [item["amount"] for item in shop.world.find("invoiceitem")]
    assert amounts == [-1500, 6000]


def test_prorations_can_show_their_discounts(api, shop):
    coupon = api.coupons.create({"percent_off": 50, "duration": "forever"}).id
    subscription = shop.subscribe(
        items=[{"price": shop.price(3100)}],
        discounts=[{"coupon": coupon}],
        billing_mode={
            "type": "flexible",
            "flexible": {"proration_discounts": "itemized"},
        },
    )
    shop.wait(days=1)
    item = subscription["items"].data[0]

    api.subscriptions.update(
        subscription.id, {"items": [{"id": item.id, "quantity": 2}]}
    )

    credit, debit = shop.world.find("invoiceitem")
    assert (credit["amount"], credit["net_amount"]) == (-3000, -1500)
    assert credit["proration_details"]["discount_amounts"][0]["amount"] == -1500
    assert (debit["amount"], debit["net_amount"]) == (6000, 3000)


def test_tax_rates_are_shown_whole(api, shop):
    rate = api.tax_rates.create(
        {"display_name": "VAT", "percentage": 20, "inclusive": False}
    )
    subscription = shop.subscribe(
        items=[{"price": shop.price(), "tax_rates": [rate.id]}],
        default_tax_rates=[rate.id],
    )

    assert subscription.default_tax_rates[0].display_name == "VAT"
    assert subscription["items"].data[0].tax_rates[0].id == rate.id
    assert shop.invoices()[0].total == 1440


def test_how_it_is_collected_can_change(api, shop):
    subscription = shop.subscribe()
    update = api.subscriptions.update

    with pytest.raises(stripe.InvalidRequestError, match="days_until_due"):
        update(subscription.id, {"collection_method": "send_invoice"})
    sent = update(
        subscription.id, {"collection_method": "send_invoice", "days_until_due": 14}
    )
    shop.travel(moment(2026, 4, 1, 2))
    invoice = shop.invoices()[0]
    charged = update(subscription.id, {"collection_method": "charge_automatically"})

    assert sent.days_until_due == 14
    assert (invoice.collection_method, invoice.status) == ("send_invoice", "open")
    assert charged.days_until_due is None


def test_terms_of_paying_and_billing_are_kept(api, shop):
    subscription = shop.subscribe(
        payment_settings={
            "payment_method_types": ["card", "sepa_debit"],
            "payment_method_options": {"card": {"request_three_d_secure": "any"}},
        },
        invoice_settings={
            "custom_fields": [{"name": "Order", "value": "4711"}],
            "footer": "Thank you",
        },
    )
    settings = subscription.payment_settings
    changed = api.subscriptions.update(
        subscription.id,
        {
            "payment_settings": {"payment_method_types": ""},
            "invoice_settings": {"footer": ""},
        },
    )

    assert settings.payment_method_types == ["card", "sepa_debit"]
    assert settings.payment_method_options.card.request_three_d_secure == "any"
    assert changed.payment_settings.payment_method_types is None
    assert changed.payment_settings.payment_method_options.card is not None
    assert changed.invoice_settings.footer is None
    assert changed.invoice_settings.custom_fields[0].value == "4711"


def test_a_default_payment_method_can_be_unset(api, shop):
    customer = shop.customer()
    method = api.payment_methods.attach("pm_card_visa", {"customer": customer})
    subscription = shop.subscribe(customer=customer, default_payment_method=method.id)

    order = {"default_payment_method": ""}
    changed = api.subscriptions.update(subscription.id, order)

    assert subscription.default_payment_method == method.id
    assert changed.default_payment_method is None


@pytest.mark.parametrize(
    ("order", "text"),
    [
        ({"on_behalf_of": "acct_1"}, "for platforms"),
        ({"transfer_data": {"destination": "acct_1"}}, "for platforms"),
        ({"automatic_tax": {"enabled": True}}, "location isn't recognized"),
        ({"default_tax_rates": ["txr_1"]}, "No such tax"),
        ({"discounts": [{"coupon": "none"}]}, "No such coupon"),
        ({"days_until_due": 3}, "send_invoice"),
    ],
)
def test_terms_that_cannot_be_are_refused(shop, order, text):
    with pytest.raises(stripe.InvalidRequestError, match=text):
        shop.subscribe(**order)


def test_a_reason_for_leaving_must_be_on_offer(api, shop):
    option = api.billing.feedback_options.create({"description": "Moving away"}).id
    subscription = shop.subscribe()
    order = {"cancellation_details": {"feedback_option": option}}

    told = api.subscriptions.update(subscription.id, order)
    api.billing.feedback_options.deactivate(option)

    assert told.cancellation_details.feedback_option == option
    with pytest.raises(stripe.InvalidRequestError, match="inactive"):
        api.subscriptions.cancel(subscription.id, order)


def test_automatic_tax_needs_to_know_where_the_customer_is(api, shop):
    customer = shop.customer(address={"country": "DE", "postal_code": "10115"})

    subscription = shop.subscribe(customer=customer, automatic_tax={"enabled": True})

    assert subscription.automatic_tax.enabled
    assert subscription.automatic_tax.liability.type == "self"


def test_entitlements_follow_the_subscription(api, shop):
    price = api.prices.retrieve(shop.price())
    feature = api.entitlements.features.create({"name": "Chat", "lookup_key": "chat"})
    api.products.features.create(price.product, {"entitlement_feature": feature.id})

    subscription = shop.subscribe(items=[{"price": price.id}])
    held = api.entitlements.active_entitlements.list(
        {"customer": subscription.customer}
    ).data
    api.subscriptions.cancel(subscription.id)
    lost = api.entitlements.active_entitlements.list(
        {"customer": subscription.customer}
    ).data

    assert [one.lookup_key for one in held] == ["chat"]
    assert lost == []


def test_a_renamed_price_shows_wherever_it_is_used(api, shop):
    price, other = shop.price(), shop.price(500, "Silver")
    used, unused = (shop.subscribe(items=[{"price": id}]) for id in (price, other))

    api.prices.update(price, {"nickname": "Family"})

    shown = [shop.subscription(one.id)["items"].data[0] for one in (used, unused)]
    assert [item.price.nickname for item in shown] == ["Family", None]
