"""Every page there is, and the way to it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from playwright.sync_api import Page, expect

from tests.browser.steps import (
    ASKS_THE_BANK,
    become,
    pay,
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


@dataclass(frozen=True)
class Stop:
    """One page, for one of the demo's members, reached by address and clicks."""

    name: str
    address: str = "/"
    who: str = VISITOR
    clicks: tuple[str, ...] = ()
    walk: Callable[[Page], None] | None = None

    def visit(self, page: Page) -> None:
        """Go there; ``page`` is already a window of ``who``."""
        page.goto(self.address)
        if self.walk:
            self.walk(page)
        for click in self.clicks:
            page.get_by_role("link", name=click).or_(
                page.get_by_role("button", name=click)
            ).first.click()
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
)
PORTAL = (
    Stop("portal-overview", "/billing/", ADA),
    Stop("portal-past-due", "/billing/", DAN),
    Stop("portal-nothing-yet", "/billing/", GWEN),
    Stop("portal-german", "/de/billing/", JONAS),
    Stop("subscription", "/your-account/", ADA, ("Manage subscription",)),
    Stop("subscription-ending", "/your-account/", ELIF, ("Manage subscription",)),
    Stop("usage", "/your-account/", KAYA, ("Usage",)),
    Stop("invoices", "/billing/invoices/", ADA),
    Stop("change-plan", "/your-account/", ADA, ("Manage subscription", "Change plan")),
    Stop(
        "change-now",
        "/your-account/",
        ADA,
        ("Manage subscription", "Change plan", "Switch to Bakery team · yearly"),
    ),
    Stop(
        "change-later",
        "/your-account/",
        ADA,
        ("Manage subscription", "Change plan", "Switch to Reader · monthly"),
    ),
    Stop("extras", "/your-account/", ADA, ("Manage subscription", "Extras")),
    Stop(
        "cancel-reason",
        "/your-account/",
        BELA,
        ("Manage subscription", "Cancel subscription"),
    ),
    Stop(
        "cancel-confirm",
        "/your-account/",
        BELA,
        ("Manage subscription", "Cancel subscription", "Continue to cancel"),
    ),
)
SANDBOX = (
    Stop("sandbox-checkout", walk=_checkout),
    Stop("sandbox-bank", walk=_bank),
    Stop("sandbox-invoice", "/billing/", DAN, ("Pay £",)),
    Stop("sandbox-portal", "/billing/", ADA, ("Open billing at Stripe",)),
)
TOUR = (*SITE, *PLANS, *ACCOUNTS, *PORTAL, *SANDBOX)
