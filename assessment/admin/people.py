"""People and cities; who may change what of an account (三员分立): its particulars, or its roles and groups."""

from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.core.exceptions import PermissionDenied
from django.shortcuts import render
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from assessment import access, actions, models
from assessment.admin.overtaken import CheckedOnceMore
from assessment.forms.plain import PlainCharField
from assessment.models import Event
from assessment.views.account import link_for

PARTICULARS = {"username", "name", "email", "is_active"}
STANDING = {"is_staff", "groups"}


class MembershipInline(admin.TabularInline):
    model = models.Membership
    extra = 0
    autocomplete_fields = ["user", "city", "department"]


class PlainNames(CheckedOnceMore):
    """Names are one line, as the files want them in which they stand."""

    def formfield_for_dbfield(self, db_field, request, **kwargs):
        if db_field.name in ("name", "province"):
            kwargs |= {"form_class": PlainCharField}
        return super().formfield_for_dbfield(db_field, request, **kwargs)


class LoggedMemberships(PlainNames):
    """Roles that are given, changed and taken in inlines are events too."""

    def save_formset(self, request, form, formset, change):
        if formset.model is not models.Membership:
            super().save_formset(request, form, formset, change)
            return
        before = {row.pk: row for row in models.Membership.objects.filter(pk__in=_keys(formset))}
        formset.save()
        for row in formset.new_objects:
            actions.log_role(Event.Verb.ROLE_GIVEN, row, by=request.user)
        for row, _fields in formset.changed_objects:
            was = actions.described(before[row.pk])
            actions.log_role(Event.Verb.ROLE_CHANGED, row, by=request.user, before=was)
        for row in formset.deleted_objects:
            actions.log_role(Event.Verb.ROLE_TAKEN, row, by=request.user)


def _keys(formset):
    return [form.instance.pk for form in formset.initial_forms]


@admin.register(models.User)
class PersonAdmin(LoggedMemberships, UserAdmin):
    """Nobody but a superuser changes a superuser or another administrator: that would be to take their rights."""

    list_display = ["username", "name", "is_active", "is_staff", "last_login"]
    search_fields = ["username", "name"]
    fieldsets = [
        (None, {"fields": ["username", "password", "name", "email"]}),
        (_("Permissions"), {"fields": ["is_active", "is_staff", "is_superuser", "groups"]}),
        (_("Important dates"), {"fields": ["last_login", "date_joined"]}),
    ]
    add_fieldsets = [
        (None, {"classes": ["wide"], "fields": ["username", "name", "usable_password", "password1", "password2"]})
    ]
    inlines = [MembershipInline]
    actions = ["make_password_links", "disable", "enable"]
    delete_confirmation_template = "admin/account_delete.html"
    delete_selected_confirmation_template = "admin/account_delete_selected.html"

    def has_change_permission(self, request, obj=None):
        if obj is None:
            return super().has_change_permission(request) or request.user.has_perm("assessment.change_membership")
        return access.may_manage(request.user, obj) or access.may_grant(request.user, obj)

    def has_manage_permission(self, request):
        """For the actions of the list."""
        return request.user.has_perm("assessment.change_user")

    def get_inlines(self, request, obj):
        """Roles in cities are given with the groups, by the same person."""
        return super().get_inlines(request, obj) if obj is None or access.may_grant(request.user, obj) else []

    def get_fieldsets(self, request, obj=None):
        """Whoever may not choose a password does not see what is known of it either."""
        fieldsets = super().get_fieldsets(request, obj)
        if obj is None or request.user.is_superuser:
            return fieldsets
        return [
            (title, options | {"fields": [name for name in options["fields"] if name != "password"]})
            for title, options in fieldsets
        ]

    def get_readonly_fields(self, request, obj=None):
        if request.user.is_superuser or obj is None:
            return ["last_login", "date_joined"]
        allowed = PARTICULARS if access.may_manage(request.user, obj) else set()
        allowed = allowed | (STANDING if access.may_grant(request.user, obj) else set())
        return [name for _title, options in self.fieldsets for name in options["fields"] if name not in allowed]

    def formfield_for_manytomany(self, db_field, request=None, **kwargs):
        if db_field.name == "groups" and request:
            kwargs["queryset"] = access.grantable_groups(request.user)
        return super().formfield_for_manytomany(db_field, request, **kwargs)

    def user_change_password(self, request, id, form_url=""):
        """A password that somebody else chose is for superusers alone; others make a one-time link."""
        if not request.user.is_superuser:
            raise PermissionDenied
        return super().user_change_password(request, id, form_url)

    def log_change(self, request, obj, message):
        if request.resolver_match.url_name == "auth_user_password_change":
            actions.log_account(obj, by=request.user, password=gettext("set by the administrator"))
        return super().log_change(request, obj, message)

    # Events

    def save_model(self, request, obj, form, change):
        if not change:
            actions.create_account(obj, by=request.user)
            return
        super().save_model(request, obj, form, change)

    def save_related(self, request, form, formsets, change):
        groups = set(form.instance.groups.all()) if change else set()
        super().save_related(request, form, formsets, change)
        changes = {
            name: form.cleaned_data[name]
            for name in form.changed_data
            if name in PARTICULARS | {"is_staff", "is_superuser"}
        }
        now = set(form.instance.groups.all())
        if now != groups:
            changes["groups"] = "、".join(sorted(group.name for group in now)) or "—"
        if change and changes:
            actions.log_account(form.instance, by=request.user, **changes)

    def delete_model(self, request, obj):
        actions.log_account(obj, by=request.user, deleted=True)
        super().delete_model(request, obj)

    def delete_queryset(self, request, queryset):
        for account in queryset:
            self.delete_model(request, account)

    # Actions

    @admin.action(
        description=_("Make one-time links for a new password"),
        permissions=["manage"],
        location=[admin.ActionLocation.CHANGE_LIST, admin.ActionLocation.CHANGE_FORM],
    )
    def make_password_links(self, request, queryset):
        rows = [(account, link_for(request, account)) for account in self._manageable(request, queryset)]
        heading = gettext("One-time link for a new password")
        return render(request, "account/links.html", {"rows": rows, "heading": heading}) if rows else None

    @admin.action(description=_("Disable the accounts"), permissions=["manage"])
    def disable(self, request, queryset):
        self._set_active(request, queryset, False)

    @admin.action(description=_("Enable the accounts"), permissions=["manage"])
    def enable(self, request, queryset):
        self._set_active(request, queryset, True)

    def _set_active(self, request, queryset, is_active):
        for account in self._manageable(request, queryset):
            try:
                actions.set_active(account, is_active, by=request.user)
                self.message_user(request, gettext("%(account)s: saved.") % {"account": account})
            except actions.Refused as error:
                self.message_user(request, f"{account}：{error}", messages.ERROR)

    def _manageable(self, request, queryset):
        for account in queryset:
            if access.may_manage(request.user, account):
                yield account
            else:
                said = gettext("%(account)s is an administrator; only the site administrator changes this account.")
                self.message_user(request, said % {"account": account}, messages.ERROR)


@admin.register(models.Department)
class DepartmentAdmin(PlainNames):
    list_display = ["name", "city"]
    list_select_related = ["city"]
    search_fields = ["name", "city__name", "city__code"]
    autocomplete_fields = ["city"]


@admin.register(models.City)
class CityAdmin(LoggedMemberships):
    list_display = ["code", "name", "level", "province"]
    list_filter = ["level", "province"]
    search_fields = ["name"]
    search_help_text = _("By name, division code, province, pinyin or its initials.")
    inlines = [MembershipInline]

    def get_search_results(self, request, queryset, search_term):
        return queryset.found_by(search_term), False
