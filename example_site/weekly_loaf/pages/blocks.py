"""What editors may put on a page."""

from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail import blocks


class QuoteBlock(blocks.StructBlock):
    """A sentence worth setting large, and who said it."""

    quote = blocks.TextBlock(label=_("Quote"))
    source = blocks.CharBlock(label=_("Who said it"), required=False)

    class Meta:
        icon = "openquote"
        label = _("Quote")
        template = "pages/blocks/quote.html"
        preview_value = {
            "quote": "If you think it is ready, it needs another hour.",
            "source": "Marta Lind",
        }


def text_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of running text, the same on every kind of page."""
    return [
        (
            "heading",
            blocks.CharBlock(
                icon="title",
                label=_("Heading"),
                template="pages/blocks/heading.html",
                preview_value="The next day",
            ),
        ),
        (
            "paragraph",
            blocks.RichTextBlock(
                features=["bold", "italic", "link", "ol", "ul"],
                label=_("Text"),
                preview_value="<p>Most bread recipes are timetables.</p>",
            ),
        ),
        ("quote", QuoteBlock()),
    ]
