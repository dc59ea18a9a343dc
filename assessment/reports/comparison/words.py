"""Open this for the words of a comparison that page and paper share."""

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext, pgettext_lazy

from assessment.reports import words
from assessment.reports.charts.slopes import Slope
from assessment.reports.comparison.facts import CapChange, Comparison, CriterionChange, Movement, Parts, Shift, Side
from assessment.reports.content.facts import Standing
from assessment.reports.differences import naming

# What became of a criterion, in the order of the lists.
CHANGES = {
    "improved": pgettext_lazy("criterion", "improved"),
    "fell": pgettext_lazy("criterion", "fell"),
    "answered": gettext_lazy("newly answered"),
    "applies": gettext_lazy("applies now"),
    "unanswered": gettext_lazy("no longer answered"),
    "excused": gettext_lazy("not applicable now"),
    "added": gettext_lazy("newly added"),
    "removed": pgettext_lazy("criterion", "gone"),
    "regrouped": gettext_lazy("split or merged"),
    "incomparable": gettext_lazy("level cannot be compared"),
    "reworded": pgettext_lazy("criterion", "reworded only"),
    "unchanged": pgettext_lazy("criterion", "level unchanged"),
}


def way(value: str) -> str:
    names = {
        "improved": pgettext("score", "higher"),
        "fell": pgettext("score", "lower"),
        "unchanged": pgettext("score", "the same"),
    }
    return names.get(value, words.NOTHING)


def change(value: str) -> str:
    return str(CHANGES[value])


def gap(value: str) -> str:
    names = {
        "closed": _("gap closed"),
        "opened": _("gap opened"),
        "kept": _("gap remains"),
        "dropped": _("gap no longer counted"),
    }
    return names.get(value, "")


def cap(value: str) -> str:
    names = {"appeared": _("held down now"), "gone": _("no longer held down"), "kept": _("still held down")}
    return names[value]


def level(sides: tuple[Side, ...]) -> str:
    """The levels of one side: a number, or why there is none; codes only where there are several."""
    if not sides:
        return words.NOTHING
    told = [words.state(side.state) if side.level is None else str(side.level) for side in sides]
    if len(sides) == 1:
        return told[0]
    return words.listed((f"{side.code} {word}" for side, word in zip(sides, told, strict=True)), "；")


def changed(item: CriterionChange) -> str:
    """What became of it; of a level that moved also by how much."""
    if not item.steps:
        return change(item.change)
    return pgettext("criterion", "%(change)s %(steps)s") % {
        "change": change(item.change),
        "steps": f"{item.steps:+d}".replace("-", "−"),
    }


def targets(item: CriterionChange) -> str:
    """The target before and after: one number where both are the same."""
    told = [target(item.before), target(item.after)]
    if not item.before or not item.after or told[0] == told[1]:
        return told[1] if item.after else told[0]
    return "→".join(told)


def target(sides: tuple[Side, ...]) -> str:
    found = dict.fromkeys(words.NOTHING if side.target is None else str(side.target) for side in sides)
    return "／".join(found) or words.NOTHING


def distance(sides: tuple[Side, ...]) -> str:
    """Level and target of one side, as `2→4`."""
    told = []
    for side in sides:
        at = words.state(side.state) if side.level is None else str(side.level)
        way_to = at if side.target is None else f"{at}→{side.target}"
        told.append(f"{side.code} {way_to}" if len(sides) > 1 else way_to)
    return words.listed(told, "；") or words.NOTHING


def parts(names: tuple[str, ...]) -> str:
    """What of a criterion's wording changed, as `migrating.WORDING` names it."""
    known = {
        "title": pgettext("wording", "title"),
        "statement": pgettext("wording", "statement"),
        "guidance": pgettext("wording", "how to judge"),
        "measure": pgettext("wording", "measure"),
        "levels": pgettext("wording", "level descriptors"),
    }
    return pgettext("list", ", ").join(known[name] for name in names)


def capped(item: CapChange) -> str:
    keys = words.listed(f"{key.code} {key.title}" for key in item.last.by)
    named = f"{item.last.code} {item.last.name}"
    return _("%(dimension)s: %(fate)s (%(keys)s)") % {"dimension": named, "fate": cap(item.fate), "keys": keys}


def shifted(item: Shift) -> str:
    """The part that counts otherwise, by its code and name."""
    return words.level(int(item.code)) + words.aside(item.name) if item.part == "level" else f"{item.code} {item.name}"


def setting(item: Shift) -> str:
    """What of it changed."""
    names = {
        "weight": pgettext("setting", "weight"),
        "key": pgettext("setting", "key criterion"),
        "kind": pgettext("setting", "kind"),
        "threshold": pgettext("setting", "threshold"),
        "place": pgettext("setting", "stands in"),
    }
    return names[item.setting]


def setting_before(item: Shift) -> str:
    return _valued(item, item.before)


def setting_after(item: Shift) -> str:
    return _valued(item, item.after)


def _valued(item: Shift, value: float | bool | str) -> str:
    if item.setting == "key":
        return _("yes") if value else _("no")
    return naming.value_of(item.setting, value)


def shares(item: Shift) -> str:
    """What it counts in the overall score, before and after; one share where both are printed alike."""
    told = [words.share(share) for share in item.shares or ()]
    return "→".join(dict.fromkeys(told)) or words.NOTHING


def shifts_told(comparison: Comparison) -> str:
    """How to read the list of them."""
    if not comparison.shifts:
        return _("No weight, key criterion or threshold changed.")
    return _(
        "These move scores and levels although nobody answered otherwise. Where one counts more, what stands beside it "
        "counts less, also with the weight that it had."
    )


def still(comparison: Comparison) -> list[tuple[str, str]]:
    """The criteria whose level stayed, with it: by dimension as it is named now, each as `T1.1（3）`."""
    found: dict[str, list[str]] = {}
    for item in comparison.of("unchanged"):
        found.setdefault(item.last.dimension, []).append(item.last.code + words.aside(level(item.after)))
    names = {movement.code: f"{movement.code} {movement.name}" for movement in comparison.dimensions}
    return [(names[code], words.listed(items)) for code, items in found.items()]


def slopes(comparison: Comparison) -> list[Slope]:
    """The lines of the picture."""
    return [
        Slope(
            movement.code,
            movement.name,
            movement.before.score if movement.before else None,
            movement.after.score if movement.after else None,
            movement.parts.whole,
        )
        for movement in comparison.dimensions
    ]


def origin(item: CriterionChange) -> str:
    """Which codes it had before, where it did not simply stay; empty where it did."""
    before, after = ([side.code for side in sides] for sides in (item.before, item.after))
    if not before or not after or before == after:
        return ""
    return f"{words.listed(before)} → {words.listed(after)}"


def verdict(comparison: Comparison) -> str:
    """What the difference of the overall score is made of, in a sentence or two."""
    movement = comparison.overall
    before, after = movement.before, movement.after
    if before is None or after is None or movement.parts.whole is None:
        return _("One of the rounds has no overall score yet, so there is no difference to explain.")
    told = {
        "before": words.points(before.score),
        "after": words.points(after.score),
        "whole": words.signed(movement.parts.whole),
    }
    moved = _("The overall score went from %(before)s to %(after)s (%(whole)s).") % told
    return moved + _made_of(comparison, movement.parts) + _covered(before, after)


def _made_of(comparison: Comparison, parts: Parts) -> str:
    if comparison.is_same_version:
        return _(" Both rounds are on the same version, so all of it comes from changed answers.")
    if parts.answers is None:
        return _(" What of it comes from changed answers cannot be told.")
    told = {"answers": words.signed(parts.answers), "criteria": words.signed(parts.criteria)}
    return _(" Changed answers make %(answers)s of it, changed criteria %(criteria)s.") % told


def _covered(before: Standing, after: Standing) -> str:
    """A warning where more is answered in one round than in the other: each score speaks of its own answers alone."""
    shares = {"before": words.share(before.coverage), "after": words.share(after.coverage)}
    if shares["before"] == shares["after"]:
        return ""
    return _(" Coverage was %(before)s and is %(after)s: each score speaks of what is answered in its round.") % shares


def new_level(movement: Movement) -> str:
    """The level before and after, as one reads it in a table."""
    levels = [standing.level if standing else None for standing in (movement.before, movement.after)]
    if levels[0] == levels[1]:
        return words.NOTHING if levels[0] is None else str(levels[0])
    return "→".join(_("no level") if level is None else str(level) for level in levels)


def method(comparison: Comparison) -> list[str]:
    """How to read the comparison, paragraph by paragraph."""
    return [
        _("Levels used on both sides: %(basis)s. Differences are of the figures as printed, so that they add up.")
        % {"basis": words.basis(comparison.basis)},
        _(
            "Answers and criteria: the version before is given the new answers wherever one criterion became one. What "
            "that moves the score by is due to changed answers; all that remains is due to changed criteria, also what was "
            "answered anew where criteria are new, split or merged. Between a round and its copy on another version: up to "
            "right after the move changed criteria, from then on changed answers."
        ),
        _(
            "Criteria follow each other by their code and by what the framework's authors wrote down as replaced, never "
            "by similar wording. Levels of criteria that were split, merged or are chosen anew are not compared."
        ),
        _(
            "A gap counts as closed where the level reached the target of the round before. A gap that went because its "
            "target was lowered, or the criterion no longer counts or is not answered, is listed apart and is no progress."
        ),
    ]
