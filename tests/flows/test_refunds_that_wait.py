"""What an end at once gives back comes in the end, once, whatever fails before."""

from __future__ import annotations

from datetime import timedelta
from io import StringIO

import pytest
from django.core.management import call_command
from django.utils import timezone
from django_tasks_db.models import DBTaskResult

from tests.tools.changing import at_stripe, form_of
from tests.tools.shop import the_settings, url, words
from wagtail_billing_portal.mirror.health import health
from wagtail_billing_portal.models import KeptRequest
from wagtail_billing_portal.sandbox import faults
from wagtail_billing_portal.signals import settlement_delayed
from wagtail_billing_portal.tasks import MOST_TRIES, settle_end

LATER = "What you get back follows as soon as possible."


@pytest.fixture(autouse=True)
def with_refunds(db) -> None:
    the_settings(cancel_mode="immediately", cancel_settlement="refund")


@pytest.fixture
def used_by_half(stripe_side, half_way):
    stripe_side.stop_clock()
    stripe_side.deliver_all()
    return half_way


def end(ada, subscription):
    there = url("cancel_confirm", subscription.pk)
    return ada.post(there, form_of(ada.get(there)), follow=True)


def run(*command: str) -> str:
    out = StringIO()
    call_command(*command, stdout=out)
    return out.getvalue()


def refunds(stripe_side) -> int:
    return len(stripe_side.client.v1.refunds.list({}).data)


def no_refund(kind: str = faults.RESET_BEFORE_WRITE, times: int = 1) -> None:
    faults.inject(kind, method="POST", path="/v1/credit_notes", times=times)


@pytest.mark.parametrize("kind", faults.LOSSES)
@pytest.mark.parametrize("command", ["billing_drain", "billing_reconcile"])
def test_the_next_drain_pays_what_could_not_be_paid(
    ada, stripe_side, used_by_half, kind, command
):
    no_refund(kind)

    page = words(end(ada, used_by_half))
    told = [run(command), run(command)]

    assert LATER in page
    assert at_stripe(stripe_side, used_by_half).status == "canceled"
    assert refunds(stripe_side) == 1
    assert ["ettled 1 ends, 0 to be" in it for it in told] == [True, False]


def test_what_fails_again_is_said_and_waits(ada, stripe_side, used_by_half):
    no_refund(times=2)
    end(ada, used_by_half)

    told = [run("billing_drain")]
    assert health()[0].to_settle == 1
    told += [run("billing_drain")]

    assert health()[0].to_settle == 0
    assert "Settled 0 ends, 1 to be settled yet." in told[0]
    assert "Settled 1 ends, 0 to be settled yet." in told[1]
    assert refunds(stripe_side) == 1


def test_where_there_is_a_queue_it_tries_again_by_itself(
    ada, stripe_side, used_by_half, settings, django_capture_on_commit_callbacks
):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    no_refund(times=2)
    with django_capture_on_commit_callbacks(execute=True):
        end(ada, used_by_half)

    settle_end.call(*DBTaskResult.objects.get().args_kwargs["args"])
    [first, second] = DBTaskResult.objects.order_by("run_after")
    settle_end.call(*second.args_kwargs["args"])

    assert timezone.now() < first.run_after < second.run_after
    assert DBTaskResult.objects.count() == 2
    assert refunds(stripe_side) == 1


def test_it_does_not_try_for_ever(ada, used_by_half, settings):
    settings.TASKS = {"default": {"BACKEND": "django_tasks_db.DatabaseBackend"}}
    no_refund(times=2)
    end(ada, used_by_half)
    DBTaskResult.objects.all().delete()

    settle_end.call(used_by_half.pk, MOST_TRIES)

    assert not DBTaskResult.objects.exists()


def test_the_site_hears_of_it_once(ada, used_by_half):
    heard = []
    no_refund(times=2)

    def listen(sender, subscription, error, **kwargs):
        heard.append((subscription.pk, str(error)))

    settlement_delayed.connect(listen)
    end(ada, used_by_half)
    run("billing_drain")
    settlement_delayed.disconnect(listen)

    [(id, error)] = heard
    assert id == used_by_half.pk
    assert error


@pytest.mark.parametrize("kind", [faults.ERROR_AFTER_WRITE, faults.TIMEOUT_AFTER_WRITE])
def test_an_end_whose_answer_was_lost_is_known_by_its_moment(
    ada, stripe_side, used_by_half, kind
):
    faults.inject(kind, method="DELETE", path="/v1/subscriptions/*")
    end(ada, used_by_half)
    assert "ettled" not in run("billing_drain")

    stripe_side.deliver_all()
    assert health()[0].to_settle == 1
    run("billing_drain")

    assert health()[0].to_settle == 0
    assert refunds(stripe_side) == 1


def test_what_is_owed_is_not_forgotten_before_it_is_given(
    ada, stripe_side, used_by_half
):
    no_refund()
    end(ada, used_by_half)
    KeptRequest.objects.update(created_at=timezone.now() - timedelta(hours=1))
    assert "and 0 notes" in run("billing_prune", "--days", "0")

    run("billing_drain")

    assert refunds(stripe_side) == 1
    assert "and 1 notes" in run("billing_prune", "--days", "0")


def test_an_end_that_somebody_else_made_promised_nothing(
    ada, stripe_side, used_by_half
):
    faults.inject(
        faults.ERROR_BEFORE_WRITE, method="DELETE", path="/v1/subscriptions/*"
    )
    end(ada, used_by_half)

    stripe_side.advance(days=1)
    stripe_side.cancel(used_by_half.pk)
    stripe_side.deliver_all()
    run("billing_drain")

    assert at_stripe(stripe_side, used_by_half).status == "canceled"
    assert refunds(stripe_side) == 0
