"""What Django does with the app at start: keeps the database's guards in place and watches that they are."""

from django.apps import AppConfig
from django.core.checks import Error, Tags, register
from django.db import connections
from django.db.models.signals import post_migrate, pre_migrate
from django.utils.translation import gettext_lazy as _


class AssessmentConfig(AppConfig):
    name = "assessment"
    verbose_name = _("City maturity")

    def ready(self):
        pre_migrate.connect(_lift_guards, sender=self)
        post_migrate.connect(_install_guards, sender=self)
        register(_guards_are_there, Tags.database)


def _lift_guards(using, plan=(), **kwargs):
    """SQLite cannot remake a table that a trigger of another one mentions. Where nothing is to be done they stay."""
    from assessment.models import immutable

    if plan and connections[using].vendor == "sqlite":
        immutable.remove(connections[using])


def _install_guards(using, plan=(), **kwargs):
    from assessment.models import immutable

    connection = connections[using]
    if set(immutable.TABLES) <= set(connection.introspection.table_names()):
        immutable.install(connection)


def _guards_are_there(databases=None, **kwargs):
    from assessment.models import immutable

    problems = []
    for using in databases or ():
        connection = connections[using]
        if set(immutable.TABLES) <= set(connection.introspection.table_names()):
            problems += [
                Error(
                    f"The trigger {name} that keeps what is final from changing is missing.",
                    hint="Run manage.py migrate.",
                    id="assessment.E001",
                )
                for name in immutable.missing(connection)
            ]
    return problems
