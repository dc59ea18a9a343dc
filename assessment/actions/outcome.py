"""How an action ends: done in one of three ways, or refused."""

from typing import Literal

from django.utils.translation import gettext as _

from assessment import outline
from assessment.models import User

Outcome = Literal["created", "updated", "unchanged"]


class Refused(Exception):
    """What was asked cannot be done; the message says why, in the user's language."""


class Overtaken(Refused):
    """Someone else saved the answer in between; `stored` is theirs, `by` who it was, where that is known."""

    def __init__(self, stored: outline.Response, by: User | None):
        super().__init__(_("somebody else saved this answer in between"))
        self.stored, self.by = stored, by
