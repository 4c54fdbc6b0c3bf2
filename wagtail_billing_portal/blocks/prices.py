from __future__ import annotations

import copy
from collections.abc import Sequence

from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from wagtail import blocks

from ..forms.price_chooser import PriceChooser
from ..models import Price


class PriceChooserBlock(blocks.ChooserBlock):
    """One mirrored price. A price that is gone is left out, never an error."""

    target_model = "wagtail_billing_portal.Price"

    @cached_property
    def widget(self) -> PriceChooser:
        return PriceChooser()

    def bulk_to_python(self, values: Sequence[str | None]) -> list[Price | None]:
        """All prices of a table, with their products, in one query."""
        found = Price.objects.select_related("product").in_bulk(
            [value for value in values if value]
        )
        return [copy.copy(found.get(value)) if value else None for value in values]

    def to_python(self, value: str | None) -> Price | None:
        return self.bulk_to_python([value])[0]

    class Meta:
        icon = "tag"
        label = _("Price")
