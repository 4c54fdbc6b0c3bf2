from __future__ import annotations

from typing import Any

from wagtail_billing_portal.sandbox.billing.fields import assign, merge_metadata
from wagtail_billing_portal.sandbox.contract import skeleton
from wagtail_billing_portal.sandbox.errors import InvalidRequest
from wagtail_billing_portal.sandbox.routing import operation
from wagtail_billing_portal.sandbox.world import World, random_text

Json = dict[str, Any]

PINNED = "sandbox_secret"
_MOST = 16


@operation(
    "POST",
    "/v1/webhook_endpoints",
    handles={"api_version", "connect", "description", "enabled_events", "metadata"}
    | {"url"},
)
def create_webhook_endpoint(world: World, params: Json) -> Json:
    """Where events go; the answer is the only one that shows the secret."""
    if len(world.find("webhook_endpoint")) >= _MOST:
        raise InvalidRequest(
            f"You have reached the maximum of {_MOST} test webhook endpoints."
        )
    metadata = dict(params.get("metadata") or {})
    # A site whose settings are fixed in advance needs a secret known in advance.
    secret = metadata.pop(PINNED, None) or f"whsec_{random_text(32)}"
    endpoint = {
        **skeleton("webhook_endpoint"),
        "id": world.new_id("we_"),
        "api_version": params.get("api_version"),
        "created": world.now,
        "description": params.get("description"),
        "enabled_events": params["enabled_events"],
        "metadata": {},
        "status": "enabled",
        "url": _checked(params["url"]),
        "_sandbox": {"connect": bool(params.get("connect")), "secret": secret},
    }
    merge_metadata(endpoint, {"metadata": metadata})
    stored = world.add(endpoint)
    return {**stored, "secret": secret}


@operation("GET", "/v1/webhook_endpoints/{webhook_endpoint}")
def retrieve_webhook_endpoint(
    world: World, params: Json, webhook_endpoint: str
) -> Json:
    return world.get("webhook_endpoint", webhook_endpoint)


@operation(
    "POST",
    "/v1/webhook_endpoints/{webhook_endpoint}",
    handles={"description", "disabled", "enabled_events", "metadata", "url"},
)
def update_webhook_endpoint(world: World, params: Json, webhook_endpoint: str) -> Json:
    endpoint = world.get("webhook_endpoint", webhook_endpoint)
    if "url" in params:
        endpoint["url"] = _checked(params["url"])
    assign(endpoint, params, ("description", "enabled_events"))
    if "disabled" in params:
        endpoint["status"] = "disabled" if params["disabled"] else "enabled"
    merge_metadata(endpoint, params)
    return world.save(endpoint)


@operation("GET", "/v1/webhook_endpoints")
def list_webhook_endpoints(world: World, params: Json) -> Json:
    return world.list("webhook_endpoint", params)


@operation("DELETE", "/v1/webhook_endpoints/{webhook_endpoint}")
def delete_webhook_endpoint(world: World, params: Json, webhook_endpoint: str) -> Json:
    return world.delete(world.get("webhook_endpoint", webhook_endpoint))


def _checked(url: str) -> str:
    if not url.startswith(("http://", "https://")):
        raise InvalidRequest(
            "Invalid URL: An explicit scheme (such as https) must be provided.",
            param="url",
            code="url_invalid",
        )
    return url
