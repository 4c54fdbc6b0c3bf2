"""Pictures for the editors' guide: a setting, and beside it the page that it makes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from io import BytesIO
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Locator, Page

from tests.browser.chromium import window
from tests.browser.pictures import save_blended
from tests.browser.site import PASSWORD, manage
from tests.browser.tour import BELA, LEAVE, MANAGE, TOUR, Stop, enter

SETTINGS = "/admin/settings/wagtail_billing_portal/portalsettings/"
#: What an editor of a real site would have written; the demo speaks two languages.
WORDS = """
from wagtail_billing_portal.models import OwnReason, PortalSettings
settings = PortalSettings.objects.get()
settings.headline = "Your bread, your bill"
settings.terms_of_service_url = "https://example.com/terms/"
settings.privacy_policy_url = "https://example.com/privacy/"
settings.save()
OwnReason.objects.create(settings=settings, text="I've stopped baking")
text = "Perhaps the small one is enough? The archive stays yours."
settings.retention_offers.filter(kind="cheaper_plan").update(text=text)
"""
SET = """
from wagtail_billing_portal.models import PortalSettings
PortalSettings.objects.update(**{fields})
"""
#: What floats above the form is not the setting.
HIDES_THE_FRAME = (
    "footer, #wagtail-sidebar, .w-slim-header { display: none !important }"
)
#: Taller than any part of the form.
DESK = {"width": 1000, "height": 4500}
PHONE = {"width": 360, "height": 900}
#: How wide a setting is in the picture, and how tall a picture gets.
SETTING_WIDTH, PAGE_WIDTH, TALLEST, FOOT = 480, 320, 620, 420
GAP, MARGIN = 20, 16
PAPER, EDGE = "#ffffff", "#cfcfcf"


#: Where the button leads, where members do this on Stripe's page alone.
AT_STRIPE = Stop("cancel-at-stripe", "/your-account/", BELA, (MANAGE, LEAVE))

FEATURES = "panel-child-what_members_can_do"
PLACES = f"{FEATURES}-child-where_members_do_it_if_stripes_portal_is_offered-child"
CHANGES = "panel-child-changes"
CHARGED = "panel-child-changes-child-what_is_charged-child"
LEAVING = "panel-child-cancelling"


@dataclass(frozen=True)
class Pair:
    """Parts of the form by their ids, and where the tour shows what they do."""

    name: str
    tab: str
    parts: tuple[str, ...]
    stop: str
    #: What is shown of the member's page.
    shown: str = ".billing-section"
    #: Where what it does stands at the end of that.
    is_foot: bool = False
    #: How it is set before.
    fields: Mapping[str, str] = field(default_factory=dict)


PAIRS = (
    Pair(
        "texts",
        "the_portal",
        (
            "panel-child-the_portal-headline-section",
            "panel-child-the_portal-contact_page-section",
            "panel-child-the_portal-legal_links-section",
        ),
        "portal-nothing-yet",
        ".billing-page",
    ),
    Pair(
        "features",
        "what_members_can_do",
        (
            f"{FEATURES}-offer_change_plan-section",
            f"{FEATURES}-offer_change_quantity-section",
            f"{FEATURES}-offer_pause-section",
            f"{FEATURES}-offer_cancel-section",
        ),
        "subscription-several",
    ),
    Pair(
        "codes",
        "what_members_can_do",
        (f"{FEATURES}-offer_promotion_codes-section",),
        "subscription-several",
        ".billing-card:has(.billing-name:text('Discounts'))",
    ),
    Pair(
        "stripes-page",
        "what_members_can_do",
        (
            f"{FEATURES}-offer_hosted_portal-section",
            f"{FEATURES}-what_stripes_own_page_does_otherwise-section",
        ),
        "portal-overview",
        ".billing-section:has-text('Open billing at Stripe')",
    ),
    Pair(
        "place-both",
        "what_members_can_do",
        (f"{PLACES}-change_place-wrapper",),
        "change-now",
        is_foot=True,
        fields={"change_place": "both"},
    ),
    Pair(
        "place-ours",
        "what_members_can_do",
        (f"{PLACES}-pause_place-wrapper",),
        "pause",
        is_foot=True,
        fields={"pause_place": "ours"},
    ),
    Pair(
        "place-stripe",
        "what_members_can_do",
        (f"{PLACES}-cancel_place-wrapper",),
        "cancel-at-stripe",
        "main",
        fields={"pause_place": "both", "cancel_place": "stripe"},
    ),
    Pair(
        "plan-groups",
        "changes",
        ("inline_child_plan_groups-0-panel-section",),
        "change-plan",
        fields={"cancel_place": "both"},
    ),
    Pair(
        "quantity",
        "changes",
        ("inline_child_plan_groups-0-plans-8-panel-section",),
        "quantity",
    ),
    Pair(
        "extras",
        "changes",
        ("inline_child_plan_groups-1-panel-section",),
        "extras-held",
    ),
    Pair(
        "later",
        "changes",
        (f"{CHANGES}-what_waits_for_the_end_of_the_period-section",),
        "change-later",
    ),
    Pair("charged", "changes", (f"{CHARGED}-proration-wrapper",), "change-now"),
    Pair(
        "charged-later",
        "changes",
        (f"{CHARGED}-proration-wrapper",),
        "change-quantity",
        fields={"proration": "create_prorations"},
    ),
    Pair(
        "charged-not",
        "changes",
        (f"{CHARGED}-proration-wrapper",),
        "change-quantity",
        fields={"proration": "none"},
    ),
    Pair(
        "billing-day",
        "changes",
        (f"{CHARGED}-billing_anchor-wrapper",),
        "change-quantity",
        fields={"proration": "always_invoice", "billing_anchor": "now"},
    ),
    Pair(
        "trial",
        "changes",
        (f"{CHARGED}-trial_change-wrapper",),
        "change-trial",
        fields={"billing_anchor": "unchanged"},
    ),
    Pair(
        "pauses",
        "pausing",
        (
            "panel-child-pausing-lengths-section",
            "panel-child-pausing-pause_without_end-section",
        ),
        "pause",
    ),
    Pair(
        "ends-later",
        "cancelling",
        (f"{LEAVING}-cancel_mode-section",),
        "cancel-confirm",
        fields={"cancel_mode": "at_period_end"},
    ),
    Pair(
        "ends-now",
        "cancelling",
        (f"{LEAVING}-cancel_mode-section", f"{LEAVING}-cancel_settlement-section"),
        "cancel-confirm",
        fields={"cancel_mode": "immediately", "cancel_settlement": "credit"},
    ),
    Pair(
        "ends-either",
        "cancelling",
        (f"{LEAVING}-cancel_mode-section", f"{LEAVING}-cancel_settlement-section"),
        "cancel-confirm",
        fields={"cancel_mode": "either", "cancel_settlement": "refund"},
    ),
    Pair(
        "reasons",
        "cancelling",
        (f"{LEAVING}-cancel_reasons-section", f"{LEAVING}-your_own_reasons-section"),
        "cancel-reason",
    ),
    Pair(
        "offers",
        "cancelling",
        ("inline_child_retention_offers-0-panel-section",),
        "offer-plan",
    ),
)


def take_pairs(browser: Browser, site: str, var: Path, folder: Path) -> None:
    """Write what an editor writes, and take every pair."""
    tell(var, WORDS)
    stops = {stop.name: stop for stop in (*TOUR, AT_STRIPE)}
    with window(browser, site, viewport=DESK) as desk:
        open_settings(desk)
        for pair in PAIRS:
            if pair.fields:
                tell(var, SET.format(fields=dict(pair.fields)))
                desk.reload()
            left = setting_of(desk, pair)
            right = page_of(browser, site, stops[pair.stop], pair)
            save_blended(beside(left, right), folder / f"setting-{pair.name}.png")


def tell(var: Path, code: str) -> None:
    """Have the site run some code."""
    done = manage(var, "shell", "-v0", "-c", code)
    assert done.returncode == 0, done.stderr


def open_settings(desk: Page) -> None:
    """Log in as the site's administrator, and open the form."""
    desk.goto("/admin/login/")
    desk.get_by_label("Username").fill("admin")
    desk.get_by_label("Password").fill(PASSWORD)
    desk.get_by_role("button", name="Sign in").click()
    desk.wait_for_url("**/admin/")
    desk.goto(SETTINGS)


def setting_of(desk: Page, pair: Pair) -> Image.Image:
    """Parts of the form, one below the other, without what lies between."""
    desk.locator(f"#tab-label-{pair.tab}").click()
    desk.add_style_tag(content=HIDES_THE_FRAME)
    pieces = [_opened(_part_of(desk, id).screenshot()) for id in pair.parts]
    inner = SETTING_WIDTH - 2 * MARGIN
    return below_each_other([fit(piece, inner) for piece in pieces])


def _part_of(desk: Page, id: str) -> Locator:
    part = desk.locator(f"#{id}")
    # A field inside a panel has its label above it.
    return part.locator("..") if id.endswith("-wrapper") else part


def page_of(browser: Browser, site: str, stop: Stop, pair: Pair) -> Image.Image:
    """What a member sees on a phone."""
    with window(browser, site, viewport=PHONE) as phone:
        enter(phone, stop.who)
        stop.visit(phone)
        phone.evaluate("document.querySelector('.demo')?.remove()")
        place = phone.locator(pair.shown).first.bounding_box()
        assert place is not None
        picture = _opened(phone.screenshot(full_page=True))
        top, bottom = place["y"] - MARGIN, place["y"] + place["height"] + MARGIN
        top = max(top, bottom - FOOT) if pair.is_foot else top
        return fit(picture.crop((0, int(top), picture.width, int(bottom))), PAGE_WIDTH)


def fit(picture: Image.Image, width: int) -> Image.Image:
    """The whole of it, so wide."""
    height = round(picture.height * width / picture.width)
    return picture.resize((width, height), Image.Resampling.LANCZOS)


def below_each_other(pieces: list[Image.Image]) -> Image.Image:
    """A column with a margin."""
    height = sum(piece.height for piece in pieces) + GAP * (len(pieces) - 1)
    column = Image.new("RGB", (SETTING_WIDTH, height + 2 * MARGIN), PAPER)
    top = MARGIN
    for piece in pieces:
        column.paste(piece, (MARGIN, top))
        top += piece.height + GAP
    return column


def beside(left: Image.Image, right: Image.Image) -> Image.Image:
    """Both on one sheet, with a line around each."""
    height = min(max(left.height, right.height), TALLEST) + 2
    sheet = Image.new("RGB", (left.width + right.width + GAP + 4, height), PAPER)
    for at, piece in ((0, left), (left.width + 2 + GAP, right)):
        shown = piece.crop((0, 0, piece.width, min(piece.height, TALLEST)))
        edge = Image.new("RGB", (shown.width + 2, shown.height + 2), EDGE)
        edge.paste(shown, (1, 1))
        sheet.paste(edge, (at, 0))
    return sheet


def _opened(content: bytes) -> Image.Image:
    return Image.open(BytesIO(content)).convert("RGB")
