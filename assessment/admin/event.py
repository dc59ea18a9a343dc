"""The event log as the administration shows it: to read, and nothing else."""

from django.contrib import admin

from assessment import models


@admin.register(models.Event)
class EventAdmin(admin.ModelAdmin):
    """Who may read the log may read it here; there is no permission to write it, not even a superuser's."""

    list_display = ["at", "person", "verb", "target", "city", "origin"]
    list_filter = ["at", "verb"]
    list_select_related = ["city"]
    show_full_result_count = False

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False

    def has_delete_permission(self, request, obj=None):
        return False
