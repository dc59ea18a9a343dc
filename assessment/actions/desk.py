"""Edit a draft element by element: each edit in one transaction, merged with what others changed meanwhile, and undone at will."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from assessment import elements, outline
from assessment.actions.dangling import must_hold_together
from assessment.actions.framework import columns, write_citations, write_descriptors, write_framework
from assessment.actions.outcome import InTheWay, Overtaken, Refused
from assessment.actions.source import give_texts
from assessment.dangling import Fault, new_faults
from assessment.elements import Element, Elements
from assessment.models import (
    Criterion,
    Dimension,
    Edit,
    Event,
    Facet,
    Framework,
    Lens,
    Level,
    Passage,
    Source,
    TargetProfile,
    User,
)
from assessment.undoing import ChangedAgain, taken_back

Cause = Edit.Cause
Change = Mapping[str, Element | None]


@dataclass(frozen=True)
class Saved:
    """How a save of one element ended: `now` is stored, `conflicts` are the paths that still hold what others wrote.

    `number` is the draft's latest edit. `others` are the paths that others changed since the person looked.
    """

    now: Element
    number: int
    conflicts: tuple[str, ...] = ()
    others: tuple[str, ...] = ()
    by: User | None = None


@transaction.atomic
def save_element(record: Framework, name: str, mine: Mapping[str, Any], *, by: User, seen: int) -> Saved:
    """Puts these values, by path, into an element as it was at edit `seen`, and both on top of what is stored now.

    Raises Overtaken where the element is gone, Refused where the draft is no longer one.
    """
    record = lock(record)
    now = elements.take_apart(record.outline())
    if name not in now:
        raise Overtaken(_("%(element)s was taken away meanwhile.") % {"element": elements.code_of(name)})
    base, since = as_of(record, name, now[name], seen)
    wanted, conflicts = elements.merge(base, elements.with_values(base, mine), now[name])
    others = _differing(base, now[name])
    if wanted != now[name]:
        record = _keep(record, now, {name: wanted}, by=by, cause=Cause.EDITED)
    return Saved(wanted, record.edits, conflicts, others, since.by if since else None)


@transaction.atomic
def rearrange(record: Framework, change: Callable[[Elements], Change], *, by: User, cause: str) -> int:
    """Adds, removes, moves, splits or merges elements, worked out from the draft as it is now; the edit's number."""
    record = lock(record)
    now = elements.take_apart(record.outline())
    try:
        wanted = change(now)
    except (KeyError, StopIteration, IndexError, ValueError) as error:
        raise Overtaken(_("The draft was changed meanwhile; look at it again.")) from error
    return _keep(record, now, wanted, by=by, cause=cause).edits


@transaction.atomic
def replace_all(record: Framework, wanted: outline.Framework, *, by: User | None) -> int:
    """Makes the draft equal to an imported framework, as one edit that can be undone."""
    record = lock(record)
    now, new = elements.take_apart(record.outline()), elements.take_apart(wanted)
    change: Change = {name: new.get(name) for name in {**now, **new} if now.get(name) != new.get(name)}
    return _keep(record, now, change, by=by, cause=Cause.IMPORTED).edits if change else record.edits


@transaction.atomic
def name_draft(record: Framework, *, by: User, code: str, version: str, four_eyes: bool) -> None:
    """Gives the draft its code and version, and says whether somebody else must publish it.

    Raises Refused where who edited it would switch four eyes off.
    """
    record = lock(record)
    if record.four_eyes and not four_eyes and is_author(record, by):
        raise Refused(_("you edited this draft; somebody else switches four eyes off"))
    now = elements.take_apart(record.outline())
    named = now[elements.FRAMEWORK] | {"code": code, "version": version}
    if code != record.code:
        give_texts(record.code, code, by=by)
    if named != now[elements.FRAMEWORK]:
        record = _keep(record, now, {elements.FRAMEWORK: named}, by=by, cause=Cause.EDITED)
    if record.four_eyes != four_eyes:
        record.four_eyes = four_eyes
        record.save(update_fields=["four_eyes"])
        Event.objects.record(Event.Verb.FOUR_EYES, by=by, target=f"{code} {version}", four_eyes=four_eyes)


def is_author(record: Framework, user: User) -> bool:
    """Who edited the draft, or said what its golden sets should come to."""
    accepted = record.golden_sets.filter(accepted_by=user, accepted_at__gt=record.created_at)
    return record.history.filter(by=user).exists() or accepted.exists()


@transaction.atomic
def undo(record: Framework, number: int, *, by: User) -> Edit:
    """Takes one edit back on top of what came after it. Raises InTheWay with what was changed again or would not hold
    together any more, Refused where there is nothing to take back."""
    record = lock(record)
    edit = record.history.filter(number=number).first()
    if edit is None:
        raise Overtaken(_("This edit was carried on meanwhile; look at it again."))
    now = elements.take_apart(record.outline())
    wanted, again = taken_back(now, edit.changes)
    if again:
        said = "、".join(dict.fromkeys(elements.code_of(each.name) or str(record) for each in again[:5]))
        raise InTheWay(_("Changed again since: %(elements)s. Undo the later edits first.") % {"elements": said}, again)
    if not wanted:
        raise Refused(_("Everything is as it was before this edit."))
    _keep(record, now, wanted, by=by, cause=Cause.UNDONE, undoes=edit)
    return edit


def not_undoable(record: Framework, edits: Iterable[Edit]) -> dict[int, list[ChangedAgain | Fault]]:
    """By number, of those edits that cannot be taken back as the draft stands, why; nothing where nothing is left of it."""
    now = elements.take_apart(record.outline())
    found: dict[int, list[ChangedAgain | Fault]] = {}
    for edit in edits:
        wanted, again = taken_back(now, edit.changes)
        obstacles = again or new_faults(now, wanted)
        if obstacles or not wanted:
            found[edit.number] = [*obstacles]
    return found


def as_of(record: Framework, name: str, now: Element, seen: int) -> tuple[Element, Edit | None]:
    """The element as it was at that edit, and the latest edit of it since."""
    since = list(record.history.filter(number__gt=seen, changes__has_key=name).select_related("by").order_by("number"))
    before = since[0].before(name, seen) if since else now
    return before or now, since[-1] if since else None


def _differing(base: Element, now: Element) -> tuple[str, ...]:
    old, new = elements.flattened(base), elements.flattened(now)
    return tuple(path for path in {**old, **new} if old.get(path) != new.get(path))


def lock(record: Framework) -> Framework:
    """The draft as it is now; nobody else changes it until the transaction ends. Raises Refused for no draft."""
    found = Framework.objects.select_for_update().filter(pk=record.pk).first()
    if found is None:
        raise Overtaken(_("This draft was deleted meanwhile, or bears another code or version now."))
    record = found
    if not record.is_draft:
        raise Refused(_("%(framework)s is published and never changes; copy it as a draft") % {"framework": record})
    if record.assessments.exists():
        raise Refused(_("%(framework)s is used by a round") % {"framework": record})
    return record


def _keep(record: Framework, now: Elements, change: Change, *, by: User | None, cause: str, undoes=None) -> Framework:
    """Writes what changes, as one edit with the elements before and after it."""
    change = elements.with_only_facets(change, now)
    changes = {
        name: {"before": now.get(name), "after": element}
        for name, element in change.items()
        if now.get(name) != element
    }
    if not changes:
        return record
    must_hold_together(now, change)
    wanted = elements.put_together(elements.applied(now, change))
    _must_be_free(record, wanted)
    if _is_rewording(now, change):
        _update_rows(record, wanted, changes)
    else:
        record = write_framework(wanted, record)
    note(record, cause, changes, by=by, undoes=undoes)
    return record


def note(
    record: Framework, cause: str, changes: Mapping[str, Any] | None = None, *, by: User | None, undoes=None
) -> None:
    """Adds an edit to the draft's history; one without changes is how the draft began.

    Who goes on writing in one field goes on with one edit: undoing it brings back what stood there before.
    """
    last = record.history.first() if cause == Cause.EDITED else None
    record.edits += 1
    record.save(update_fields=["edits"])
    if last and last.by_id == getattr(by, "pk", None) and (written := last.with_more(changes or {})):
        last.number, last.at, last.changes = record.edits, timezone.now(), written
        last.save()
        return
    Edit.objects.create(framework=record, number=record.edits, cause=cause, changes=changes or {}, by=by, undoes=undoes)


def _must_be_free(record: Framework, wanted: outline.Framework) -> None:
    others = Framework.objects.filter(code=wanted.code, version=wanted.version).exclude(pk=record.pk)
    if others.exists():
        raise Refused(
            _("%(code)s %(version)s exists already; choose another version")
            % {"code": wanted.code, "version": wanted.version}
        )


def _is_rewording(now: Elements, change: Change) -> bool:
    """Whether elements change in themselves alone: nothing comes, goes, or stands elsewhere."""
    return all(
        element is not None and name in now and all(element[key] == now[name][key] for key in elements.placing(name))
        for name, element in change.items()
    )


MODELS: dict[str, tuple[Any, str, str]] = {
    "level": (Level, "framework", "level"),
    "source": (Source, "framework", "code"),
    "passage": (Passage, "source__framework", "locator_id"),
    "lens": (Lens, "framework", "code"),
    "dimension": (Dimension, "framework", "code"),
    "facet": (Facet, "framework", "code"),
    "criterion": (Criterion, "framework", "code"),
    "target": (TargetProfile, "framework", "code"),
}


def _update_rows(record: Framework, wanted: outline.Framework, names: Mapping[str, Any]) -> None:
    """Each changed element in its own row, with its descriptors and citations."""
    given = dict(elements.members(wanted))
    for name in names:
        kind = elements.kind_of(name)
        values = columns(kind, given[name])
        if name == elements.FRAMEWORK:
            Framework.objects.filter(pk=record.pk).update(**values)
            record.refresh_from_db()
            continue
        model, owner, key = MODELS[kind]
        found = {owner: record, key: values[key]}
        if kind == "passage":
            found["source__code"] = elements.code_of(name).partition("#")[0]
        row = model.objects.get(**found)
        model.objects.filter(pk=row.pk).update(**values)
        _update_below(record, kind, row, given[name])


def _update_below(record: Framework, kind: str, row: Any, given: Any) -> None:
    if kind == "criterion":
        row.descriptors.all().delete()
        write_descriptors([row], [given])
    if kind in ("criterion", "dimension"):
        row.citations.all().delete()
        passages = Passage.objects.filter(source__framework=record).select_related("source") if given.cites else ()
        write_citations(kind, [row], [given], {str(passage): passage for passage in passages})
