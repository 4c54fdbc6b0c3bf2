"""A user model of the site's own, with keys that are not numbers."""

from __future__ import annotations

import uuid

from django.contrib.auth.models import AbstractUser
from django.db import models


class Reader(AbstractUser):
    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
