"""Framework drafts: edited part by part, published and retired; what is published can only be read."""

import re

from django.contrib import admin, messages
from django.contrib.admin.options import BaseModelAdmin
from django.contrib.admin.utils import unquote
from django.shortcuts import redirect
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment import actions, models
from assessment.admin.overtaken import NothingOvertaken
from assessment.exchange.document import Document
from assessment.exchange.framework import framework_of, write_framework
from assessment.exchange.parsing import parse
from assessment.forms.text import TextFormField
from assessment.models.framework import TextField


class DraftOnly(BaseModelAdmin):
    """Changes nothing that belongs to a published framework: the database would refuse it anyway."""

    formfield_overrides = {TextField: {"form_class": TextFormField}}

    def framework_of(self, obj):
        return obj.framework

    def is_open(self, obj):
        return obj is None or self.framework_of(obj).is_draft

    def has_change_permission(self, request, obj=None):
        return self.is_open(obj) and super().has_change_permission(request, obj)

    def has_delete_permission(self, request, obj=None):
        return self.is_open(obj) and super().has_delete_permission(request, obj)

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "framework":
            kwargs["queryset"] = models.Framework.objects.filter(state=models.Framework.State.DRAFT)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


class DraftAdmin(DraftOnly, NothingOvertaken):
    def change_view(self, request, object_id, form_url="", extra_context=None):
        """A published version is read on the site, where it is legible."""
        obj = self.get_object(request, unquote(object_id))
        if obj and not self.is_open(obj):
            framework = self.framework_of(obj)
            self.message_user(request, gettext("A published version is only read. To change it, copy it as a draft."))
            return redirect("framework-detail", framework.code, framework.version)
        return super().change_view(request, object_id, form_url, extra_context)

    def save_formset(self, request, form, formset, change):
        """Parts added below a lens, dimension or facet belong to its framework."""
        for part in formset.save(commit=False):
            if getattr(part, "framework_id", 0) is None:
                part.framework = self.framework_of(form.instance)
            part.save()
        for part in formset.deleted_objects:
            part.delete()


class DraftInline(DraftOnly, admin.TabularInline):
    extra = 0
    show_change_link = True

    def framework_of(self, obj):
        # An inline is asked about its parent.
        return obj if isinstance(obj, models.Framework) else obj.framework

    def has_add_permission(self, request, obj=None):
        return self.is_open(obj) and super().has_add_permission(request, obj)


class LevelInline(DraftInline):
    model = models.Level
    show_change_link = False


class DimensionInline(DraftInline):
    model = models.Dimension
    fields = ["order", "code", "name", "kind", "weight"]


class LensInline(DraftInline):
    model = models.Lens
    fields = ["order", "code", "name", "weight"]


class SourceInline(DraftInline):
    model = models.Source
    fields = ["order", "code", "title", "number", "issued"]


class TargetInline(DraftInline):
    model = models.TargetProfile
    fields = ["order", "code", "name", "levels"]


@admin.register(models.Framework)
class FrameworkAdmin(DraftAdmin):
    list_display = ["__str__", "code", "version", "state", "published_at"]
    list_filter = ["state", "code"]
    readonly_fields = ["state", "published_at"]
    inlines = [LevelInline, LensInline, SourceInline, TargetInline]
    actions = ["copy_as_draft", "publish", "retire"]

    def framework_of(self, obj):
        return obj

    @admin.action(description=_("Copy as a new draft"), permissions=["add"])
    def copy_as_draft(self, request, queryset):
        for framework in queryset:
            draft = actions.copy_as_draft(framework)
            self.message_user(request, gettext("%(framework)s is ready to be edited.") % {"framework": draft})

    @admin.action(description=_("Publish the chosen drafts"), permissions=["change"])
    def publish(self, request, queryset):
        for framework in queryset.filter(state=models.Framework.State.DRAFT):
            problems = publishing_problems(framework)
            if problems:
                for problem in problems:
                    self.message_user(request, f"{framework}：{problem}", messages.ERROR)
                continue
            actions.publish(framework, by=request.user)
            self.message_user(request, gettext("%(framework)s is published.") % {"framework": framework})

    @admin.action(description=_("Retire the chosen versions"), permissions=["change"])
    def retire(self, request, queryset):
        for framework in queryset.filter(state=models.Framework.State.PUBLISHED):
            actions.retire(framework, by=request.user)
            self.message_user(request, gettext("%(framework)s is retired.") % {"framework": framework})


def publishing_problems(framework) -> list[str]:
    """What a file of this framework would be refused for, each with the code of the part where it is."""
    document = Document(str(framework))
    parse(document, write_framework(framework.outline()))
    framework_of(document)
    return [f"{code_at(document.value, problem.path)} {problem.message}".strip() for problem in document.problems]


def code_at(value, path: str) -> str:
    """The code of the innermost part on the way to the path.

    >>> code_at({"lenses": [{"code": "T", "weight": 0}]}, "lenses[0].weight")
    'T'
    """
    code = ""
    for step in re.findall(r"[^.\[\]]+", path):
        value = value[int(step)] if isinstance(value, list) else value.get(step)
        if not isinstance(value, (dict, list)):
            break
        code = str(value.get("code") or value.get("id") or code) if isinstance(value, dict) else code
    return code


@admin.register(models.Lens)
class LensAdmin(DraftAdmin):
    list_display = ["code", "__str__", "framework", "weight", "order"]
    list_select_related = ["framework"]
    list_filter = ["framework"]
    inlines = [DimensionInline]


class FacetInline(DraftInline):
    model = models.Facet
    fields = ["order", "code", "name", "weight"]


class CitationInline(DraftInline):
    model = models.Citation
    fields = ["order", "passage", "role"]
    show_change_link = False

    def formfield_for_foreignkey(self, db_field, request, **kwargs):
        if db_field.name == "passage":
            owner = self.parent_model.objects.filter(pk=request.resolver_match.kwargs.get("object_id")).first()
            framework = owner and owner.framework
            kwargs["queryset"] = models.Passage.objects.filter(source__framework=framework).select_related("source")
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(models.Dimension)
class DimensionAdmin(DraftAdmin):
    list_display = ["code", "__str__", "kind", "framework", "weight"]
    list_select_related = ["framework"]
    list_filter = ["framework", "kind"]
    inlines = [FacetInline, CitationInline]


class CriterionInline(DraftInline):
    model = models.Criterion
    fields = ["order", "code", "title", "statement", "key", "weight"]


@admin.register(models.Facet)
class FacetAdmin(DraftAdmin):
    list_display = ["code", "__str__", "dimension", "framework"]
    list_filter = ["framework"]
    list_select_related = ["dimension__framework", "framework"]
    inlines = [CriterionInline]


class DescriptorInline(DraftOnly, admin.StackedInline):
    model = models.LevelDescriptor
    extra = 0

    def has_add_permission(self, request, obj=None):
        return self.is_open(obj) and super().has_add_permission(request, obj)


@admin.register(models.Criterion)
class CriterionAdmin(DraftAdmin):
    list_display = ["code", "__str__", "key", "weight", "framework"]
    list_select_related = ["framework"]
    list_filter = ["framework", "key"]
    search_fields = ["code"]
    inlines = [DescriptorInline, CitationInline]


class PassageInline(DraftInline):
    model = models.Passage
    fields = ["order", "locator_id", "locator", "status"]


@admin.register(models.Source)
class SourceAdmin(DraftAdmin):
    list_display = ["code", "__str__", "number", "framework"]
    list_select_related = ["framework"]
    list_filter = ["framework"]
    inlines = [PassageInline]


@admin.register(models.Passage)
class PassageAdmin(DraftAdmin):
    list_display = ["__str__", "status", "source"]
    list_filter = ["source__framework", "status"]
    list_select_related = ["source__framework"]
    search_fields = ["locator_id", "source__code"]

    def framework_of(self, obj):
        return obj.source.framework


@admin.register(models.TargetProfile)
class TargetProfileAdmin(DraftAdmin):
    list_display = ["code", "__str__", "framework"]
    list_select_related = ["framework"]
    list_filter = ["framework"]
