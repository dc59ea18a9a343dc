"""The editor: the tree at the left, one element at the right; every field saves itself and is merged with others' work."""

from dataclasses import dataclass

from django.contrib import messages
from django.http import Http404
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import get_language, gettext_noop
from django.utils.translation import gettext as _

from assessment import access, actions, elements
from assessment.elements import Elements
from assessment.forms.element import MINE, ElementForm, languages_of
from assessment.forms.structure import tools_for
from assessment.places import shares
from assessment.views.desk.tree import tree_of


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what stands now, and what was typed here."""

    path: str
    label: str
    theirs: str
    mine: str


KINDS = {
    "framework": gettext_noop("Framework"),
    "level": gettext_noop("Level of the scale"),
    "source": gettext_noop("Source"),
    "passage": gettext_noop("Passage"),
    "lens": gettext_noop("Lens"),
    "dimension": gettext_noop("Dimension"),
    "facet": gettext_noop("Side of a balance"),
    "criterion": gettext_noop("Criterion"),
    "target": gettext_noop("Target profile"),
}


SCORED = {"lens", "dimension", "facet", "criterion"}


def element_edit(request, code, version, kind=elements.FRAMEWORK, element=""):
    record = access.draft(request.user, code, version)
    name = kind if kind == elements.FRAMEWORK else f"{kind}:{element}"
    framework = record.outline()
    whole = elements.take_apart(framework)
    if name not in whole:
        raise Http404
    form = _form(request, name, whole, framework)
    if request.method == "POST":
        return _save(request, record, name, form)
    return _page(request, record, name, whole, framework, form)


def _form(request, name, whole: Elements, framework, bound=None) -> ElementForm:
    languages = languages_of(framework, request.GET.get("language", "")[:20])
    data = request.POST if bound is None and request.method == "POST" else None
    return ElementForm(name, whole[name], framework, languages, data)


def _save(request, record, name, form):
    form.is_valid()
    try:
        saved = actions.save_element(record, name, form.values, by=request.user, seen=form.seen)
    except actions.Refused as error:
        return _refused(request, record, name, form, str(error))
    asked = [*saved.conflicts, *(path for path in form.undecided if path not in saved.conflicts)]
    flat = elements.flattened(saved.now)
    conflicts = [
        Conflict(path, form.label(path), words_of(flat.get(path)), words_of(form.cleaned_data.get(path)))
        for path in asked
    ]
    theirs = {path: words_of(flat.get(path)) for path in (*saved.others, *form.asked) if path not in asked}
    context = {
        "saved": saved,
        "conflicts": conflicts,
        "asked": " ".join(asked),
        "theirs": theirs,
        "form": form,
        "wrong": [(form.label(path), errors) for path, errors in form.errors.items()],
    }
    if request.htmx:
        return render(request, "desk/_saved.html", context)
    if conflicts or form.errors:
        framework = record.outline()
        return _page(request, record, name, elements.take_apart(framework), framework, status=422, **context)
    messages.success(request, _("Saved."))
    return redirect(request.get_full_path())


def _refused(request, record, name, form, message):
    if request.htmx:
        return render(request, "desk/_refused.html", {"message": message})
    messages.error(request, message)
    framework = record.outline()
    whole = elements.take_apart(framework)
    if name not in whole:
        return redirect("framework-edit", record.code, record.version)
    return _page(request, record, name, whole, framework, form, 422)


def words_of(value) -> str:
    """A value as a person reads it, in one text."""
    if isinstance(value, list):
        return "\n".join(
            f"{each['source']}#{each['passage']}" if isinstance(each, dict) else str(each) for each in value
        )
    if isinstance(value, bool):
        return str(_("yes")) if value else str(_("no"))
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    return "" if value is None else str(value)


def _page(request, record, name, whole: Elements, framework, form, status=200, **more):
    cited = [f"{cite['source']}#{cite['passage']}" for cite in whole[name].get("cites", ())]
    assigned = {f"{c['source']}#{c['passage']}" for c in whole[name].get("cites", ()) if c["role"] == "assigned"}
    context = {
        "record": record,
        "framework": framework,
        "name": name,
        "kind": elements.kind_of(name),
        "code": elements.code_of(name),
        "kind_words": _(KINDS[elements.kind_of(name)]),
        "heading": heading_of(whole[name], framework),
        "form": form,
        "tree": tree_of(framework, name),
        "share": shares(framework).get(elements.code_of(name)) if elements.kind_of(name) in SCORED else None,
        "cited": cited,
        "assigned": assigned,
        "number": form.seen if form.is_bound and "saved" not in more else record.edits,
        "tools": tools_for(name, whole, framework, record.codes_before()),
        "latest": record.history.filter(changes__has_key=name).select_related("by")[:5],
        "address": address_of(record, name),
        "mine": MINE,
        "citing": _citing(framework, name),
        "dimension": _dimension_of(framework, name),
    }
    if "saved" in more:
        context["number"] = more["saved"].number
    return render(request, "desk/editor.html", context | more, status=status)


def _citing(framework, name) -> list:
    """The criteria that rest on the passage at hand."""
    key = elements.code_of(name) if elements.kind_of(name) == "passage" else ""
    return [c for c in framework.criteria.values() if any(citation.key == key for citation in c.cites)]


def _dimension_of(framework, name) -> str:
    """The code of the dimension that a preview shows, where the element lies in one that has criteria."""
    kind, code = elements.kind_of(name), elements.code_of(name)
    if kind == "criterion":
        return framework.home[code].code
    return code if kind == "dimension" and any(d.code == code and d.criteria for d in framework.dimensions) else ""


def heading_of(element, framework) -> str:
    """What the element is called, in the page's language or its own."""
    words = element.get("title") or element.get("name") or element.get("locator") or {}
    return words.get(get_language()) or words.get(framework.language) or _("(no name yet)")


def address_of(record, name: str) -> str:
    """Where the element is edited."""
    if name == elements.FRAMEWORK:
        return reverse("framework-edit", args=[record.code, record.version])
    kind, code = elements.kind_of(name), elements.code_of(name)
    return reverse("element-edit", args=[record.code, record.version, kind, code])
