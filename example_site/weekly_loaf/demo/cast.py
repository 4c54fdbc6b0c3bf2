"""Who appears in the demo, and what each of them is there to show."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

Story = Literal[
    "monthly",
    "yearly",
    "trial",
    "past_due",
    "ending",
    "ended",
    "no_customer",
    "metered",
    "long_name",
    "german",
    "three",
    "long_ago",
    "agreed",
]


@dataclass(frozen=True)
class Role:
    """One member of the demo and the state they are found in."""

    email: str
    name: str
    story: Story
    shows: str | Promise
    language: str = "en-gb"


CAST = (
    Role("ada@example.com", "Ada Miller", "monthly", _("monthly, many invoices")),
    Role("bela@example.com", "Bela Novak", "yearly", _("yearly")),
    Role("chloe@example.com", "Chloe Martin", "trial", _("on trial")),
    Role("dan@example.com", "Dan Okafor", "past_due", _("payment failed")),
    Role("elif@example.com", "Elif Demir", "ending", _("cancelled, still running")),
    Role("finn@example.com", "Finn Larsen", "ended", _("ended")),
    Role("gwen@example.com", "Gwen Rhys", "no_customer", _("never subscribed")),
    Role("kaya@example.com", "Kaya Whitlock", "metered", _("pays by the page")),
    Role(
        "maximiliana@example.com",
        "Maximiliana Konstantinopolsky-Featherstonehaugh de la Panadería y Hijos",
        "long_name",
        _("a very long name"),
    ),
    Role(
        "jonas@example.com",
        "Jonas Bäcker",
        "german",
        _("German, paying in euros"),
        language="de",
    ),
    Role("hana@example.com", "Hana Sato", "three", _("three subscriptions")),
    Role("igor@example.com", "Igor Petrov", "long_ago", _("ended years ago")),
    Role("luca@example.com", "Luca Bianchi", "agreed", _("invoices, and agreed terms")),
)


def role_of(email: str) -> Role | None:
    """The role with this address, if it is one of the demo's."""
    return next((role for role in CAST if role.email == email), None)
