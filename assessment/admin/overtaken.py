"""Two administrators on one record: the second save is refused once, with both versions side by side."""

from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import Any

from django.contrib import admin
from django.contrib.admin.models import LogEntry
from django.contrib.admin.options import get_content_type_for_model
from django.utils.formats import date_format
from django.utils.text import capfirst
from django.utils.timezone import localtime
from django.utils.translation import gettext as _

from assessment.forms.asking import NOTHING, told
from assessment.views.attempt import once_more

SEEN = "_seen"  # the hidden field that says which state of the record the page shows


class CheckedOnceMore(admin.ModelAdmin):
    """Two administrators who give one name at the same moment: the second is told as if it had been there before."""

    def changeform_view(self, request, *args, **kwargs):
        return once_more(super().changeform_view)(request, *args, **kwargs)


class NothingOvertaken(CheckedOnceMore):
    """A page knows what was stored when it was made. Once that has changed it is shown again, with nothing lost."""

    change_form_template = "admin/draft_change_form.html"

    def get_form(self, request, obj=None, change=False, **kwargs):
        if request.method == "POST" and obj is not None:
            base = kwargs.get("form", self.form)
            kwargs["form"] = _refusing(base, lambda: self.overtaken_words(request, obj))
        return super().get_form(request, obj, change, **kwargs)

    def get_formset_kwargs(self, request, obj, inline, prefix):
        params = super().get_formset_kwargs(request, obj, inline, prefix)
        if "data" in params and obj.pk:
            keys = {str(key) for key in inline.model._default_manager.values_list("pk", flat=True)}
            params["data"] = _deleted_rows_as_new(params["data"], prefix, keys)
        return params

    def render_change_form(self, request, context, add=False, change=False, form_url="", obj=None):
        if change:
            context["seen"] = self.fingerprint(request, obj)
            if self.is_overtaken(request, obj):
                formsets = [inline.formset for inline in context["inline_admin_formsets"]]
                context["differences"] = list(_differences(context["adminform"].form, formsets))
        return super().render_change_form(request, context, add, change, form_url, obj)

    def is_overtaken(self, request, obj) -> bool:
        return request.method == "POST" and request.POST.get(SEEN) != self.fingerprint(request, obj)

    def fingerprint(self, request, obj) -> str:
        """Of all that is stored in the record and in the rows that its page shows."""
        rows = [list(type(obj)._default_manager.filter(pk=obj.pk).values_list())]
        for formset, _inline in self.get_formsets_with_inlines(request, obj):
            below = formset.model._default_manager.filter(**{formset.fk.name: obj.pk})
            rows.append(list(below.order_by("pk").values_list()))
        return sha256(repr(rows).encode()).hexdigest()

    def overtaken_words(self, request, obj) -> str:
        """Empty while nobody else saved."""
        # The record is locked first, so that of two saves at the same moment one waits for the other.
        type(obj)._default_manager.select_for_update().filter(pk=obj.pk).first()
        if not self.is_overtaken(request, obj):
            return ""
        last = LogEntry.objects.filter(content_type=get_content_type_for_model(obj), object_id=str(obj.pk)).first()
        return _(
            "%(name)s saved this page after you had opened it (%(time)s). Yours stands below and is not saved yet;"
            " compare both, then save again to replace theirs."
        ) % {
            "name": last.user if last else _("Someone else"),
            "time": date_format(localtime(last.action_time), "Y-m-d H:i") if last else NOTHING,
        }


def _refusing(base: Any, words: Callable[[], str]) -> Any:
    class Refusing(base):
        def clean(self):
            cleaned = super().clean()
            if said := words():
                self.add_error(None, said)
            return cleaned

    return Refusing


def _differences(form, formsets) -> Iterator[tuple[str, str, str]]:
    """Where both versions differ: the field, what is stored, what was typed."""
    yield from _fields(form, "")
    for formset in formsets:
        shown = set()
        for row in formset.forms:
            shown.add(row.instance.pk)
            own = row.instance if row.instance.pk else _("(new)")
            yield from _fields(row, f"{capfirst(formset.model._meta.verbose_name)} {own} · ")
        for added in formset.get_queryset():
            if added.pk not in shown:
                yield f"{capfirst(added._meta.verbose_name)} {added}", _("added meanwhile; it stays"), NOTHING


def _fields(form, prefix: str) -> Iterator[tuple[str, str, str]]:
    for name in form.changed_data:
        bound = form[name]
        theirs = told(bound.field, form.initial.get(name)) if form.instance.pk else NOTHING
        yield f"{prefix}{capfirst(bound.label)}", theirs, told(bound.field, bound.data)


def _deleted_rows_as_new(data, prefix: str, keys: set[str]):
    """Rows that somebody else deleted meanwhile become new ones, so that what was typed into them can be saved."""
    counts = [data.get(f"{prefix}-{name}_FORMS", "") for name in ("TOTAL", "INITIAL")]
    if not all(count.isascii() and count.isdigit() and len(count) < 5 for count in counts):
        return data
    total, initial = map(int, counts)
    stored = [i for i in range(min(initial, total)) if data.get(f"{prefix}-{i}-id") in keys]
    if len(stored) == initial:
        return data
    order = [*stored, *(i for i in range(total) if i not in stored)]
    moved = {key: data.getlist(key) for key in data if not key.startswith(f"{prefix}-")}
    for name, count in (("TOTAL", total), ("INITIAL", len(stored)), ("MIN_NUM", 0), ("MAX_NUM", 1000)):
        moved[f"{prefix}-{name}_FORMS"] = [str(count)]
    for place, i in enumerate(order):
        for key in data:
            if key.startswith(f"{prefix}-{i}-"):
                moved[f"{prefix}-{place}-{key.removeprefix(f'{prefix}-{i}-')}"] = data.getlist(key)
        if place >= len(stored):
            moved[f"{prefix}-{place}-id"] = [""]
    data.clear()
    for key, values in moved.items():
        data.setlist(key, values)
    return data
