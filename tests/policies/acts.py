"""Every act on a subscription, asked of every kind of subscription there is."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field, replace
from datetime import timedelta
from functools import cache
from itertools import product
from typing import Any

from django.contrib.auth import get_user_model
from django.utils import timezone

from wagtail_billing_portal.models import (
    Customer,
    Discount,
    GroupedPrice,
    Invoice,
    PaymentMethod,
    PlanGroup,
    PortalSettings,
    Price,
    Product,
    Role,
    Subscription,
    SubscriptionItem,
    SubscriptionSchedule,
)
from wagtail_billing_portal.models.schedules import MADE_BY
from wagtail_billing_portal.policies import hosted
from wagtail_billing_portal.policies import subscriptions as policies
from wagtail_billing_portal.policies.base import Decision

SOON = timedelta(days=3)


def a_price(id: str, *, amount: int = 1200, metered: bool = False) -> Price:
    """A monthly price of a product of its own."""
    product = Product(id=f"prod_{id}", name=id, active=True)
    usage = "metered" if metered else "licensed"
    return Price(
        id=f"price_{id}",
        product=product,
        active=True,
        type="recurring",
        currency="eur",
        unit_amount=amount,
        interval="month",
        stripe_account="default",
        data={"tax_behavior": "inclusive", "recurring": {"usage_type": usage}},
    )


READER, SUPPORTER = a_price("reader", amount=500), a_price("supporter")
PRINT, CALLS = a_price("print", amount=300), a_price("calls", metered=True)


def a_group(*prices: Price, are_extras: bool = False) -> PlanGroup:
    group = PlanGroup(name="Plans", are_extras=are_extras)
    group.plans = [GroupedPrice(price=price, maximum=9) for price in prices]
    return group


GROUPS = [a_group(READER, SUPPORTER, CALLS), a_group(PRINT, are_extras=True)]
ADA = Customer(
    id="cus_ada",
    default_payment_method=PaymentMethod(id="pm_1"),
    stripe_account="default",
)


@dataclass
class Someone:
    """Whoever asks, with all that policies want to know."""

    role: Role | None = Role.OWNER
    customer: Customer | None = ADA
    settings: PortalSettings = field(
        default_factory=lambda: PortalSettings(offer_pause=True, cancel_mode="either")
    )
    is_member: bool = True
    plan_groups: list[PlanGroup] = field(default_factory=lambda: GROUPS)
    current_subscriptions: list[Subscription] = field(default_factory=list)
    user: Any = field(default_factory=lambda: get_user_model()(pk=1))
    pauses: int = 0
    open_invoices: dict[str, list[Invoice]] = field(default_factory=dict)

    def pauses_within_a_year(self, subscription: Subscription) -> int:
        return self.pauses


ITEMS = {
    "one plan": [SUPPORTER],
    "several": [SUPPORTER, PRINT],
    "metered": [CALLS],
}
STATUSES = [
    "trialing",
    "active",
    "past_due",
    "unpaid",
    "incomplete",
    "paused",
    "canceled",
    "incomplete_expired",
]
SCHEDULES = ["none", "ours", "theirs"]


@dataclass(frozen=True)
class Kind:
    """One kind of subscription, and who asks."""

    status: str = "active"
    schedule: str = "none"
    mode: str = "flexible"
    collection: str = "charge_automatically"
    items: str = "one plan"
    role: Role = Role.OWNER
    is_ending: bool = False
    awaits_payment: bool = False
    has_code: bool = False

    def subscription(self) -> Subscription:
        """A subscription of this kind, which no database knows."""
        made = Subscription(
            id="sub_1",
            customer=ADA,
            stripe_account="default",
            status=self.status,
            as_of=1,
            ends_at=timezone.now() + SOON if self.is_ending else None,
            data={
                "billing_mode": {"type": self.mode},
                "collection_method": self.collection,
                "currency": "eur",
                "discounts": ["di_1"] if self.has_code else [],
                "pending_update": {"expires_at": 1} if self.awaits_payment else None,
                "schedule": None if self.schedule == "none" else "sub_sched_1",
            },
        )
        items = [
            SubscriptionItem(id=f"si_{n}", subscription=made, price=price, quantity=2)
            for n, price in enumerate(ITEMS[self.items])
        ]
        made._prefetched_objects_cache = {
            "items": items,
            "schedules": [self._schedule()] if self.schedule != "none" else [],
            "discounts": [Discount(id="di_1", promotion_code_id="promo_1")],
        }
        return made

    def _schedule(self) -> SubscriptionSchedule:
        return SubscriptionSchedule(
            id="sub_sched_1",
            status="active",
            data={
                "metadata": MADE_BY if self.schedule == "ours" else {},
                "phases": [{}, {}],
                "end_behavior": "release",
            },
        )


Act = Callable[[Someone, Subscription], Decision]
ACTS: dict[str, Act] = {
    "view": policies.may_view,
    "change plan": policies.may_change_plan,
    "change quantity": policies.may_change_quantity,
    "add an item": policies.may_add,
    "remove an item": lambda asker, it: policies.may_remove(
        asker, it, it.items.all()[-1]
    ),
    "undo a scheduled change": policies.may_undo_change,
    "cancel at the end": policies.may_cancel,
    "cancel at once": policies.may_cancel_now,
    "undo a cancellation": policies.may_undo_cancel,
    "pause": policies.may_pause,
    "resume": policies.may_resume,
    "apply a code": policies.may_apply_code,
    "remove a discount": policies.may_remove_discount,
    "subscribe again": policies.may_resubscribe,
    "change on Stripe's page": hosted.may_change_hosted,
    "cancel on Stripe's page": hosted.may_cancel_hosted,
    "pause on Stripe's page": hosted.may_pause_hosted,
}


def every_kind() -> Iterator[Kind]:
    """The whole product, and the states that go across it."""
    for values in product(
        STATUSES,
        SCHEDULES,
        ["flexible", "classic"],
        ["charge_automatically", "send_invoice"],
        ITEMS,
        Role,
    ):
        yield Kind(*values)
    for role, flag in product(Role, ["is_ending", "awaits_payment", "has_code"]):
        yield replace(Kind(role=role), **{flag: True})


@cache
def decision(act: str, kind: Kind) -> Decision:
    """What the policy answers."""
    return ACTS[act](Someone(kind.role), kind.subscription())


def table() -> str:
    """Everything in the words of docs/reference/policies.md."""
    return "\n".join([*_by_status(), "", *_by_the_rest(), "", *_sentences()]) + "\n"


def _by_status() -> Iterator[str]:
    columns = [Kind(status=status) for status in STATUSES]
    columns += [Kind(schedule=it) for it in ("ours", "theirs")]
    columns += [Kind(is_ending=True), Kind(awaits_payment=True)]
    titles = [
        *STATUSES,
        "change scheduled",
        "agreed schedule",
        "ending",
        "awaits payment",
    ]
    yield _row(
        "Act", *(f"`{title}`" if title in STATUSES else title for title in titles)
    )
    yield _row(*["---"] * (len(titles) + 1))
    for act in ACTS:
        yield _row(act, *(_short(decision(act, kind)) for kind in columns))


def _by_the_rest() -> Iterator[str]:
    others = {
        "viewer": Kind(role=Role.VIEWER),
        "classic": Kind(mode="classic"),
        "paid by invoice": Kind(collection="send_invoice"),
        "several items": Kind(items="several"),
        "metered": Kind(items="metered"),
        "with a code": Kind(has_code=True),
    }
    yield _row("Act", *others)
    yield _row(*["---"] * (len(others) + 1))
    for act in ACTS:
        yield _row(act, *(_short(decision(act, kind)) for kind in others.values()))


def _sentences() -> Iterator[str]:
    said: dict[str, set[str]] = {}
    for kind, act in product(every_kind(), ACTS):
        answer = decision(act, kind)
        if not answer:
            said.setdefault(answer.code, set()).add(str(answer.reason))
    yield _row("Code", "What the member reads")
    yield _row("---", "---")
    for code, sentences in sorted(said.items()):
        yield _row(f"`{code}`", "<br>".join(sorted(sentences)))


def _short(answer: Decision) -> str:
    return "yes" if answer else f"`{answer.code}`"


def _row(*cells: str) -> str:
    return f"| {' | '.join(cells)} |"
