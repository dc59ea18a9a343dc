"""One difference as one sentence."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from assessment.comparing import Difference
from assessment.reports import words
from assessment.reports.differences.naming import (
    code_of,
    field_of,
    kind_of,
    level_name,
    listed,
    name_of,
    names_of,
    number,
    plural_of,
    value_of,
)


def said(difference: Difference) -> str:
    """The difference in plain words, without a full stop."""
    return SENTENCES[difference.kind](difference)


def _with_shares(sentence: str, difference: Difference) -> str:
    """And what the part counts in the overall score, as it is printed: before and now, or in the one version that has it."""
    if difference.shares is None:
        return sentence
    before, after = (words.share(share) for share in difference.shares)
    values = {"sentence": sentence, "before": before, "after": after}
    if difference.kind == "added":
        return _("%(sentence)s; %(after)s of the total") % values
    if difference.kind == "removed":
        return _("%(sentence)s; %(before)s of the total before") % values
    if before == after:
        return _("%(sentence)s; still %(after)s of the total") % values
    return _("%(sentence)s; %(before)s of the total before, %(after)s now") % values


def _added(difference: Difference) -> str:
    values = {"part": kind_of(difference.place), "place": name_of(difference.place), "level": difference.level}
    if difference.field == "descriptor":
        return _("%(place)s: a descriptor of level %(level)s was added") % values
    sentence = _("New %(part)s: %(place)s") if values["part"] else _("New: %(place)s")
    return _with_shares(sentence % values, difference)


def _removed(difference: Difference) -> str:
    values = {"part": kind_of(difference.place), "place": name_of(difference.place), "level": difference.level}
    if difference.field == "descriptor":
        return _("%(place)s: the descriptor of level %(level)s was removed") % values
    sentence = _("Removed %(part)s: %(place)s") if values["part"] else _("Removed: %(place)s")
    return _with_shares(sentence % values, difference)


def _split(difference: Difference) -> str:
    values = {"old": names_of(difference.was), "new": names_of(difference.became)}
    return _with_shares(_("%(old)s was split into %(new)s") % values, difference)


def _merged(difference: Difference) -> str:
    """Into one of them, or as a new one."""
    (new,) = difference.became
    others = [place for place in difference.was if place.code != new.code]
    values = {"old": names_of(others), "new": name_of(new)}
    if len(others) < len(difference.was):
        return _with_shares(_("%(old)s was merged into %(new)s") % values, difference)
    return _with_shares(_("%(old)s were merged as %(new)s") % values, difference)


def _regrouped(difference: Difference) -> str:
    values = {"old": names_of(difference.was), "new": names_of(difference.became)}
    return _with_shares(_("%(old)s were regrouped as %(new)s") % values, difference)


def _recoded(difference: Difference) -> str:
    (old,), (new,) = difference.was, difference.became
    return _("%(old)s now has the code %(code)s") % {"old": name_of(old), "code": new.code}


def _moved(difference: Difference) -> str:
    (old,), (new,) = difference.was, difference.became
    values = {"old": name_of(old), "code": new.code}
    values |= {"from": name_of(difference.before), "to": name_of(difference.after)}
    if old.code == new.code:
        return _("%(old)s moved from %(from)s to %(to)s") % values
    return _("%(old)s moved from %(from)s to %(to)s and now has the code %(code)s") % values


def _renamed(difference: Difference) -> str:
    return _became(difference, code_of(difference.place), difference.before, difference.after)


def _worded(difference: Difference) -> str:
    values = {"place": name_of(difference.place), "field": field_of(difference)}
    if difference.before and difference.after:
        return _("%(place)s: %(field)s reworded") % values
    return (_("%(place)s: %(field)s added") if difference.after else _("%(place)s: %(field)s removed")) % values


def _became(difference: Difference, place: str, before: str, after: str) -> str:
    values = {"place": place, "field": field_of(difference), "before": before, "after": after}
    if before and after:
        return _("%(place)s: %(field)s “%(before)s” became “%(after)s”") % values
    if after:
        return _("%(place)s: %(field)s added: “%(after)s”") % values
    return _("%(place)s: %(field)s removed: “%(before)s”") % values


def _changed(difference: Difference) -> str:
    place, field = name_of(difference.place), difference.field
    if field == "crosswalks":
        return _("%(place)s was changed") % {"place": place}
    if field == "key":
        sentence = (
            _("%(place)s became a key criterion")
            if difference.after
            else _("%(place)s is not a key criterion any more")
        )
        return sentence % {"place": place}
    before, after = value_of(field, difference.before), value_of(field, difference.after)
    values = {"place": place, "before": before, "after": after}
    if field == "effort":
        return _("%(place)s: %(before)s person-months a level step before, %(after)s now") % values
    if field == "role":
        values |= {"passage": names_of(difference.became)}
        return _("%(place)s cites %(passage)s otherwise: “%(before)s” became “%(after)s”") % values
    return _became(difference, place, before, after)


def _reweighted(difference: Difference) -> str:
    before, after = number(difference.before), number(difference.after)
    values = {"place": name_of(difference.place), "before": before, "after": after}
    return _with_shares(_("%(place)s: weight %(before)s became %(after)s") % values, difference)


def _retargeted(difference: Difference) -> str:
    values = {"profile": name_of(difference.place), "place": names_of(difference.became)}
    values |= {"before": level_name(difference.before), "after": level_name(difference.after)}
    if difference.field == "own" and difference.before == difference.after:
        return _("%(profile)s: %(place)s is set in another way, still at %(after)s") % values
    if difference.field == "own":
        return _("%(profile)s: %(place)s %(before)s before, %(after)s now") % values
    if difference.field == "key":
        sentence = _("%(profile)s: key criteria %(before)s before, %(after)s now") % values
    else:
        sentence = _("%(profile)s: all others %(before)s before, %(after)s now") % values
    codes = listed(place.code for place in difference.became)
    concerned = {"sentence": sentence, "count": len(difference.became), "criteria": codes}
    return _("%(sentence)s; concerns %(count)s criteria: %(criteria)s") % concerned if codes else sentence


def _cited(difference: Difference) -> str:
    values = {"place": name_of(difference.place), "passage": names_of(difference.became)}
    if difference.after == "assigned":
        return _("%(place)s is now filed under %(passage)s by this tool") % values
    return _("%(place)s now rests on %(passage)s too") % values


def _uncited(difference: Difference) -> str:
    values = {"place": name_of(difference.place), "passage": names_of(difference.was)}
    if difference.before == "assigned":
        return _("%(place)s is no longer filed under %(passage)s by this tool") % values
    return _("%(place)s no longer rests on %(passage)s") % values


def _reordered(difference: Difference) -> str:
    values = {"place": name_of(difference.place), "parts": plural_of(difference.field)}
    if difference.place.part == "criterion" or difference.field == "passage":
        return _("%(place)s: the %(parts)s stand in another order") % values
    return _("%(place)s: the %(parts)s now stand in the order %(order)s") % (
        values | {"order": listed(difference.after)}
    )


SENTENCES: dict[str, Callable[[Difference], str]] = {
    "added": _added,
    "removed": _removed,
    "split": _split,
    "merged": _merged,
    "regrouped": _regrouped,
    "recoded": _recoded,
    "moved": _moved,
    "renamed": _renamed,
    "worded": _worded,
    "changed": _changed,
    "reweighted": _reweighted,
    "retargeted": _retargeted,
    "cited": _cited,
    "uncited": _uncited,
    "reordered": _reordered,
}
