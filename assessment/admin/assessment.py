"""Rounds, to look at."""

from django.contrib import admin

from assessment import models


@admin.register(models.Assessment)
class AssessmentAdmin(admin.ModelAdmin):
    """To look and to delete what was opened by mistake; answers are given in the questionnaire alone."""

    list_display = ["__str__", "city", "round", "framework", "state", "created_at"]
    list_filter = ["state", "framework"]
    search_fields = ["title", "city__name", "city__code", "round"]
    list_select_related = ["city", "framework"]

    def has_add_permission(self, request):
        return False

    def has_change_permission(self, request, obj=None):
        return False
