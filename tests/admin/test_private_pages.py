from __future__ import annotations

import pytest
from django.contrib.auth.models import AnonymousUser
from django.http import HttpResponse
from django.template.response import TemplateResponse
from django.test import RequestFactory

from wagtail_billing_portal.admin.private_pages import keep_private
from wagtail_billing_portal.sections.asking import account_of


@pytest.fixture
def page(settings, tmp_path):
    """A page at ``/`` that greets whoever asks the portal who they are."""
    (tmp_path / "wagtailcore").mkdir()
    (tmp_path / "wagtailcore" / "page.html").write_text(
        "{% load billing_tags %}{% billing_account as account %}"
        "{% if account.is_member %}Hello{% else %}Welcome{% endif %}"
    )
    engine = {**settings.TEMPLATES[0], "DIRS": [tmp_path]}
    settings.TEMPLATES = [engine]
    return tmp_path / "wagtailcore" / "page.html"


def test_what_a_member_sees_is_kept_by_no_cache(client, member, page):
    client.force_login(member)

    response = client.get("/")

    assert response.content == b"Hello"
    assert "private" in response["Cache-Control"]
    assert "no-store" in response["Cache-Control"]


def test_what_a_visitor_sees_may_be_kept_for_visitors(client, db, page):
    response = client.get("/")

    assert response.content == b"Welcome"
    assert "Cache-Control" not in response
    assert "Cookie" in response["Vary"]


def test_a_page_that_asks_nobody_is_left_alone(client, member, page):
    page.write_text("Bread")
    client.force_login(member)

    response = client.get("/")

    assert response.content == b"Bread"
    assert "Cache-Control" not in response


def test_a_page_that_answers_without_a_template_is_private_too(member):
    def serve(page, request, args, kwargs):
        account_of(request)
        return HttpResponse("Hello")

    request = RequestFactory().get("/")
    request.user = member

    response = keep_private(serve)(None, request, [], {})

    assert "private" in response["Cache-Control"]


def test_an_early_look_at_the_response_is_not_too_early(db, member):
    """Blocks are rendered after the page was served."""

    def serve(page, request, args, kwargs):
        return TemplateResponse(
            request, "wagtail_billing_portal/elements/messages.html"
        )

    request = RequestFactory().get("/")
    request.user = AnonymousUser()
    response = keep_private(serve)(None, request, [], {})

    account_of(request)

    assert "Cookie" in response.render()["Vary"]
