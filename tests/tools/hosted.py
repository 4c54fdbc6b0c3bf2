"""A member's way over Stripe's page and back, without a browser's script."""

from __future__ import annotations

from typing import Any

from bs4 import Tag
from django.test import Client

from tests.tools.shop import soup


def open_page(browser: Client, sent: Any) -> Any:
    """Follow the redirect to Stripe's page; returns what is shown there."""
    assert sent.status_code == 303, sent.content
    return browser.get(sent["Location"], follow=True)


def submit(browser: Client, page: Any, *, follow: bool = True, **fields: Any) -> Any:
    """Fill in the page's form, send it, and follow where that leads."""
    [form] = soup(page).select("form:has(button)")
    there = form.get("action") or page.request["PATH_INFO"]
    filled = {str(it["name"]): _value_of(it) for it in form.select("[name]")}
    if query := page.request.get("QUERY_STRING"):
        there = there if form.get("action") else f"{there}?{query}"
    send = browser.post if form.get("method", "get").lower() == "post" else browser.get
    return send(there, {**_ticked(form, filled), **fields}, follow=follow)


def _ticked(form: Tag, filled: dict[str, str]) -> dict[str, str]:
    for it in form.select("[type=radio][checked]"):
        filled[str(it["name"])] = _value_of(it)
    return filled


def _value_of(field: Tag) -> str:
    return str(field.get("value", ""))
