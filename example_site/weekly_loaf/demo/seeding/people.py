"""The people: two at the editor's desk, and the cast."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.models import Group, User

from weekly_loaf.demo.cast import CAST


def seed_people() -> None:
    """An administrator, an editor, and every member of the cast."""
    _person("admin", "admin@example.com", "Admin", is_superuser=True, is_staff=True)
    editor = _person("editor", "editor@example.com", "Marta Lind")
    editor.groups.set(Group.objects.filter(name__in=["Editors", "Moderators"]))
    for role in CAST:
        _person(role.email, role.email, role.name)


def _person(username: str, email: str, name: str, **flags: bool) -> User:
    if found := User.objects.filter(username=username).first():
        return found
    first_name, _space, last_name = name.partition(" ")
    return User.objects.create_user(
        username,
        email=email,
        password=settings.DEMO_PASSWORD,
        first_name=first_name,
        last_name=last_name,
        **flags,
    )
