"""Prepare whatever is missing, then serve: fonts, static files, database, framework, cities and, on request, the demo."""

import hashlib
import socket
import sys
from contextlib import suppress
from pathlib import Path

from django.conf import settings
from django.core.management import call_command
from django.core.management.base import BaseCommand
from django.db import connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from assessment import access, actions, tasks
from assessment.exchange.faults import reason
from assessment.exchange.framework import read_framework
from assessment.exchange.golden import read_golden_sets
from assessment.management import serving
from assessment.management.commands.load_demo import PASSWORD
from assessment.models import Assessment, Framework, User

FRAMEWORKS = settings.BASE_DIR / "fixtures" / "frameworks"
GOLDEN_SETS = settings.BASE_DIR / "fixtures" / "golden"
SOURCES_OF_STATIC = (settings.BASE_DIR / "requirements.lock", settings.BASE_DIR / "assessment" / "static")


class Command(BaseCommand):
    help = "Prepare what is missing and serve: gunicorn, and beside it the worker that makes reports in the background."
    requires_system_checks: list[str] = []

    def add_arguments(self, parser):
        parser.add_argument("--demo", action="store_true", help="with invented cities, people and rounds")
        parser.add_argument("--host", default="127.0.0.1")
        parser.add_argument("--port", default="8000")
        parser.add_argument("--no-serve", action="store_true", help="prepare only")

    def handle(self, *, demo, host, port, no_serve, **options):
        if not no_serve:
            self.check_port(host, port)
        settings.VAR_DIR.mkdir(parents=True, exist_ok=True)
        call_command("prepare_fonts", stdout=self.stdout)
        self.prepare_static()
        self.prepare_database(demo)
        report = self.prepare_report() if demo else None
        self.announce(host, port, report)
        if not no_serve:
            self.serve(host, port)

    def check_port(self, host, port):
        if not port.isdigit() or not 0 < int(port) < 65536:
            self.refuse(_("PORT must be a number from 1 to 65535, got %(port)s") % {"port": port})
        try:
            family, kind, _proto, _name, address = socket.getaddrinfo(host, int(port), type=socket.SOCK_STREAM)[0]
            with socket.socket(family, kind) as probe:
                probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
                probe.bind(address)
        except OSError as error:
            self.refuse(
                _(
                    "%(host)s:%(port)s cannot be used (%(reason)s). Stop what runs there, or choose another: make run PORT=8001"
                )
                % {"host": host, "port": port, "reason": reason(error)}
            )

    def refuse(self, message):
        self.stderr.write(message)
        sys.exit(1)

    def prepare_static(self):
        stamp, wanted = settings.STATIC_ROOT / ".prepared", _fingerprint(SOURCES_OF_STATIC)
        if not stamp.exists() or stamp.read_text() != wanted:
            self.stdout.write(_("Preparing static files …"))
            call_command("collectstatic", interactive=False, clear=True, verbosity=0)
            stamp.write_text(wanted)

    def prepare_database(self, demo):
        self.stdout.write(_("Preparing the database …"))
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", interactive=False, verbosity=0)
        if "cache" not in connection.introspection.table_names():
            call_command("createcachetable")
        access.criteria_admins()
        access.separated_admins()
        for file in sorted(FRAMEWORKS.glob("*.yaml")):
            load_shipped(file)
        call_command("load_cities", stdout=self.stdout)
        if demo:
            call_command("load_demo", stdout=self.stdout)

    def prepare_report(self):
        """The demo's gap report, written once: the fully answered round with the most to say."""
        path = settings.VAR_DIR / "demo-gap-report.pdf"
        record = Assessment.objects.current().filter(city__code="990200").first()
        if record and not path.exists():
            self.stdout.write(_("Writing the demo gap report …"))
            call_command("gap_report", record.pk, output=str(path))
        return path if path.exists() else None

    def announce(self, host, port, report):
        shown = "localhost" if host in ("127.0.0.1", "::1") else host
        lines = ["", _("Address:  %(url)s") % {"url": f"http://{shown}:{port}"}]
        if report:
            people = User.objects.filter(username__in=DEMO_ROLES)
            lines.append(_("Password of all demo accounts:  %(password)s") % {"password": PASSWORD})
            lines += [f"  {user.username:<16}{user.name}  {DEMO_ROLES[user.username]}" for user in people]
            lines.append(_("Demo gap report:  %(path)s") % {"path": _shown_path(report)})
        if report and shown != "localhost":
            lines.append(_("Beware: the demo accounts are open to everyone who reaches this address."))
        self.stdout.write("\n".join([*lines, ""]))

    def serve(self, host, port):
        tasks.recover()
        self.stdout.flush()
        connection.close()
        bind = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
        manage = str(settings.BASE_DIR / "manage.py")
        worker = _("The background worker")
        parts = {_("The site"): serving.gunicorn(bind), worker: serving.worker(manage)}
        sys.exit(serving.serve(parts, self.stderr.write, revived=[worker]))


DEMO_ROLES = {
    "lead": "牵头人",
    "contributor": "填报人",
    "reviewer": "复核人",
    "viewer": "只读",
    "consultant": "顾问",
    "criteria-admin": "标准管理员",
    "admin": "平台管理员",
    "sysadmin": "系统管理员（账号、城市）",
    "secadmin": "安全管理员（角色）",
    "auditor": "安全审计员（只看日志）",
    "stranger": "另一城市的牵头人",
}


@transaction.atomic
def load_shipped(file: Path) -> None:
    """A shipped framework with its golden sets, published; one that is there already stays as it is.

    It stays a draft where a higher version of somebody's own is published.
    """
    framework = read_framework(file)
    versions = Framework.objects.filter(code=framework.code, version=framework.version)
    if versions.exists():
        return
    actions.load_framework(framework)
    if (GOLDEN_SETS / file.name).exists():
        actions.load_golden_sets(versions.get(), read_golden_sets(GOLDEN_SETS / file.name, framework))
    with suppress(actions.Refused):
        actions.load_framework(framework, should_publish=True)


def _fingerprint(places) -> str:
    """Changes when any file below the places does."""
    digest = hashlib.sha256()
    for place in places:
        for file in sorted([place] if place.is_file() else place.rglob("*")):
            if file.is_file():
                digest.update(file.relative_to(settings.BASE_DIR).as_posix().encode() + file.read_bytes())
    return digest.hexdigest()


def _shown_path(path: Path) -> str:
    return str(path.relative_to(Path.cwd())) if path.is_relative_to(Path.cwd()) else str(path)
