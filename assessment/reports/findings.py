"""What lint found, in plain words of the page's language: where it is, what is wrong, what to do."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass

from django.core.exceptions import FieldDoesNotExist
from django.utils.translation import get_language, get_language_info, gettext_noop
from django.utils.translation import gettext as _

from assessment import models
from assessment.lint import Finding, Place
from assessment.reports.words import NOTHING, share

KINDS = {
    "framework": models.Framework,
    "level": models.Level,
    "source": models.Source,
    "passage": models.Passage,
    "lens": models.Lens,
    "dimension": models.Dimension,
    "facet": models.Facet,
    "criterion": models.Criterion,
    "target": models.TargetProfile,
    "golden": models.GoldenSet,
}
# By rule, or by rule and kind of part where they differ.
SENTENCES = {
    "nothing-inside framework": gettext_noop("It has no lens. Add one, with dimensions and criteria."),
    "nothing-inside lens": gettext_noop("It has no dimension. Add one, or remove the lens."),
    "nothing-inside": gettext_noop("It has no criterion. Add one, or remove this part."),
    "sides-wrong": gettext_noop(
        "It has %(count)s sides where its kind has %(wanted)s: a balance two, all others one. Add or remove a side, or change the kind."
    ),
    "code-repeated": gettext_noop("Its code is used before it already. Give it another one."),
    "text-missing": gettext_noop("The text in %(language)s is missing. Write it; it is the framework's own language."),
    "pole-missing": gettext_noop("A transition goes from an old pole to a new one. Name this one in %(language)s."),
    "scale-wrong": gettext_noop("The scale has %(count)s levels. It needs 2 to 10, numbered from 0 without a gap."),
    "threshold-wrong": gettext_noop(
        "Thresholds ascend from level to level, from 0 to 100; level 0 has none. Correct this one."
    ),
    "level-missing": gettext_noop("Level %(level)s of the scale is not described. Describe it."),
    "level-above-scale": gettext_noop(
        "Level %(level)s is not on the scale. Remove its description, or extend the scale."
    ),
    "descriptor-missing": gettext_noop(
        "The description in %(language)s is missing. Write what an outsider sees at this level."
    ),
    "descriptors-equal": gettext_noop(
        "Levels %(other)s and %(level)s are described in the same words. Say what is seen at one and not at the other."
    ),
    "descriptors-alike": gettext_noop(
        "Levels %(other)s and %(level)s differ in words of degree alone. Name what can be looked at: a document, a number, a period."
    ),
    "target-above-scale": gettext_noop(
        "The level for %(criterion)s, %(level)s, is not on the scale. Choose one that is."
    ),
    "target-unknown": gettext_noop("No criterion has the code “%(criterion)s”. Correct the code, or remove the line."),
    "citation-unknown": gettext_noop("It cites %(passage)s, which no source has. Cite a passage that is there."),
    "quote-forbidden": gettext_noop(
        "A passage of the status “%(status)s” is not quoted. Remove the quotation, or change the status once the wording has been read."
    ),
    "quote-differs": gettext_noop(
        "The quotation does not stand word for word in the text that was uploaded (%(edition)s). Correct it, or withdraw the text and upload the right edition."
    ),
    "weight-wrong": gettext_noop("The weight is no number above 0. Correct it."),
    "replaced-unknown": gettext_noop(
        "It replaces %(replaced)s, which the version before does not have. Correct the code."
    ),
    "golden-changed": gettext_noop(
        "Figures that are not what was accepted: %(count)s. Look at them and accept them, or take the change back."
    ),
    "criterion-uncited framework": gettext_noop(
        "No criterion cites a clause. Enter the sources and cite them, or say why there are none."
    ),
    "criterion-uncited": gettext_noop("It rests on no clause. Cite one, or say why there is none."),
    "clause-uncovered": gettext_noop("No criterion rests on it. Cite it where it belongs, or say why it is left out."),
    "quote-unchecked": gettext_noop(
        "The quotation was not compared with the text that was uploaded. Compare it, or say why not."
    ),
    "source-unchecked": gettext_noop(
        "Quotations that nobody checked, because no official text is at hand: %(count)s. Upload it, or say why not."
    ),
    "name-repeated": gettext_noop(
        "It bears the name of %(other)s beside it. Give one of the two another name, or say why they share it."
    ),
    "weight-idle": gettext_noop(
        "Its share among its neighbours is %(share)s, under a tenth of an equal share (%(equal)s): answers there hardly count. Raise the weight, remove the part, or say why."
    ),
    "code-vanished": gettext_noop(
        "The version before has it; here it is gone, and nothing takes over its answers. Let a criterion replace it, or say why it is dropped."
    ),
    "code-vanished renamed": gettext_noop(
        "The version before has it; here it seems to bear the code %(renamed)s. Give it the old code back, or let %(renamed)s replace it."
    ),
    "replaced-kept": gettext_noop(
        "It takes over the answers of %(replaced)s, which is still there and keeps them too. If %(replaced)s was split, let it replace itself as well; if not, remove the code here."
    ),
    "untranslated framework": gettext_noop(
        "Texts without %(language)s: %(count)s of %(of)s; readers see the framework's own language. Translate them, or say why not."
    ),
    "untranslated": gettext_noop("Texts of this part without %(language)s: %(count)s. Translate them, or say why not."),
    "examples-missing framework": gettext_noop(
        "No criterion has examples of evidence that suffices and of evidence that does not. Add them, or say why not."
    ),
    "examples-missing": gettext_noop(
        "Criteria without an example of evidence that suffices, or of evidence that does not: %(count)s. Add them, or say why not."
    ),
}


@dataclass(frozen=True)
class Told:
    """A finding as a page shows it; `href` leads to where it is put right, `reason` says why a warning may stand."""

    key: str
    severity: str
    where: str
    what: str
    href: str = ""
    reason: str = ""


def told(
    findings: Iterable[Finding], address: Callable[[Place], str], reasons: Mapping[str, str] | None = None
) -> list[Told]:
    """The findings for a page; `address` gives where each place is edited, `reasons` are those given by key."""
    given = reasons or {}
    return [Told(f.key, f.severity, where(f.place), what(f), address(f.place), given.get(f.key, "")) for f in findings]


def said(finding: Finding) -> str:
    """Where it is, what is wrong and what to do, in one line."""
    return _("%(place)s: %(what)s") % {"place": where(finding.place), "what": what(finding)}


def severity(finding: Finding | Told) -> str:
    return _("Error") if finding.severity == "error" else _("Warning")


def where(place: Place) -> str:
    """The part by code and name, the field, and its language where it is not the framework's own.

    >>> from assessment.outline import Text
    >>> where(Place("criterion:T1.1", Text({"zh-hans": "统筹"}), "levels.2.descriptor", "en"))
    '评估项 T1.1 统筹 · 2级 · 等级描述 · 英语'
    """
    kind = str(KINDS[place.kind]._meta.verbose_name)
    part = " ".join(filter(None, (kind, place.code, place.name.to(get_language() or ""))))
    other = place.language not in ("", next(iter(place.name), ""))
    return " · ".join(filter(None, (part, *_field(place), language(place.language) if other else "")))


def what(finding: Finding) -> str:
    place, values = finding.place, dict(finding.values)
    kind = "renamed" if values.get("renamed") else place.kind
    sentence = SENTENCES.get(f"{finding.rule} {kind}") or SENTENCES[finding.rule]
    return _(sentence) % {name: _shown(name, value) for name, value in (values | {"language": place.language}).items()}


def _shown(name: str, value: str | float) -> str:
    if name in ("share", "equal"):
        return share(float(value) / 100)
    if name == "language":
        return language(str(value))
    words = {"key": _("key criteria"), "default": _("the other criteria")} if name == "criterion" else {}
    if name == "status":
        words = {choice: str(label) for choice, label in models.Passage.Status.choices}
    return words.get(str(value), str(value)) or NOTHING


def language(code: str) -> str:
    """
    >>> language("en"), language("tlh")
    ('英语', 'tlh')
    """
    try:
        return str(get_language_info(code)["name_translated"])
    except KeyError:
        return code


def _field(place: Place) -> list[str]:
    """What editors call the field; nothing for what is no single field."""
    first, *rest = place.field.split(".")
    if place.kind == "criterion" and first == "levels":
        level = _("level %(level)s") % {"level": rest[0]}
        return [level, *(_verbose(models.LevelDescriptor, name) for name in rest[1:])]
    return [_verbose(KINDS[place.kind], first)] if first else []


def _verbose(model, name: str) -> str:
    try:
        return str(model._meta.get_field(name).verbose_name)
    except (FieldDoesNotExist, AttributeError):
        return ""
