"""Django's admin for people, cities and rounds. Frameworks are edited at the criteria desk."""

from allauth.account.models import EmailAddress
from django.contrib import admin
from django.utils.translation import gettext_lazy as _
from django_tasks_db.models import DBTaskResult

from assessment.admin import assessment, event, people

__all__ = ["assessment", "event", "people"]

admin.site.site_header = admin.site.site_title = _("City digital maturity self-assessment")
admin.site.index_title = _("Administration")
admin.site.unregister(EmailAddress)  # nobody signs in by e-mail
admin.site.unregister(DBTaskResult)  # what was asked of the worker is told on the pages of batches
