"""The inbox in the admin: seen by whom it is for, and failed events are tried again."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.contrib.admin.utils import quote
from django.contrib.auth.models import Group, Permission
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from tests.tools.shop import soup, words
from wagtail_billing_portal.mirror import inbox
from wagtail_billing_portal.models import Customer, EventStatus, StripeEvent
from wagtail_billing_portal.webhooks import handling

NAME = "wagtail_billing_portal_events"
REPORT = "/admin/billing/events/"


class Broken(Exception):
    """What a site's own handler may raise."""


def break_down(event, row):
    raise Broken("The handler broke.")


@pytest.fixture
def failed(stripe_side) -> StripeEvent:
    """An event that was given up, of a customer with an address."""
    stripe_side.client.v1.customers.create({"email": "ada@example.com"})
    (event,) = stripe_side.waiting()
    with handling("customer.created", break_down):
        stripe_side.deliver(event)
        for _attempt in range(inbox.MOST_ATTEMPTS):
            StripeEvent.objects.update(next_attempt_at=timezone.now())
            inbox.drain()
    return StripeEvent.objects.get(status=EventStatus.FAILED)


@pytest.fixture
def editor(make_member) -> Client:
    return browser_of(make_member("edith"))


def browser_of(user, *codenames: str) -> Client:
    """The admin, for an editor with permissions of ours."""
    user.groups.add(Group.objects.get(name="Editors"))
    user.user_permissions.set(
        Permission.objects.filter(
            content_type__app_label="wagtail_billing_portal", codename__in=codenames
        )
    )
    browser = Client()
    browser.force_login(user)
    return browser


def address(name: str, *ids: str) -> str:
    """An address of the report, with ids as the admin writes them."""
    return reverse(f"{NAME}:{name}", args=[quote(pk) for pk in ids])


def retry(browser: Client, event: StripeEvent, capture) -> object:
    with capture(execute=True):
        return browser.post(address("retry", event.pk), follow=True)


def lines(response) -> list[str]:
    """The rows of the report."""
    table = soup(response).select("#listing-results tbody tr")
    return [words(str(row)) for row in table]


def test_the_report_tells_what_failed_and_why(admin_client, failed):
    page = admin_client.get(REPORT)

    (line,) = lines(page)
    assert line.startswith("customer.created Try again Failed ")
    assert "Broken: The handler broke." in line
    assert "How far behind" in words(page)


def test_the_report_can_be_narrowed_down(admin_client, failed):
    StripeEvent.objects.create(
        id="evt_1", type="invoice.paid", stripe_account="uk", created=0, payload={}
    )

    found = {
        question: len(lines(admin_client.get(f"{REPORT}?{question}")))
        for question in (
            "status=failed",
            "status=ignored",
            "stripe_account=uk",
            "type=invoice.paid",
            f"q={failed.pk}",
            "received_at_from=2020-01-01",
            "received_at_to=2020-01-01",
        )
    }

    assert list(found.values()) == [1, 0, 1, 1, 1, 2, 0]


def test_no_page_and_no_export_shows_what_an_event_holds(admin_client, failed):
    pages = [
        admin_client.get(REPORT),
        admin_client.get(address("inspect", failed.pk)),
        admin_client.get(f"{REPORT}?export=csv"),
    ]

    seen = [b"".join(page) for page in pages]

    assert all(failed.type.encode() in it for it in seen[::2])
    assert b"Traceback" in seen[1]
    assert not any(b"ada@example.com" in it for it in seen)


def test_a_failed_event_is_tried_again(
    admin_client, failed, django_capture_on_commit_callbacks
):
    page = retry(admin_client, failed, django_capture_on_commit_callbacks)

    failed.refresh_from_db()
    assert failed.status == EventStatus.PROCESSED
    assert Customer.objects.get().email == "ada@example.com"
    assert "Try again" not in words(page)


def test_one_that_fails_again_waits_for_its_next_attempt(
    admin_client, failed, django_capture_on_commit_callbacks
):
    with handling("customer.created", break_down):
        retry(admin_client, failed, django_capture_on_commit_callbacks)

    failed.refresh_from_db()
    assert (failed.status, failed.attempts) == (EventStatus.PENDING, 1)


def test_all_failed_events_are_tried_again_at_once(
    admin_client, failed, django_capture_on_commit_callbacks
):
    assert "Try all failed events again" in words(admin_client.get(REPORT))

    with django_capture_on_commit_callbacks(execute=True):
        page = admin_client.post(address("retry_all"), follow=True)

    assert "1 event is tried again." in words(page)
    assert StripeEvent.objects.get().status == EventStatus.PROCESSED
    assert "Try all failed events again" not in words(page)


def test_who_edits_pages_sees_nothing_of_it(editor, failed):
    for url in (REPORT, address("index_results"), address("inspect", failed.pk)):
        assert "customer.created" not in words(editor.get(url, follow=True))
    editor.post(address("retry", failed.pk))
    editor.post(address("retry_all"))

    failed.refresh_from_db()
    assert failed.status == EventStatus.FAILED
    assert "Stripe" not in words(editor.get("/admin/"))


def test_who_may_only_look_cannot_try_again(make_member, failed):
    viewer = browser_of(make_member("vera"), "view_stripeevent")

    assert "customer.created" in words(viewer.get(REPORT))
    assert "Traceback" in words(viewer.get(address("inspect", failed.pk)))
    assert "Try" not in words(str(soup(viewer.get(REPORT)).select_one("main")))
    viewer.post(address("retry", failed.pk))
    failed.refresh_from_db()
    assert failed.status == EventStatus.FAILED


def test_whoever_was_given_the_permission_may_try_again(
    make_member, failed, django_capture_on_commit_callbacks
):
    keeper = browser_of(make_member("kim"), "change_stripeevent")

    retry(keeper, failed, django_capture_on_commit_callbacks)

    failed.refresh_from_db()
    assert failed.status == EventStatus.PROCESSED


def test_trying_again_needs_a_form_of_the_admin(make_member, failed, admin_user):
    browser = Client(enforce_csrf_checks=True)
    browser.force_login(admin_user)

    assert browser.get(address("retry", failed.pk)).status_code == 405
    assert browser.post(address("retry", failed.pk)).status_code == 403
    assert browser.post(address("retry_all")).status_code == 403


def test_the_first_page_warns_of_what_needs_attention(admin_client, failed):
    assert "Stripe's events need attention" in words(admin_client.get("/admin/"))

    StripeEvent.objects.update(status=EventStatus.PROCESSED)

    assert "need attention" not in words(admin_client.get("/admin/"))


def test_an_event_that_waits_for_long_is_warned_of(admin_client, failed):
    long_ago = timezone.now() - timedelta(minutes=20)
    StripeEvent.objects.update(status=EventStatus.PENDING, received_at=long_ago)

    panel = soup(admin_client.get("/admin/")).select_one("#billing-health-section")

    assert "default 1, for up to 20 minutes 0 0" in words(str(panel))


def test_the_permissions_can_be_given_to_a_group(admin_client):
    form = admin_client.get(reverse("wagtailusers_groups:add"))

    assert "Stripe event" in words(form)


def test_a_report_of_many_costs_no_more_queries(
    admin_client, failed, django_assert_max_num_queries
):
    with django_assert_max_num_queries(40) as few:
        admin_client.get(REPORT)
    StripeEvent.objects.bulk_create(
        StripeEvent(
            id=f"evt_{n}",
            type="invoice.paid",
            stripe_account="default",
            created=0,
            payload={},
            status=EventStatus.FAILED,
        )
        for n in range(40)
    )

    with django_assert_max_num_queries(len(few)):
        admin_client.get(REPORT)
