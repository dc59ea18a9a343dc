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
from assessment.forms.element import ElementForm, LanguageForm, languages_of, typed_texts
from assessment.forms.structure import tools_for
from assessment.models import Framework
from assessment.places import shares
from assessment.views.desk.tree import tree_of


@dataclass(frozen=True)
class Conflict:
    """A field that two people changed: what stands now, and what was typed here."""

    path: str
    theirs: str
    mine: str


@dataclass(frozen=True)
class Told:
    """What is said at a field that is not saved: what is wrong with it, or between which texts to choose."""

    label: str
    errors: list[str]
    conflict: Conflict | None


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
    try:
        record, name, whole, framework = enter(request.user, code, version, kind, element)
    except Http404:
        if request.method != "POST" or kind not in KINDS:
            raise
        return _gone(request, code, version, _name(kind, element))
    form = form_of(name, whole, framework, request)
    if request.method == "POST":
        return _save(request, record, name, form)
    return page(request, record, name, whole, framework, form)


def enter(user, code, version, kind, element):
    """The draft, the element's name, all elements and the framework; 404 where one of them is not there."""
    record = access.draft(user, code, version)
    framework = record.outline()
    whole = elements.take_apart(framework)
    name = _name(kind, element)
    if name not in whole:
        raise Http404
    return record, name, whole, framework


def _name(kind: str, element: str) -> str:
    return kind if kind == elements.FRAMEWORK else f"{kind}:{element}"


def form_of(name, whole: Elements, framework, request=None) -> ElementForm:
    """The element's fields as they are stored; with a request as they were sent, in the language that it asks for too."""
    languages = languages_of(framework, whole, LanguageForm(request.GET).code if request else "")
    return ElementForm(
        name, whole[name], framework, languages, request.POST if request and request.method == "POST" else None
    )


def _save(request, record, name, form):
    form.base, _since = actions.as_of(record, name, form.element, form.seen)
    form.is_valid()
    try:
        saved = actions.save_element(record, name, form.values, by=request.user, seen=form.seen)
    except actions.Refused as error:
        return _refused(request, record, name, form, str(error))
    asked = [*saved.conflicts, *(path for path in form.undecided if path not in saved.conflicts)]
    flat = elements.flattened(saved.now)
    conflicts = {
        path: Conflict(path, words_of(flat.get(path)), words_of(form.cleaned_data.get(path)))
        for path in asked
        if path in form.fields
    }
    for path in conflicts:
        form.add_error(path, _changed_by(saved.by))
    others = [path for path in (*saved.others, *form.asked) if path in form.fields and path not in asked]
    context = {
        "saved": saved,
        "asked": " ".join(asked),
        "conflicts": conflicts,
        "told": _told(form, conflicts),
        "shares": shares(record.outline()) if saved.now.get("weight") != form.base.get("weight") else {},
        "theirs": {held: words for path in others for held, words in form.held(path, flat.get(path)).items()},
    }
    if request.htmx:
        return render(request, "desk/_saved.html", context)
    if form.errors:
        form.take_over(context["theirs"])
        framework = record.outline()
        return page(request, record, name, elements.take_apart(framework), framework, form, 422, **context)
    messages.success(request, _("Saved."))
    return redirect(request.get_full_path())


def _changed_by(who) -> str:
    if who is None:
        return _("Somebody saved this while you were writing. Say which stands; the other stays under “Edits”.")
    return _("%(who)s saved this while you were writing. Say which stands; the other stays under “Edits”.") % {
        "who": who
    }


def _told(form, conflicts) -> dict[str, Told]:
    return {path: Told(form.label(path), errors, conflicts.get(path)) for path, errors in form.errors.items()}


def _refused(request, record, name, form, message):
    record = Framework.objects.filter(pk=record.pk, state=Framework.State.DRAFT).first()
    framework = record and record.outline()
    whole = elements.take_apart(framework) if framework else {}
    if name not in whole:
        kwargs = request.resolver_match.kwargs
        return _gone(request, kwargs["code"], kwargs["version"], name)
    if request.htmx:
        return render(request, "desk/_state.html", {"refused": message, "is_swapped": True})
    messages.error(request, message)
    return page(request, record, name, whole, framework, form, 422)


def _gone(request, code, version, name):
    """The draft or its element went while somebody typed: says what became of it; what was typed stays in sight."""
    record = access.editable_frameworks(request.user).filter(code=code, version=version).first()
    context = {"record": record, "message": _fate(record, name), "code": elements.code_of(name)}
    if request.htmx:
        return render(request, "desk/_gone.html", context, status=404)
    context["typed"] = typed_texts(elements.kind_of(name), request.POST)
    return render(request, "desk/gone.html", context, status=404)


def _fate(record: Framework | None, name: str) -> str:
    if record is None:
        return _("This draft was deleted meanwhile, or bears another code or version now.")
    if not record.is_draft:
        return _("%(framework)s was published meanwhile and never changes now.") % {"framework": record}
    last = record.history.filter(changes__has_key=name).select_related("by").order_by("number").last()
    said = {"element": f"{_(KINDS[elements.kind_of(name)])} {elements.code_of(name)}".strip()}
    if last and last.by:
        return _("%(who)s took %(element)s away meanwhile.") % {"who": last.by, **said}
    return _("%(element)s was taken away meanwhile.") % said


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


def page(request, record, name, whole: Elements, framework, form, status=200, refused=None, **more):
    """The editor with one element. `refused`: a tool that could not be used so."""
    asking = LanguageForm(request.GET)
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
        "share": share_of(framework, name),
        "cited": form.ticked("cites"),
        "assigned": form.ticked("assigned"),
        "covered": {citation.key for criterion in framework.criteria.values() for citation in criterion.cites},
        "told": _told(form, {}) if form.is_bound else {},
        "number": form.seen if form.is_bound else record.edits,
        "tools": tools_for(name, whole, framework, record.codes_before(), refused),
        "refused_tool": refused,
        "asking": asking,
        "latest": record.history.filter(changes__has_key=name).select_related("by")[:5],
        "address": address_of(record, name) + (f"?language={asking.code}" if asking.code else ""),
        "citing": _citing(framework, name),
        "dimension": _dimension_of(framework, name),
    }
    return render(request, "desk/editor.html", context | more, status=422 if asking.errors else status)


def share_of(framework, name) -> float | None:
    """The share of the overall score that rests on the element."""
    return shares(framework).get(elements.code_of(name)) if elements.kind_of(name) in SCORED else None


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
