"""What the sandbox answers and emits, as the tables of docs/reference/sandbox.md."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable

from tests.sandbox.triggers import SCRIPTS
from tests.tools.sources import PACKAGE, python_files
from wagtail_billing_portal.sandbox import contract, routing
from wagtail_billing_portal.sandbox.contract.shapes import Choice, ListOf
from wagtail_billing_portal.sandbox.dispatch import handled_by

PLACEHOLDER = re.compile(r"{\w*}")
ALONE = {"account", "balance"}
# Of Connect, and of customers as accounts: the page says once that they are left out.
NOWHERE = {
    "application_fee",
    "application_fee_amount",
    "application_fee_percent",
    "customer_account",
    "destination",
    "on_behalf_of",
    "refund_application_fee",
    "reverse_transfer",
    "transfer_data",
}
VERBS = {"GET": "retrieve", "POST": "create", "DELETE": "delete"}


def operations() -> str:
    """One row per resource: what is answered, and what Stripe has besides."""
    answered = {(op.method, _bare(op.path)) for op in routing.operations()}
    known = contract.known_operations()
    resources = {_resource(path) for _, path in answered}
    rows = ["| Resource | Answered | Left out |", "| --- | --- | --- |"]
    for resource in sorted(resources):
        here = [op for op in answered if _resource(op[1]) == resource]
        missing = [op for op in known - answered if _resource(op[1]) == resource]
        rows.append(
            f"| `{resource}` | {_verbs(here, resource)} | {_verbs(missing, resource)} |"
        )
    return "\n".join(rows) + "\n"


def parameters() -> str:
    """One row per operation that refuses a parameter which Stripe has."""
    refused: dict[str, dict[str, list[str]]] = defaultdict(lambda: defaultdict(list))
    for op in routing.operations():
        if names := _refused(op):
            resource = _resource(_bare(op.path))
            verb = _verb(op.method, _bare(op.path), resource)
            refused[resource][", ".join(names)].append(verb)
    rows = ["| Resource | Operation | Refused |", "| --- | --- | --- |"]
    for resource, of in sorted(refused.items()):
        rows += [
            f"| `{resource}` | {', '.join(sorted(verbs))} | {names} |"
            for names, verbs in sorted(of.items(), key=lambda it: sorted(it[1]))
        ]
    return "\n".join(rows) + "\n"


def events() -> str:
    """One row per group of events: those that the code names, and those that it
    puts together, which the scripts have brought about.
    """
    groups: dict[str, list[str]] = defaultdict(list)
    for type_ in sorted(emitted_types() | set(SCRIPTS)):
        group, _, what = type_.rpartition(".")
        groups[group].append(what)
    rows = ["| Events of | Emitted |", "| --- | --- |"]
    rows += [
        f"| `{group}` | {', '.join(f'`{what}`' for what in found)} |"
        for group, found in sorted(groups.items())
    ]
    return "\n".join(rows) + "\n"


def silence() -> str:
    """One row per group of the sandbox's events, of which Stripe has more."""
    emitted = emitted_types() | set(SCRIPTS)
    groups = {type_.rpartition(".")[0] for type_ in emitted}
    missing: dict[str, list[str]] = defaultdict(list)
    for type_ in sorted(event_types() - emitted):
        group, _, what = type_.rpartition(".")
        if group in groups:
            missing[group].append(f"`{what}`")
    rows = ["| Events of | Never emitted |", "| --- | --- |"]
    rows += [f"| `{group}` | {', '.join(it)} |" for group, it in missing.items()]
    return "\n".join(rows) + "\n"


def emitted_types() -> set[str]:
    """The event types that the sandbox's code names."""
    known = event_types()
    return {
        text
        for source in python_files(PACKAGE / "sandbox")
        for text in source.constants
        if text in known
    }


def event_types() -> set[str]:
    """All types of events that Stripe has, from the SDK."""
    endpoint = contract.contract_of("POST", "/v1/webhook_endpoints").params
    wanted = endpoint.fields["enabled_events"].shape
    assert isinstance(wanted, ListOf)
    assert isinstance(wanted.item, Choice)
    return {type_ for type_ in wanted.item.values if "." in type_}


def _refused(operation: routing.Operation) -> list[str]:
    """A refused parameter stands for itself, and a payment method's type not at all."""
    promise = contract.contract_of(operation.method, operation.path)
    names = set(promise.params.fields) - handled_by(operation, promise) - NOWHERE
    if operation.path == "/v1/payment_methods":
        names -= _kinds_of_methods()
    return [f"`{name}`" for name in sorted(names)]


def _kinds_of_methods() -> set[str]:
    kind = contract.contract_of("POST", "/v1/payment_methods").params.fields["type"]
    assert isinstance(kind.shape, Choice)
    return set(kind.shape.values)


def _bare(path: str) -> str:
    return PLACEHOLDER.sub("{}", path)


def _resource(path: str) -> str:
    """What a path is about: ``customers/tax_ids`` of ``/v1/customers/{}/tax_ids/{}``."""
    parts = [part for part in path.split("/")[2:] if part != "{}"]
    namespaces = {"billing", "billing_portal", "checkout", "entitlements"}
    length = 2 if parts[0] in namespaces | {"test_helpers"} else 1
    nested = {"balance_transactions", "features", "lines", "payment_methods"}
    nested |= {"event_summaries", "line_items", "sources", "tax_ids"}
    if len(parts) > length and parts[length] in nested:
        length += 1
    return "/".join(parts[:length])


def _verbs(operations: Iterable[tuple[str, str]], resource: str) -> str:
    return ", ".join(sorted({_verb(*op, resource) for op in operations})) or "–"


def _verb(method: str, path: str, resource: str) -> str:
    """What an operation does: ``pay`` of ``POST /v1/invoices/{}/pay``."""
    *_, last = path.split("/")
    if last == "{}":
        inner = _inner(path, resource)
        verb = "update" if method == "POST" else VERBS[method]
        return f"{verb} {inner}".strip()
    if last != resource.rsplit("/", 1)[-1]:
        return last if method != "DELETE" else f"delete {last}"
    return "list" if method == "GET" and resource not in ALONE else VERBS[method]


def _inner(path: str, resource: str) -> str:
    """The part of a resource that an id is of, if it is not the resource itself."""
    named = [part for part in path.split("/")[2:] if part != "{}"]
    return "/".join(named[resource.count("/") + 1 :])
