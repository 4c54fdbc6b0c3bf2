"""Reasons for leaving in the site's own words, here and at Stripe."""

from __future__ import annotations

from tests.tools.shop import a_form, soup, the_settings, url
from wagtail_billing_portal.actions.configuration import push_configuration
from wagtail_billing_portal.models.leaving import OwnReason


def own(*texts: str) -> list[OwnReason]:
    settings = the_settings(cancel_reasons=["unused", "other"])
    made = [OwnReason.objects.create(settings=settings, text=it) for it in texts]
    push_configuration(the_settings())
    return [OwnReason.objects.get(pk=it.pk) for it in made]


def active_at(stripe_side) -> list[str]:
    listed = stripe_side.client.v1.billing.feedback_options.list({"status": "active"})
    return [it.description for it in listed.data]


def test_they_come_before_another_reason(ada, subscription):
    own("I am moving")

    page = ada.get(url("cancel", subscription.pk))

    choices = [it.text.strip() for it in soup(page).select(".billing-choice")]
    assert choices == ["I don't use it enough", "I am moving", "Another reason"]


def test_stripe_hears_which_one_it_was(ada, subscription, stripe_side):
    [reason] = own("I am moving")

    ada.post(url("cancel", subscription.pk), {"reason": reason.value})
    ada.post(url("cancel_confirm", subscription.pk), a_form())

    said = stripe_side.client.v1.subscriptions.retrieve(subscription.pk)
    assert said.cancellation_details.feedback_option == reason.feedback_option


def test_stripe_has_each_of_them_once_in_its_words_of_now(shop, stripe_side):
    [reason] = own("I am moving")
    OwnReason.objects.update(text="I move away")

    push_configuration(the_settings())
    push_configuration(the_settings())

    assert active_at(stripe_side) == ["I move away"]


def test_what_is_removed_is_offered_no_more(shop, stripe_side):
    first, _second = own("I am moving", "I retire")
    first.delete()

    push_configuration(the_settings())

    assert active_at(stripe_side) == ["I retire"]


def test_stripes_own_portal_offers_them_too(shop, stripe_side):
    [reason] = own("I am moving")

    id = push_configuration(the_settings(cancel_mode="either"))

    found = stripe_side.client.v1.billing_portal.configurations.retrieve(id)
    cancel = found.features.subscription_cancel
    assert cancel.mode == "at_period_end"
    assert cancel.cancellation_reason.feedback_options == [reason.feedback_option]
