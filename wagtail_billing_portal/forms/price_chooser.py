from __future__ import annotations

from django.utils.translation import gettext_lazy as _
from wagtail.admin.widgets import BaseChooser


class PriceChooser(BaseChooser):
    """Chooses one mirrored price; its pages are those of the admin's price chooser."""

    model = "wagtail_billing_portal.Price"
    chooser_modal_url_name = "wagtail_billing_portal_prices:choose"
    choose_one_text = _("Choose a price")
    choose_another_text = _("Choose another price")
    clear_choice_text = _("Remove this price")
    show_edit_link = False
    icon = "tag"
