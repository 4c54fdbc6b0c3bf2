"""Every page that a member opens, as it is met, and what it costs."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Any

from tests.tools.metering import metered
from tests.tools.shop import the_settings
from wagtail_billing_portal.mirror.backfill import backfill
from wagtail_billing_portal.models import RetentionOffer, Subscription
from wagtail_billing_portal.models.portal_choices import OfferKind
from wagtail_billing_portal.testing import Shop, StripeSide

#: They show nothing: each leads elsewhere, after asking Stripe where or whether.
WAYS_ON = {
    "hosted_return",
    "hosted_portal_return",
    "checkout_return",
    "invoice_pdf",
    "invoice_pay",
}

KINDS: list[dict[str, Any]] = [
    {},
    {"trial_period_days": 7},
    {"cancel_at_period_end": True},
    {"collection_method": "send_invoice", "days_until_due": 3},
]
FLEXIBLE = {"billing_mode": {"type": "flexible"}}


@dataclass
class World:
    """A member with one subscription at a site that offers everything."""

    stripe_side: StripeSide
    shop: Shop
    customer: str
    query: dict[str, Any] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self.have(self.shop.supporter)

    def have(self, price: str, **params: Any) -> None:
        """The subscription that the page is about."""
        wanted = {**FLEXIBLE, **params}
        self.id = self.stripe_side.subscribe(self.customer, price, **wanted)
        self.hear()

    @property
    def subscription(self) -> Subscription:
        return Subscription.objects.get(pk=self.id)

    def hear(self) -> None:
        """Let the site know all that there is at Stripe."""
        # What changed within a second or two leaves open which version came last.
        self.stripe_side.advance(seconds=2)
        list(backfill("default"))

    def more(self) -> None:
        """One more subscription of each kind, with invoices of their own."""
        v1, subscribe = self.stripe_side.client.v1, self.stripe_side.subscribe
        for price in (self.shop.reader, self.shop.team):
            for kind in KINDS:
                subscribe(self.customer, price, **kind)
            rests = subscribe(self.customer, price, **FLEXIBLE)
            v1.subscriptions.pause(rests, {"type": "subscription"})
            self.stripe_side.cancel(subscribe(self.customer, price))
        self.hear()


def as_it_is(world: World) -> None:
    """Running, and paid for."""


@dataclass(frozen=True)
class Page:
    """A page as it is met, and what it costs."""

    words: str
    name: str
    #: What the portal asks of the database, session and user included.
    statements: int
    #: What it asks of Stripe, one preview each.
    previews: tuple[str, ...] = ()
    prepare: Callable[[World], Any] = as_it_is
    is_of_subscription: bool = True


def to(price: str) -> Callable[[World], None]:
    return lambda world: world.query.update(price=getattr(world.shop, price))


def rests(world: World) -> None:
    v1 = world.stripe_side.client.v1
    v1.subscriptions.pause(world.id, {"type": "subscription"})
    world.hear()


def invoices_rest(world: World) -> None:
    is_classic(world)
    v1 = world.stripe_side.client.v1
    v1.subscriptions.update(world.id, {"pause_collection": {"behavior": "void"}})
    world.hear()


def is_classic(world: World) -> None:
    world.have(world.shop.supporter, billing_mode={"type": "classic"})


def is_yearly(world: World) -> None:
    world.have(world.shop.supporter_yearly)
    world.query.update(price=world.shop.reader)


def is_metered(world: World) -> None:
    world.have(world.stripe_side.a_price(2, **metered(world.stripe_side)))
    ends_at_once("refund")(world)


def ends_at_once(settlement: str) -> Callable[[World], Any]:
    return lambda _world: the_settings(
        cancel_mode="either", cancel_settlement=settlement
    )


def offers(kind: str, **fields: Any) -> Callable[[World], Any]:
    return lambda _world: offer(kind, **fields)


def offers_a_coupon(world: World) -> None:
    offer(OfferKind.COUPON, coupon_id=world.shop.coupon)


def offer(kind: str, **fields: Any) -> None:
    RetentionOffer.objects.create(settings=the_settings(), kind=kind, **fields)


TODAY, NEXT = "what is due today", "the next invoice"
SETTLED, OWED = "what the unused time is worth", "what was used and not charged"
PAGES = [
    Page("Overview", "overview", 15, prepare=World.more, is_of_subscription=False),
    Page("Invoices", "invoices", 9, is_of_subscription=False),
    Page("A subscription", "subscription", 17),
    Page("A paused subscription", "subscription", 17, prepare=rests),
    Page("Usage", "usage", 11, (NEXT,), is_metered),
    Page("Change the plan", "change", 15),
    Page("Change the quantity", "quantity", 15),
    Page("Extras", "extras", 15),
    Page(
        "Confirm a change at once",
        "change_confirm",
        17,
        (TODAY, NEXT),
        to("supporter_yearly"),
    ),
    Page(
        "Confirm a change that waits",
        "change_confirm",
        17,
        (NEXT,),
        to("reader"),
    ),
    Page(
        "Confirm a change that waits, to another interval",
        "change_confirm",
        17,
        ("what each new period costs",),
        is_yearly,
    ),
    Page("Cancel: the reason", "cancel", 13),
    Page("Cancel: a discount is offered", "cancel_offer", 13, (NEXT,), offers_a_coupon),
    Page(
        "Cancel: free months are offered",
        "cancel_offer",
        13,
        prepare=offers(OfferKind.FREE_MONTHS, months=2),
    ),
    Page(
        "Cancel: a pause is offered",
        "cancel_offer",
        13,
        prepare=offers(OfferKind.PAUSE),
    ),
    Page(
        "Cancel: a cheaper plan is offered",
        "cancel_offer",
        17,
        prepare=offers(OfferKind.CHEAPER_PLAN),
    ),
    Page("Cancel: confirm", "cancel_confirm", 12),
    Page(
        "Cancel: confirm, also at once",
        "cancel_confirm",
        12,
        prepare=ends_at_once("nothing"),
    ),
    Page(
        "Cancel: confirm, with money back",
        "cancel_confirm",
        16,
        (SETTLED,),
        ends_at_once("refund"),
    ),
    Page(
        "Cancel: confirm, with money back and metered use",
        "cancel_confirm",
        12,
        (OWED, SETTLED),
        is_metered,
    ),
    Page("Pause", "pause", 12, ("what is settled with it",)),
    Page("Pause the invoices", "pause", 12, (NEXT,), is_classic),
    Page("Resume", "resume", 12, (TODAY,), rests),
    Page("Resume the invoices", "resume", 11, prepare=invoices_rest),
]


def table() -> str:
    """All of it in the words of docs/reference/pages.md."""
    return "\n".join(_rows()) + "\n"


def _rows() -> Iterator[str]:
    yield "| Page | Statements | Previews |"
    yield "| --- | --- | --- |"
    for page in PAGES:
        yield f"| {page.words} | {page.statements} | {'; '.join(page.previews)} |"
