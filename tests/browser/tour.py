"""Every page there is, and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.steps import (
    ASKS_THE_BANK,
    become,
    pay,
    press,
    start_subscribing,
)

VISITOR = ""
ADA = "ada@example.com"
BELA = "bela@example.com"
CHLOE = "chloe@example.com"
DAN = "dan@example.com"
ELIF = "elif@example.com"
FINN = "finn@example.com"
GWEN = "gwen@example.com"
KAYA = "kaya@example.com"
MAXIMILIANA = "maximiliana@example.com"
JONAS = "jonas@example.com"
HANA = "hana@example.com"
IGOR = "igor@example.com"
LUCA = "luca@example.com"


Walk = Callable[[Page], None]


@dataclass(frozen=True)
class Stop:
    """One page, for one of the demo's members, reached by address and clicks."""

    name: str
    address: str = "/"
    who: str = VISITOR
    clicks: tuple[str, ...] = ()
    walk: Walk | None = None

    def visit(self, page: Page) -> None:
        """Go there; ``page`` is already a window of ``who``."""
        page.goto(self.address)
        press(page, *self.clicks)
        if self.walk:
            self.walk(page)
        page.wait_for_load_state()


def enter(page: Page, who: str) -> None:
    """Make a fresh window one of ``who``."""
    if who:
        become(page, who)


def _checkout(page: Page) -> None:
    page.context.clear_cookies()
    start_subscribing(page)


def _bank(page: Page) -> None:
    _checkout(page)
    pay(page, ASKS_THE_BANK)
    expect(page.get_by_role("button", name="Complete authentication")).to_be_visible()


def _leave(reason: str) -> Walk:
    def walk(page: Page) -> None:
        page.get_by_label(reason).check()
        press(page, "Continue to cancel")

    return walk


def _look_back(page: Page) -> None:
    page.get_by_text("1 earlier subscription").click()
    press(page, "Reader · monthly")


def _redeem_nothing(page: Page) -> None:
    page.get_by_text("Redeem a promotion code").click()
    page.get_by_label("Promotion code").fill("NOTHING")
    press(page, "Apply code")


def _four(page: Page) -> None:
    page.get_by_label("Quantity").fill("4")
    press(page, "See what it costs")


def _at(name: str, who: str, *clicks: str, walk: Walk | None = None) -> Stop:
    """A page by way of the member's account."""
    return Stop(name, "/your-account/", who, clicks, walk)


SITE = (
    Stop("home"),
    Stop("home-german", "/de/"),
    Stop("articles", "/articles/"),
    Stop("article", "/articles/the-patient-loaf/"),
    Stop("article-visitor", "/articles/a-night-at-the-oven/"),
    Stop("article-member", "/articles/a-night-at-the-oven/", ADA),
    Stop("about", "/about/"),
    Stop("log-in", "/members/log-in/"),
    Stop("sign-up", "/members/sign-up/"),
    Stop("stripes-side", "/demo/sandbox/"),
)
PLANS = (
    Stop("plans", "/plans/"),
    Stop("plans-yearly", "/plans/", clicks=("Yearly",)),
    Stop("plans-german", "/de/abos/"),
    Stop("plans-member", "/plans/", ADA),
    Stop("plans-newcomer", "/plans/", GWEN),
)
ACCOUNTS = (
    Stop("account-visitor", "/your-account/"),
    Stop("account-active", "/your-account/", ADA),
    Stop("account-yearly", "/your-account/", BELA),
    Stop("account-trial", "/your-account/", CHLOE),
    Stop("account-past-due", "/your-account/", DAN),
    Stop("account-ending", "/your-account/", ELIF),
    Stop("account-ended", "/your-account/", FINN),
    Stop("account-nothing-yet", "/your-account/", GWEN),
    Stop("account-long-name", "/your-account/", MAXIMILIANA),
    Stop("account-german", "/de/ihr-konto/", JONAS),
    Stop("account-three", "/your-account/", HANA),
    Stop("account-years-ago", "/your-account/", IGOR),
)
PORTAL = (
    Stop("portal-overview", "/billing/", ADA),
    Stop("portal-past-due", "/billing/", DAN),
    Stop("portal-nothing-yet", "/billing/", GWEN),
    Stop("portal-german", "/de/billing/", JONAS),
    Stop("invoices", "/billing/invoices/", ADA),
)
MANAGE, CHANGE, LEAVE = "Manage subscription", "Change plan", "Cancel subscription"
TEAM, RESTING = "Manage subscription Bakery team", "Manage subscription Reader"
SUBSCRIPTION = (
    _at("subscription", ADA, MANAGE),
    _at("subscription-trial", CHLOE, MANAGE),
    _at("subscription-past-due", DAN, MANAGE),
    _at("subscription-ending", ELIF, MANAGE),
    _at("subscription-ended", FINN, walk=_look_back),
    _at("subscription-several", HANA, TEAM),
    _at("subscription-changing", HANA, MANAGE),
    _at("subscription-paused", HANA, RESTING),
    _at("subscription-invoiced", LUCA, MANAGE),
    _at("subscription-agreed", LUCA, TEAM),
    _at("usage", KAYA, "Usage"),
    _at("code-refused", ADA, MANAGE, walk=_redeem_nothing),
    _at("pause", ADA, MANAGE, "Pause"),
    _at("resume", HANA, RESTING, "Resume"),
)
CHANGES = (
    _at("change-plan", ADA, MANAGE, CHANGE),
    _at("change-now", ADA, MANAGE, CHANGE, "Switch to Bakery team · yearly"),
    _at("change-later", ADA, MANAGE, CHANGE, "Switch to Reader · monthly"),
    _at("change-trial", CHLOE, MANAGE, CHANGE, "Switch to Supporter · monthly"),
    _at("quantity", MAXIMILIANA, MANAGE, "Change quantity"),
    _at("change-quantity", MAXIMILIANA, MANAGE, "Change quantity", walk=_four),
    _at("quantities", HANA, TEAM, "Change quantity"),
    _at("change-plan-several", HANA, TEAM, CHANGE),
    _at("extras", ADA, MANAGE, "Extras"),
    _at("extras-held", HANA, TEAM, "Extras"),
    _at("extra-removed", HANA, TEAM, "Extras", "Remove Printed copies"),
)
LEAVING = (
    _at("cancel-reason", BELA, MANAGE, LEAVE),
    _at("offer-plan", ADA, MANAGE, LEAVE, walk=_leave("It's too expensive")),
    _at("offer-coupon", CHLOE, MANAGE, LEAVE, walk=_leave("It's too expensive")),
    _at("offer-pause", ADA, MANAGE, LEAVE, walk=_leave("I don't use it enough")),
    _at("cancel-confirm", BELA, MANAGE, LEAVE, "Continue to cancel"),
    _at("cancel-paused", HANA, RESTING, LEAVE, "Continue to cancel"),
)
SANDBOX = (
    Stop("sandbox-checkout", walk=_checkout),
    Stop("sandbox-bank", walk=_bank),
    Stop("sandbox-invoice", "/billing/", DAN, ("Pay £",)),
    Stop("sandbox-portal", "/billing/", ADA, ("Open billing at Stripe",)),
)
TOUR = (
    *SITE,
    *PLANS,
    *ACCOUNTS,
    *PORTAL,
    *SUBSCRIPTION,
    *CHANGES,
    *LEAVING,
    *SANDBOX,
)
