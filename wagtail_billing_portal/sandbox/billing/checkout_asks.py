"""What a checkout page asks its payer for, beside the payment itself."""

from __future__ import annotations

import re
from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import Json, supported_value
from wagtail_billing_portal.sandbox.errors import InvalidRequest

MOST_FIELDS = 3
LONGEST_LABEL = 50
LONGEST_TEXT = 1200
MOST_OPTIONS = 200

PARAMS = frozenset(
    {
        "billing_address_collection",
        "consent_collection",
        "custom_fields",
        "custom_text",
        "name_collection",
        "phone_number_collection",
        "tax_id_collection",
    }
)
_TEXTS = ("after_submit", "shipping_address", "submit", "terms_of_service_acceptance")


def read(params: Json) -> Json:
    """The questions of a request as a session carries them."""
    fields = {
        "billing_address_collection": params.get("billing_address_collection"),
        "consent_collection": consents(params.get("consent_collection")),
        "custom_fields": custom_fields(params.get("custom_fields") or []),
        "custom_text": custom_text(params.get("custom_text") or {}),
        "phone_number_collection": params.get(
            "phone_number_collection", {"enabled": False}
        ),
    }
    if "name_collection" in params:
        fields["name_collection"] = names(params["name_collection"])
    if "tax_id_collection" in params:
        fields["tax_id_collection"] = tax_ids(params["tax_id_collection"])
    return fields


def tax_ids(sent: Json) -> Json:
    """Whether a business may say under which number it is taxed."""
    param = "tax_id_collection[required]"
    supported_value(sent.get("required", "never"), "never", param=param)
    return {"enabled": sent["enabled"], "required": "never"}


def consents(sent: Json | None) -> Json | None:
    """Which agreements are asked for."""
    if sent is None:
        return None
    kinds = ("payment_method_reuse_agreement", "promotions", "terms_of_service")
    return {kind: sent.get(kind) for kind in kinds}


def names(sent: Json | str) -> Json | None:
    """Whether a business or a person is asked to name itself."""
    if not isinstance(sent, dict):
        return None
    return {
        kind: {"enabled": sent[kind]["enabled"], "optional": False, **sent[kind]}
        if kind in sent
        else None
        for kind in ("business", "individual")
    }


def custom_text(sent: Json) -> Json:
    """The business's own words on the page."""
    for name, text in sent.items():
        if text and len(text["message"]) > LONGEST_TEXT:
            raise InvalidRequest(
                f"Invalid string: must be at most {LONGEST_TEXT} characters.",
                param=f"custom_text[{name}][message]",
            )
    return {name: sent.get(name) or None for name in _TEXTS}


def custom_fields(sent: list[Json], *, answered: bool = True) -> list[Json]:
    """The business's own questions; ``answered`` leaves room for what is typed."""
    if len(sent) > MOST_FIELDS:
        raise InvalidRequest(
            f"You can only have up to {MOST_FIELDS} custom fields.",
            param="custom_fields",
        )
    keys = [field["key"] for field in sent]
    if len(set(keys)) != len(keys):
        raise InvalidRequest(
            "The keys of custom fields must be unique.", param="custom_fields"
        )
    return [_custom_field(field, index, answered) for index, field in enumerate(sent)]


def _custom_field(sent: Json, index: int, answered: bool) -> Json:
    path = f"custom_fields[{index}]"
    if not re.fullmatch(r"[A-Za-z0-9]{1,200}", sent["key"]):
        raise InvalidRequest(
            "Invalid key: it must be alphanumeric and at most 200 characters long.",
            param=f"{path}[key]",
        )
    if not 1 <= len(sent["label"]["custom"]) <= LONGEST_LABEL:
        raise InvalidRequest(
            f"Invalid string: must be at most {LONGEST_LABEL} characters.",
            param=f"{path}[label][custom]",
        )
    kind = sent["type"]
    for other in ("dropdown", "numeric", "text"):
        if other in sent and other != kind:
            raise InvalidRequest(
                f"`{other}` can only be set when `type` is `{other}`.",
                param=f"{path}[{other}]",
            )
    blocks: dict[str, Any] = dict.fromkeys(("dropdown", "numeric", "text"))
    blocks[kind] = _block(kind, sent.get(kind) or {}, path)
    if answered:
        blocks[kind]["value"] = None
    return {
        **blocks,
        "key": sent["key"],
        "label": sent["label"],
        "optional": sent.get("optional", False),
        "type": kind,
    }


def _block(kind: str, sent: Json, path: str) -> Json:
    if kind == "dropdown":
        options = sent.get("options") or []
        values = [option["value"] for option in options]
        if not 1 <= len(options) <= MOST_OPTIONS or len(set(values)) != len(values):
            raise InvalidRequest(
                f"A dropdown needs 1 to {MOST_OPTIONS} options with unique values.",
                param=f"{path}[dropdown][options]",
            )
        default = sent.get("default_value")
        if default is not None and default not in values:
            raise InvalidRequest(
                "`default_value` must be the value of one of the options.",
                param=f"{path}[dropdown][default_value]",
            )
        return {"default_value": default, "options": options}
    limits = ("default_value", "maximum_length", "minimum_length")
    return {name: sent.get(name) for name in limits}
