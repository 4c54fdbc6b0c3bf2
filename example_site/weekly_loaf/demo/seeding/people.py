"""The people: two at the editor's desk, and the cast."""

from __future__ import annotations

from django.conf import settings
from django.contrib.auth.hashers import make_password
from django.contrib.auth.models import Group, User

from weekly_loaf.demo.cast import CAST


def seed_people() -> None:
    """An administrator, an editor, and every member of the cast."""
    if User.objects.filter(username="admin").exists():
        return
    # Made once for all: a good hash takes its time.
    password = make_password(settings.DEMO_PASSWORD)
    User.objects.create(
        username="admin",
        email="admin@example.com",
        password=password,
        is_superuser=True,
        is_staff=True,
    )
    editor = _person("editor", "editor@example.com", "Marta Lind", password)
    editor.groups.set(Group.objects.filter(name__in=["Editors", "Moderators"]))
    for role in CAST:
        _person(role.email, role.email, role.name, password)


def _person(username: str, email: str, name: str, password: str) -> User:
    first_name, _space, last_name = name.partition(" ")
    return User.objects.create(
        username=username,
        email=email,
        password=password,
        first_name=first_name,
        last_name=last_name,
    )
