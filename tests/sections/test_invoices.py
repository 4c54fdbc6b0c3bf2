from __future__ import annotations

import pytest

from tests.tools.shop import (
    account_of_user,
    asked_by,
    buttons,
    sold,
    soup,
    subscribed,
    the_settings,
    url,
    words,
)
from wagtail_billing_portal.models import Invoice
from wagtail_billing_portal.sections import InvoiceFilter, InvoicesSection


@pytest.fixture
def year(stripe_side, member) -> list[Invoice]:
    """The monthly invoices of half a year, newest first."""
    stripe_side.stop_clock(1_767_225_600)
    (price,) = sold(stripe_side, 1200, product="Supporter")
    subscribed(stripe_side, member, price)
    stripe_side.advance(days=185)
    stripe_side.deliver_all()
    return list(account_of_user(member).invoices)


def shown(user=None, path="/invoices/", **options) -> str:
    section = InvoicesSection(account_of_user(user), **options)
    return section.render_html({"request": asked_by(user, path)})


def numbers(html) -> list[str]:
    return [row.select("td")[1].text for row in soup(html).select("tbody tr")]


def test_a_visitor_is_asked_to_log_in(db):
    assert buttons(shown()) == ["Log in"]


def test_a_member_without_invoices_reads_so(member):
    assert "You have no invoices yet." in words(shown(member))


def test_a_row_says_when_what_for_how_much_and_whether_paid(member, year):
    html = shown(member)

    cells = [words(str(cell)) for cell in soup(html).select("tbody tr:last-child td")]
    assert cells == [
        "1 Jan 2026",
        year[-1].number,
        "Supporter",
        "€12.00",
        "Paid",
        f"PDF of invoice {year[-1].number}",
    ]
    pdf = soup(html).select_one("tbody tr:last-child a")
    assert pdf["href"] == url("invoice_pdf", year[-1].pk)


def test_every_cell_carries_its_label_for_a_phone(member, year):
    cells = soup(shown(member)).select("tbody tr:first-child td")

    labels = [cell.get("data-label") for cell in cells]
    assert labels == ["Date", "Number", "For", "Amount", "Status", None]


def test_pages_go_from_newest_to_oldest(member, year):
    first = shown(member, per_page=3)
    third = shown(member, path="/invoices/?page=3&year=2026", per_page=3)

    assert numbers(first) + numbers(third) == [
        it.number for it in [*year[:3], *year[6:]]
    ]
    assert "Page 1 of 3" in words(first)
    assert soup(first).select_one("[rel=next]")["href"] == "?page=2"
    assert soup(third).select_one("[rel=prev]")["href"] == "?year=2026&page=2"


def test_a_page_beyond_the_last_shows_the_last(member, year):
    assert numbers(shown(member, path="/?page=99", per_page=3)) == [
        it.number for it in year[6:]
    ]


def test_a_list_too_long_to_be_counted_goes_on_all_the_same(member, year, monkeypatch):
    monkeypatch.setattr("wagtail_billing_portal.sections.pages.MOST_COUNTED", 4)

    second = shown(member, path="/?page=2", per_page=3)
    beyond = shown(member, path="/?page=99", per_page=3)

    assert numbers(second) == [it.number for it in year[3:6]]
    assert "Page 2" in words(second)
    assert "of" not in words(second).partition("Page 2")[2]
    assert soup(second).select_one("[rel=next]")["href"] == "?page=3"
    assert numbers(beyond) == [it.number for it in year[:3]]


@pytest.mark.parametrize("number", ["0", "-1", "two", "9" * 30, ""])
def test_a_page_that_cannot_be_is_the_first(member, year, number):
    first = shown(member, path=f"/?page={number}", per_page=3)

    assert numbers(first)[0] == year[0].number


def test_the_latest_few_lead_to_all(member, year):
    few = shown(member, latest=3)
    every = shown(member, latest=len(year))

    assert numbers(few) == [it.number for it in year[:3]]
    assert soup(few).find("a", string="All invoices")["href"] == url("invoices")
    assert not soup(every).find("a", string="All invoices")


def test_status_and_year_narrow_the_list(member, year):
    Invoice.objects.filter(pk=year[0].pk).update(status="void")

    void = shown(member, chosen=InvoiceFilter(status="void"))
    earlier = shown(member, chosen=InvoiceFilter(year=2025))

    assert numbers(void) == [year[0].number]
    assert "No invoice fits what you asked for." in words(earlier)


def test_switched_off_there_is_nothing(member, year):
    the_settings(offer_invoices=False)

    assert words(shown(member, heading="Your invoices")) == ""
    assert words(shown(heading="Your invoices")) == ""


@pytest.mark.parametrize("many", [False, True])
def test_a_page_of_invoices_costs_the_same_however_many_there_are(
    member, year, many, django_assert_num_queries
):
    if many:
        copy_invoice(year[0], times=500)
    account = account_of_user(member)
    assert account.settings
    assert account.customer

    with django_assert_num_queries(3):  # How many, which, and of what products.
        InvoicesSection(account).render_html({"request": asked_by(member)})


def copy_invoice(invoice, *, times) -> None:
    """More rows for the eye of the database alone."""
    copies = []
    for number in range(times):
        copy = Invoice.objects.get(pk=invoice.pk)
        copy.pk = f"in_copy{number}"
        copy.number = f"COPY-{number}"
        copies.append(copy)
    Invoice.objects.bulk_create(copies)
