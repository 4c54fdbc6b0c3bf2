from __future__ import annotations

from dataclasses import replace
from io import BytesIO

import pytest
from babel import Locale
from pypdf import PdfReader

from wagtail_billing_portal.sandbox.pages.document import (
    InvoiceDocument,
    Line,
    Payment,
    Row,
)
from wagtail_billing_portal.sandbox.pdf import has_letters_of, invoice_pdf

DOCUMENT = InvoiceDocument(
    number="1CBV20OK-0001",
    status="paid",
    state="Paid",
    tone="good",
    headline="€12.00 paid on 19 November 2026",
    facts=[Row("Invoice number", "1CBV20OK-0001")],
    seller=["The Weekly Loaf", "Bäckergasse 1"],
    customer=["Ada Lovelace"],
    lines=[Line("Supporter", "19 Nov – 19 Dec 2026", "1", "€12.00", "€12.00")],
    totals=[Row("Total", "€12.00", strong=True)],
    payments=[Payment("19 November 2026", "Visa ending 4242", "€12.00")],
    description="",
    footer="",
)


def read(document):
    return PdfReader(BytesIO(invoice_pdf(document)))


@pytest.mark.parametrize(
    "name",
    [
        "Jürgen Müller-Lüdenscheidt & Søn <GmbH>",
        "Αλέξανδρος Παπαδόπουλος",
        "Ольга Жукова",
        "Nguyễn Thị Ánh",
        "山田太郎 かな",
        "김철수",
    ],
)
def test_names_from_most_of_the_world_are_written(name):
    page = read(replace(DOCUMENT, customer=[name])).pages[0]

    assert name in page.extract_text()


def test_letters_come_with_the_file():
    resources = read(DOCUMENT).pages[0]["/Resources"]["/Font"]

    embedded = [
        font["/FontDescriptor"]
        for font in (reference.get_object() for reference in resources.values())
        if "DejaVu" in str(font["/BaseFont"])
    ]
    assert embedded
    assert all("/FontFile2" in descriptor for descriptor in embedded)


def test_many_lines_take_many_pages_each_with_a_heading_and_a_number():
    file = read(replace(DOCUMENT, lines=DOCUMENT.lines * 90))

    texts = [page.extract_text() for page in file.pages]
    assert len(texts) > 2
    assert all("Unit price" in text for text in texts[:-1])
    assert f"Page 1 of {len(texts)}" in texts[0]
    assert "Total" in texts[-1]


def test_the_file_says_what_it_is():
    file = read(DOCUMENT)

    assert file.metadata.title == "Invoice 1CBV20OK-0001"
    assert file.metadata.author == "The Weekly Loaf"
    assert file.pages[0].mediabox.width == pytest.approx(595.3, abs=0.1)
    assert "No money has moved" in file.pages[0].extract_text()


@pytest.mark.parametrize(
    ("locale", "drawn"),
    [("de", True), ("el", True), ("zh_Hant", True), ("ko", True), ("ar_EG", False)],
)
def test_a_document_is_written_only_in_letters_that_it_has(locale, drawn):
    assert has_letters_of(Locale.parse(locale)) is drawn
