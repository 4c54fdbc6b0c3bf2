"""The German pages, by wagtail-localize's own machinery."""

from __future__ import annotations

import json

from wagtail.models import Locale, Page
from wagtail_localize.models import (
    SegmentOverride,
    StringTranslation,
    Translation,
    TranslationSource,
)

from weekly_loaf.demo.seeding.shop import german_prices
from weekly_loaf.demo.seeding.texts import german_by_english
from weekly_loaf.pages.models import HomePage


def seed_translations() -> None:
    """Every English page of the content that has no German twin gets one."""
    german, _made = Locale.objects.get_or_create(language_code="de")
    words = german_by_english()
    prices = german_prices()
    home = HomePage.objects.get(locale=Locale.get_default())
    for page in home.get_descendants(inclusive=True).live().specific():
        if page.slug in words and not page.has_translation(german):
            translate(page, to=german, words=words, instead=prices)


def translate(
    page: Page, *, to: Locale, words: dict[str, str], instead: dict[str, str]
) -> None:
    """Publish a page in another language; what ``words`` lacks stays as it is.

    ``instead`` names what is chosen there in place of what is chosen here.
    """
    source, _made = TranslationSource.update_or_create_from_instance(page)
    translation, _made = Translation.objects.get_or_create(
        source=source, target_locale=to
    )
    for segment in source.stringsegment_set.select_related("string", "context"):
        english = segment.string.data
        StringTranslation.objects.update_or_create(
            translation_of=segment.string,
            locale=to,
            context=segment.context,
            defaults={"data": words.get(english, english)},
        )
    for segment in source.overridablesegment_set.select_related("context"):
        if (chosen := segment.data) in instead:
            SegmentOverride.objects.update_or_create(
                locale=to,
                context=segment.context,
                defaults={"data_json": json.dumps(instead[chosen])},
            )
    translation.save_target(publish=True)
