"""Which Stripe accounts somebody in the admin has to do with."""

from __future__ import annotations

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from wagtail.models import Site
from wagtail.permissions import page_permission_policy

from ..models import PortalSettings

User = AbstractBaseUser | AnonymousUser
EDITING = {"add", "change", "publish"}


def hidden_accounts(user: User) -> set[str]:
    """The accounts of other people's sites: nothing of them is shown to ``user``.

    Whoever edits the pages of some sites works for those. Nothing is hidden from others
    who were given access, such as somebody who looks after the whole installation.
    """
    if getattr(user, "is_superuser", False):
        return set()
    pages = page_permission_policy.instances_user_has_any_permission_for(user, EDITING)
    chosen = dict(PortalSettings.objects.values_list("site", "stripe_account"))
    default = PortalSettings._meta.get_field("stripe_account").get_default()
    theirs: set[str] = set()
    others: set[str] = set()
    for site in Site.objects.select_related("root_page"):
        is_theirs = pages.filter(path__startswith=site.root_page.path).exists()
        (theirs if is_theirs else others).add(chosen.get(site.pk, default))
    return others - theirs if theirs else set()
