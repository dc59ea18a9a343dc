"""How a round's reports look, and the marks that they bear."""

from collections.abc import Mapping
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from assessment.actions.outcome import Refused, WrongState
from assessment.actions.response import lock
from assessment.design import LEGIBLE, contrast, is_colour
from assessment.models import Assessment, Design, Event, Mark, User


@transaction.atomic
def change_design(record: Assessment, columns: Mapping[str, Any], *, by: User) -> Design:
    """Changes these columns of the round's design, before and after approval alike."""
    record = lock(record)
    if record.is_moved or record.is_undone:
        raise WrongState(_("This round is only read; change the design where its answers went on."))
    design = Design.objects.filter(assessment=record).first() or Design(assessment=record)
    changed = [name for name, value in columns.items() if getattr(design, name) != value]
    for name in changed:
        setattr(design, name, columns[name])
    if changed or design.pk is None:
        design.save()
        Event.objects.record(Event.Verb.DESIGN_CHANGED, by=by, assessment=record, changed=_labels(Design, changed))
    return design


@transaction.atomic
def change_mark(mark: Mark, columns: Mapping[str, Any], *, by: User) -> Mark:
    """Changes a mark, which is stored by now or not yet. A colour too light to be read on white is refused."""
    for name in ("deep", "accent"):
        must_be_legible(columns.get(name, getattr(mark, name)))
    changed = [name for name, value in columns.items() if getattr(mark, name) != value]
    for name in changed:
        setattr(mark, name, columns[name])
    if changed or mark.pk is None:
        mark.save()
        target, labels = str(mark), _labels(Mark, changed)
        Event.objects.record(Event.Verb.MARK_CHANGED, by=by, city=mark.city, target=target, changed=labels)
    return mark


def _labels(model: type[Design | Mark], columns: list[str]) -> str:
    return "、".join(str(getattr(model._meta.get_field(name), "verbose_name", name)) for name in columns)


def must_be_legible(colour: str) -> None:
    """Raises Refused with the contrast that was measured and the one that is needed."""
    if not is_colour(colour):
        raise Refused(
            _("A colour is written as # and six digits, such as #12355b; received “%(given)s”.")
            % {"given": colour[:20]}
        )
    if (found := contrast(colour)) < LEGIBLE:
        # Rounded down: 4.49 must not be told as the 4.5 that it lacks.
        words = {"colour": colour, "found": f"{int(found * 10) / 10:.1f}", "needed": f"{LEGIBLE:.1f}"}
        raise Refused(
            _(
                "%(colour)s is too light on white: its contrast is %(found)s, at least %(needed)s is needed. Choose a darker colour."
            )
            % words
        )
