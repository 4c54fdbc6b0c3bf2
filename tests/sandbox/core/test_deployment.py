from __future__ import annotations

import sys

import pytest
import stripe
from django.core import mail
from django.core.checks import run_checks
from django.core.mail.backends import locmem
from django.core.management import CommandError, call_command
from django.test.utils import _TestState

from wagtail_billing_portal.sandbox import checks
from wagtail_billing_portal.sandbox.pdf import missing
from wagtail_billing_portal.sandbox.world import world_holding

from .conftest import client_with


@pytest.fixture
def at_work(settings, monkeypatch):
    """A site that serves visitors: no DEBUG, and no test runner around it."""
    settings.DEBUG = False
    monkeypatch.delattr(_TestState, "saved_data")


def test_a_deployment_with_the_sandbox_switched_on_fails_its_check():
    found = run_checks(include_deployment_checks=True)

    assert "billing_sandbox.E001" in {problem.id for problem in found}


def test_a_site_at_work_is_not_bothered():
    found = run_checks()

    assert "billing_sandbox.E001" not in {problem.id for problem in found}


def test_the_api_answers_nobody_on_a_site_at_work(api, at_work):
    with pytest.raises(stripe.PermissionError, match="DEBUG is off"):
        api.customers.list()


def test_a_site_at_work_that_keeps_its_mail_in_memory_is_not_a_test(api, at_work):
    locmem.EmailBackend()

    assert hasattr(mail, "outbox")
    with pytest.raises(stripe.PermissionError, match="DEBUG is off"):
        api.customers.list()


def test_pages_are_not_found_on_a_site_at_work(api, at_work, settings):
    settings.WAGTAIL_BILLING_SANDBOX = {"WITHOUT_DEBUG": True}
    product = api.products.create({"name": "Gold"})
    settings.WAGTAIL_BILLING_SANDBOX = {}

    with world_holding("product", product.id) as world:
        assert world is None


def test_the_server_leaves_the_database_of_a_site_at_work_alone(at_work):
    with pytest.raises(CommandError, match="DEBUG is off"):
        call_command("stripe_sandbox")


def test_only_keys_of_the_sandbox_are_taken(db):
    with pytest.raises(stripe.AuthenticationError, match="sk_test_sandbox"):
        client_with("sk_live_x").v1.customers.list()


def test_it_is_said_when_invoices_cannot_be_printed(monkeypatch):
    assert checks.invoices_can_be_printed() == []
    monkeypatch.setitem(sys.modules, "reportlab", None)

    [warning] = checks.invoices_can_be_printed()

    assert "reportlab is not installed" in warning.msg
    with pytest.raises(RuntimeError, match="reportlab"):
        missing.invoice_pdf(None)
