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


def text_blocks() -> list[tuple[str, blocks.Block]]:
    """The blocks of running text, the same on every kind of page."""
    return [
        (
            "heading",
            blocks.CharBlock(
                icon="title", label=_("Heading"), template="pages/blocks/heading.html"
            ),
        ),
        (
            "paragraph",
            blocks.RichTextBlock(
                features=["bold", "italic", "link", "ol", "ul"], label=_("Text")
            ),
        ),
        ("quote", QuoteBlock()),
    ]
