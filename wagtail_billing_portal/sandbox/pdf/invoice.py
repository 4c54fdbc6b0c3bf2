"""The invoice PDF: A4, as many pages as there are lines."""

from __future__ import annotations

from io import BytesIO
from typing import Any

from django.utils.translation import get_language, gettext
from reportlab.lib import colors
from reportlab.lib.enums import TA_RIGHT
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle
from reportlab.lib.units import mm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    KeepTogether,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from wagtail_billing_portal.sandbox.pages.document import InvoiceDocument, Line, Row
from wagtail_billing_portal.sandbox.pdf.fonts import (
    BOLD,
    REGULAR,
    marked_up,
    register_fonts,
)

INK = colors.HexColor("#1c2330")
MUTED = colors.HexColor("#5b6678")
HAIRLINE = colors.HexColor("#d5dbe5")
MARGIN = 20 * mm
BOTTOM = 24 * mm
WIDTH = A4[0] - 2 * MARGIN
HEIGHT = A4[1] - BOTTOM - 18 * mm

BODY = ParagraphStyle(
    "body", fontName=REGULAR, fontSize=9, leading=13, textColor=INK, splitLongWords=1
)
SMALL = ParagraphStyle("small", BODY, fontSize=8, leading=11, textColor=MUTED)
STRONG = ParagraphStyle("strong", BODY, fontName=BOLD)
TITLE = ParagraphStyle("title", STRONG, fontSize=20, leading=26, spaceAfter=4 * mm)
HEADLINE = ParagraphStyle("headline", STRONG, fontSize=13, leading=18)
END = ParagraphStyle("end", BODY, alignment=TA_RIGHT)
END_SMALL = ParagraphStyle("end-small", SMALL, alignment=TA_RIGHT)
END_STRONG = ParagraphStyle("end-strong", STRONG, alignment=TA_RIGHT)

NO_PADDING = [
    ("LEFTPADDING", (0, 0), (-1, -1), 0),
    ("RIGHTPADDING", (0, 0), (-1, -1), 0),
    ("TOPPADDING", (0, 0), (-1, -1), 0),
    ("BOTTOMPADDING", (0, 0), (-1, -1), 0),
    ("VALIGN", (0, 0), (-1, -1), "TOP"),
]


def invoice_pdf(document: InvoiceDocument) -> bytes:
    """``document`` as the bytes of a PDF file."""
    register_fonts()
    file = BytesIO()
    # Without the usual padding, text and tables share one edge.
    frame = Frame(MARGIN, BOTTOM, WIDTH, HEIGHT, 0, 0, 0, 0)
    BaseDocTemplate(
        file,
        pagesize=A4,
        pageTemplates=[PageTemplate(frames=[frame])],
        title=document.title,
        author=document.seller[0] if document.seller else "",
        subject=document.headline,
        creator="wagtail_billing_portal sandbox",
        lang=get_language() or "en",
    ).build(_story(document), canvasmaker=_numbered_canvas(document))
    return file.getvalue()


def _story(document: InvoiceDocument) -> list[Flowable]:
    story: list[Flowable] = [
        _text(document.title, TITLE),
        _facts(document.facts),
        Spacer(0, 8 * mm),
        _parties(document),
        Spacer(0, 9 * mm),
        _text(document.headline, HEADLINE),
    ]
    if document.description:
        story += [Spacer(0, 2 * mm), _text(document.description, BODY)]
    story += [Spacer(0, 6 * mm), _lines(document.lines)]
    story += [Spacer(0, 2 * mm), KeepTogether([_totals(document.totals)])]
    if document.payments:
        story += [Spacer(0, 8 * mm), KeepTogether(_payments(document))]
    if document.footer:
        story += [Spacer(0, 8 * mm), _text(document.footer, SMALL)]
    return story


def _text(text: str, style: ParagraphStyle) -> Paragraph:
    return Paragraph(marked_up(text), style)


def _table(
    rows: list[list[Any]], widths: list[float], rules: list[Any], **options: Any
) -> Table:
    shares = [WIDTH * width for width in widths]
    return Table(
        rows, colWidths=shares, style=TableStyle(NO_PADDING + rules), **options
    )


def _facts(facts: list[Row]) -> Table:
    rows = [[_text(fact.label, SMALL), _text(fact.value, BODY)] for fact in facts]
    return _table(rows, [0.22, 0.78], [])


def _parties(document: InvoiceDocument) -> Table:
    columns = []
    for heading, lines in (
        (gettext("From"), document.seller),
        (gettext("Bill to"), document.customer),
    ):
        first, *rest = lines or [""]
        columns.append(
            [_text(heading, SMALL), _text(first, STRONG)]
            + [_text(line, BODY) for line in rest]
        )
    return _table([columns], [0.5, 0.5], [("RIGHTPADDING", (0, 0), (0, 0), 6 * mm)])


def _lines(lines: list[Line]) -> Table:
    head = [
        _text(gettext("Description"), SMALL),
        _text(gettext("Quantity"), END_SMALL),
        _text(gettext("Unit price"), END_SMALL),
        _text(gettext("Amount"), END_SMALL),
    ]
    rows = [
        [
            [_text(line.description, BODY), _text(line.period, SMALL)],
            _text(line.quantity, END),
            _text(line.unit_price, END),
            _text(line.amount, END),
        ]
        for line in lines
    ]
    rules = [
        ("LINEBELOW", (0, 0), (-1, 0), 0.75, INK),
        ("LINEBELOW", (0, 1), (-1, -1), 0.4, HAIRLINE),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 2.2 * mm),
        ("TOPPADDING", (0, 1), (-1, -1), 2.2 * mm),
    ]
    return _table([head, *rows], [0.52, 0.12, 0.18, 0.18], rules, repeatRows=1)


def _totals(totals: list[Row]) -> Table:
    rows = [
        [
            "",
            _text(row.label, STRONG if row.strong else BODY),
            _text(row.value, END_STRONG if row.strong else END),
        ]
        for row in totals
    ]
    rules: list[Any] = [
        ("TOPPADDING", (0, 0), (-1, -1), 1.4 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.4 * mm),
    ]
    for index, row in enumerate(totals):
        if row.strong:
            rules.append(("LINEABOVE", (1, index), (-1, index), 0.4, HAIRLINE))
    return _table(rows, [0.52, 0.28, 0.20], rules)


def _payments(document: InvoiceDocument) -> list[Flowable]:
    rows = [
        [_text(each.date, BODY), _text(each.method, BODY), _text(each.amount, END)]
        for each in document.payments
    ]
    rules = [
        ("LINEBELOW", (0, 0), (-1, -1), 0.4, HAIRLINE),
        ("TOPPADDING", (0, 0), (-1, -1), 1.8 * mm),
        ("BOTTOMPADDING", (0, 0), (-1, -1), 1.8 * mm),
    ]
    return [
        _text(gettext("Payments"), STRONG),
        Spacer(0, 1.5 * mm),
        _table(rows, [0.3, 0.5, 0.2], rules),
    ]


def _numbered_canvas(document: InvoiceDocument) -> type[Canvas]:
    """A canvas that knows at the end how many pages there are."""
    notice = gettext("Sandbox invoice. No money has moved.")

    class NumberedCanvas(Canvas):
        def __init__(self, *args: Any, **kwargs: Any) -> None:
            super().__init__(*args, **kwargs)
            self._finished: list[dict[str, Any]] = []

        def showPage(self) -> None:
            self._finished.append(dict(self.__dict__))
            self._startPage()

        def save(self) -> None:
            for page in self._finished:
                self.__dict__.update(page)
                _foot(self, document, notice, len(self._finished))
                super().showPage()
            super().save()

    return NumberedCanvas


def _foot(canvas: Canvas, document: InvoiceDocument, notice: str, pages: int) -> None:
    canvas.saveState()
    canvas.setStrokeColor(HAIRLINE)
    canvas.setLineWidth(0.4)
    canvas.line(MARGIN, 16 * mm, A4[0] - MARGIN, 16 * mm)
    canvas.setFont(REGULAR, 7.5)
    canvas.setFillColor(MUTED)
    canvas.drawString(MARGIN, 12 * mm, f"{document.number} · {notice}")
    count = gettext("Page %(page)s of %(pages)s") % {
        "page": canvas.getPageNumber(),
        "pages": pages,
    }
    canvas.drawRightString(A4[0] - MARGIN, 12 * mm, count)
    canvas.restoreState()
