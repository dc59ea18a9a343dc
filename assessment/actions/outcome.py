"""How an action ends: done in one of three ways, or refused."""

from typing import Literal

Outcome = Literal["created", "updated", "unchanged"]


class Refused(Exception):
    """What was asked cannot be done; the message says why, in the user's language."""
