"""Two administrators on one name: the second is told as if it had been there before."""

from django.contrib import admin

from assessment.views.attempt import once_more


class CheckedOnceMore(admin.ModelAdmin):
    """What somebody else gave the same name at the same moment is found by checking once more."""

    def changeform_view(self, request, *args, **kwargs):
        return once_more(super().changeform_view)(request, *args, **kwargs)
