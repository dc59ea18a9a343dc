"""How an action ends: done in one of three ways, or refused by one of these names."""

from typing import Literal

from django.utils.translation import gettext_lazy as _

Outcome = Literal["created", "updated", "unchanged"]
# Said after the code of a criterion that the person may not answer, or not any more.
NOT_THEIRS = _("is not yours to answer now: it is assigned to others, handed in, or was not returned")


class Refused(Exception):
    """What was asked cannot be done; the message says why, in the user's language."""


class WrongState(Refused):
    """The round is not in the state for this."""


class ReasonMissing(Refused):
    """This needs a reason."""


class OwnAnswer(Refused):
    """Nobody reviews what they answered themselves."""


class Overtaken(Refused):
    """Something was saved after the person looked; look again."""


class InTheWay(Refused):
    """The round cannot be submitted yet; `obstacles` says what is missing, one by one."""

    def __init__(self, message: str, obstacles):
        super().__init__(message)
        self.obstacles = obstacles
