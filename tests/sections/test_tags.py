from __future__ import annotations

import pytest
from django.template import engines
from wagtail.models import Site

from tests.tools.shop import asked_by, sold, subscribed
from wagtail_billing_portal.exceptions import BillingNotConfigured
from wagtail_billing_portal.sections.asking import account_of


def rendered(source: str, **context) -> str:
    template = engines["django"].from_string("{% load billing_tags %}" + source)
    return template.render(context)


def test_a_page_asks_about_its_visitor(stripe_side, member):
    (price,) = sold(stripe_side, 1200, product="Supporter")
    subscribed(stripe_side, member, price)
    source = "{% billing_account as account %}{{ account.is_subscribed }}"

    assert rendered(source, request=asked_by(member)) == "True"
    assert rendered(source, request=asked_by()) == "False"
    assert rendered(source) == ""


def test_an_amount_reads_as_money(db):
    assert rendered('{% billing_money 1200 "eur" %}') == "€12.00"
    assert rendered('{% billing_money nothing "eur" %}', nothing=None) == ""


def test_a_page_asks_once(member, django_assert_num_queries):
    request = asked_by(member)
    first = account_of(request)

    with django_assert_num_queries(0):
        assert account_of(request) is first


def test_without_any_site_the_message_says_what_to_do(db):
    Site.objects.all().delete()

    with pytest.raises(BillingNotConfigured, match="Settings, Sites"):
        account_of(asked_by())
