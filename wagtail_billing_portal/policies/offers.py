"""A price that a page offered, signed: no form can ask for another one."""

from __future__ import annotations

from django.core.signing import BadSignature, Signer

_signer = Signer(salt="wagtail_billing_portal.offer")


def offer_of(price_id: str) -> str:
    """What a form carries for a price that a page of the site shows."""
    return _signer.sign(price_id)


def price_of(offer: str) -> str | None:
    """The price's id; ``None`` for what no page of this site ever offered."""
    try:
        return _signer.unsign(offer)
    except BadSignature:
        return None
