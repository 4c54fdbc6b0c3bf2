from __future__ import annotations

from django.utils import timezone

from tests.tools.shop import (
    account_of_user,
    asked_by,
    buttons,
    sold,
    soup,
    subscribed,
    the_settings,
    the_site,
    url,
    words,
)
from wagtail_billing_portal.models import (
    CustomerAccess,
    Invoice,
    Role,
    Subscription,
    SubscriptionState,
)
from wagtail_billing_portal.sections import (
    SubscriptionDetailSection,
    SubscriptionsSection,
)
from wagtail_billing_portal.sections.subscription_card import SubscriptionCard
from wagtail_billing_portal.sections.words import date_words


def shown(user=None, **options) -> str:
    section = SubscriptionsSection(account_of_user(user), **options)
    return section.render_html({"request": asked_by(user)})


def detail(user, subscription) -> str:
    account = account_of_user(user)
    own = account.subscription_with(subscription.pk)
    section = SubscriptionDetailSection(account, own)
    return section.render_html({"request": asked_by(user)})


def fail_the_next_payment(stripe_side, subscription) -> Subscription:
    stripe_side.stop_paying(subscription.customer_id)
    stripe_side.stop_clock()
    stripe_side.advance(days=32)
    stripe_side.deliver_all()
    return Subscription.objects.get()


def test_a_visitor_is_asked_to_log_in(db):
    assert buttons(shown()) == ["Log in"]


def test_a_member_without_a_customer_reads_what_comes_here(member):
    assert "You have no subscription yet." in words(shown(member))
    assert "Join us." in words(shown(member, empty_text="Join us."))
    assert buttons(shown(member)) == []


def test_a_card_says_what_it_is_what_it_costs_and_when(member, subscription):
    html = shown(member, button_text="Change it")

    charged = date_words(subscription.current_period_end)
    assert "Supporter · monthly Active" in words(html)
    assert "€12.00 a month, tax included · Visa ending 4242" in words(html)
    assert f"Next charge €12.00 on {charged}" in words(html)
    assert buttons(html) == ["Change it Supporter · monthly"]


def test_a_cancelled_one_says_until_when_and_can_be_kept(
    member, subscription, stripe_side
):
    stripe_side.client.v1.subscriptions.update(
        subscription.pk, {"cancel_at_period_end": True}
    )
    stripe_side.deliver_all()

    html = shown(member)

    until = date_words(subscription.current_period_end)
    assert f"You keep access until {until}." in words(html)
    assert "Next charge" not in words(html)
    form = soup(html).form
    assert (form["method"], form["action"]) == (
        "post",
        url("undo_cancel", subscription.pk),
    )


def test_a_failed_payment_comes_first_with_a_way_to_pay(
    member, subscription, stripe_side
):
    subscription = fail_the_next_payment(stripe_side, subscription)

    html = shown(member)

    owed = Invoice.objects.get(status="open")
    assert "Payment overdue" in words(html)
    assert "Your last payment didn't go through." in words(html)
    pay = soup(html).select_one(".billing-banner .billing-button")
    assert pay.text == "Pay €12.00"
    assert pay["href"] == url("invoice_pay", owed.pk)


def test_without_an_invoice_to_pay_the_banner_leads_to_stripe_or_nowhere(
    member, subscription, stripe_side
):
    fail_the_next_payment(stripe_side, subscription)
    Invoice.objects.filter(status="open").update(status="void")

    offered = shown(member)
    the_settings(offer_hosted_portal=False)
    switched_off = shown(member)

    form = soup(offered).select_one(".billing-banner form")
    assert form["action"] == url("hosted_portal")
    assert "Your last payment didn't go through." in words(switched_off)
    assert not soup(switched_off).select(".billing-banner :is(a, form)")


def test_what_needs_doing_stands_first_and_what_rests_stands_last(db):
    states = ["paused", "active", "past_due"]
    cards = [SubscriptionCard(it, SubscriptionState(it)) for it in states]

    page = soup(shown(cards=cards))

    names = [name.text for name in page.select(".billing-card .billing-name")]
    assert names == ["past_due", "active", "paused"]


def test_an_ended_one_is_folded_away(member, subscription, stripe_side):
    stripe_side.cancel(subscription.pk)
    stripe_side.deliver_all()

    html = shown(member)

    assert "You have no running subscription." in words(html)
    folded = soup(html).details
    assert "1 earlier subscription" in words(str(folded))
    assert f"ended on {date_words(timezone.now())}" in words(str(folded))


def test_the_details_offer_cancelling(member, subscription):
    html = detail(member, subscription)

    assert buttons(html) == ["Cancel subscription", "Apply code"]
    assert "Paid with Visa ending 4242" in words(html)
    assert f"Subscriber since {date_words(subscription.created)}" in words(html)


def test_whoever_may_only_look_reads_why(member, subscription):
    CustomerAccess.objects.update(role=Role.VIEWER)

    html = detail(member, subscription)

    assert buttons(html) == []
    assert "only its owner or a manager can change it" in words(html)


def test_switched_off_cancelling_leaves_no_trace(member, subscription):
    the_settings(offer_cancel=False, offer_promotion_codes=False)

    html = detail(member, subscription)

    assert buttons(html) == []
    assert "Cancel" not in words(html)
    assert "offer" not in words(html)


def test_several_units_are_told(member, stripe_side):
    (price,) = sold(stripe_side, 900, product="Team")
    subscribed(stripe_side, member, price, items=[{"price": price.pk, "quantity": 3}])

    html = shown(member)

    assert "€27.00 a month" in words(html)
    assert "3 × Team (€9.00 a month)" in words(html)


def test_nobody_in_particular_sees_nothing_of_anybody(subscription):
    html = SubscriptionsSection(None).render_html()

    assert buttons(html) == []
    assert "Supporter" not in words(html)


def test_whoever_has_no_plan_is_shown_where_the_plans_are(member, stripe_side):
    page = the_site().root_page
    the_settings(plans_page=page)

    offered = soup(shown(member)).select_one(".billing-empty .billing-button")
    the_settings(offer_subscribe=False)
    switched_off = soup(shown(member)).select(".billing-empty .billing-button")

    assert offered["href"] == page.get_url()
    assert switched_off == []


def test_whoever_has_one_is_not_sent_there(member, subscription):
    the_settings(plans_page=the_site().root_page)

    assert "See the plans" not in words(shown(member))
