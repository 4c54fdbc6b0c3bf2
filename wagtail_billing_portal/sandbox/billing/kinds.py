"""Which kinds of payment method a payer may choose from."""

from __future__ import annotations

from wagtail_billing_portal.sandbox.billing import banks
from wagtail_billing_portal.sandbox.billing.fields import Json, supported_value
from wagtail_billing_portal.sandbox.errors import InvalidRequest

KINDS = ("card", *banks.TYPES)
DEBITS = {currency: kind for kind, currency in banks.CURRENCIES.items()}
NAMED = ("allowed_payment_method_types", "excluded_payment_method_types")


def automatic(currency: str | None) -> list[str]:
    """What a shop that has switched nothing off takes, by Stripe's choice."""
    debit = DEBITS.get((currency or "").lower())
    return ["card", "link", *([debit] if debit else [])]


def check_named(params: Json) -> None:
    """Refuse kinds that the sandbox does not take money with."""
    for name in NAMED:
        for kind in params.get(name) or ():
            supported_value(kind, *KINDS, param=name)


def chosen(params: Json, currency: str | None) -> list[str]:
    """What a checkout offers: what was named, or all but what was left out."""
    check_named(params)
    if allowed := params.get("allowed_payment_method_types"):
        for kind in allowed:
            _check_currency(kind, currency)
        return list(allowed)
    excluded = set(params.get("excluded_payment_method_types") or ())
    link = (params.get("wallet_options") or {}).get("link") or {}
    if link.get("display") == "never":
        excluded.add("link")
    return [kind for kind in automatic(currency) if kind not in excluded]


def _check_currency(kind: str, currency: str | None) -> None:
    wanted = banks.CURRENCIES.get(kind)
    if wanted and currency and wanted != currency.lower():
        raise InvalidRequest(
            f"The currency provided ({currency}) is invalid. Payments with {kind} "
            f"support the following currencies: {wanted}.",
            param="allowed_payment_method_types",
        )
