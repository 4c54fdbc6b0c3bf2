"""Django's language codes in the spelling of Stripe's ``locale`` parameters."""

from __future__ import annotations

# What Checkout and the portal both take at 2026-10-28.endive.
STRIPE_LOCALES = frozenset(
    [
        "bg",
        "cs",
        "da",
        "de",
        "el",
        "en",
        "en-GB",
        "es",
        "es-419",
        "et",
        "fi",
        "fil",
        "fr",
        "fr-CA",
        "hr",
        "hu",
        "id",
        "it",
        "ja",
        "ko",
        "lt",
        "lv",
        "ms",
        "mt",
        "nb",
        "nl",
        "pl",
        "pt",
        "pt-BR",
        "ro",
        "ru",
        "sk",
        "sl",
        "sv",
        "th",
        "tr",
        "vi",
        "zh",
        "zh-HK",
        "zh-TW",
    ]
)
SPECIAL = {
    "no": "nb",
    "zh-hans": "zh",
    "zh-cn": "zh",
    "zh-hant": "zh-TW",
    "es-es": "es",
}


def stripe_locale(language: str) -> str:
    """Stripe's name for a Django language code; ``"auto"`` for what it lacks."""
    code = language.lower().replace("_", "-")
    if code in SPECIAL:
        return SPECIAL[code]
    base, _, region = code.partition("-")
    if base == "es" and region:
        return "es-419"
    for candidate in (f"{base}-{region.upper()}", base):
        if candidate in STRIPE_LOCALES:
            return candidate
    return "auto"
