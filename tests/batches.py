"""Cities for a consultant, and batches of their reports made without a worker, or by one that a test started."""

import errno
import os
import subprocess
import sys
import zipfile
from io import BytesIO
from pathlib import Path

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.storage import FileSystemStorage, default_storage
from django.db import connection, transaction

from assessment import actions, tasks
from assessment.models import Assessment, Batch, City, Framework, Membership, User
from tests.commands.running import MANAGE
from tests.records import make_round

LEVELS = {"T1.1": 1, "T1.2": 5, "T1.3": 4, "P1.A1": 3, "P1.A2": 3, "P1.B1": 0, "P1.B2": 0}


def make_rounds(user: User, framework: Framework, count: int, role=Membership.Role.CONSULTANT) -> list[Assessment]:
    """A round in each of so many more cities in which the user has a role."""
    rounds = []
    for _number in range(count):
        code = str(510100 + City.objects.filter(code__startswith="51").count())
        city = City.objects.create(code=code, name=f"蜀{code}市", province="四川省")
        Membership.objects.create(user=user, city=city, role=role)
        rounds.append(make_round(city, framework, LEVELS))
    return rounds


def ordered(user: User, rounds, forms=("json",), language: str = "zh-hans") -> Batch:
    with transaction.atomic():
        batch = actions.create_batch(rounds, forms, language, by=user)
        tasks.order(batch)
    return now(batch)


def now(batch: Batch) -> Batch:
    return Batch.objects.select_related("by").get(pk=batch.pk)


def made(batch: Batch) -> Batch:
    """The batch after a worker has had it."""
    tasks.work(batch.pk, batch.task)
    return now(batch)


def archive_of(batch: Batch) -> zipfile.ZipFile:
    with default_storage.open(batch.file.name) as file:
        return zipfile.ZipFile(BytesIO(file.read()))


def files_below(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())


class FullDisk(FileSystemStorage):
    """Half of a file fits, then there is no room left."""

    reason = errno.ENOSPC

    def _save(self, name, content):
        data = content.read()
        super()._save(name, ContentFile(data[: len(data) // 2]))
        raise OSError(self.reason, os.strerror(self.reason))


class NoRoomForArchives(FullDisk):
    def _save(self, name, content):
        return super()._save(name, content) if name.endswith(".zip") else FileSystemStorage._save(self, name, content)


class ReadOnly(FileSystemStorage):
    def _save(self, name, content):
        raise OSError(errno.EROFS, os.strerror(errno.EROFS))


def storage(kind) -> dict:
    return settings.STORAGES | {"default": {"BACKEND": f"{kind.__module__}.{kind.__name__}"}}


def worker(var: Path, *arguments: str) -> subprocess.Popen:
    """A worker as an operator starts it, on the test's own database."""
    environment = os.environ | {
        "DATABASE_URL": address_of_database(),
        "VAR_DIR": str(var),
        "FONT_CACHE": str(settings.FONT_CACHE),
    }
    command = [sys.executable, str(MANAGE), "db_worker", "--verbosity", "0", "--no-startup-delay", "--interval", "0.1"]
    return subprocess.Popen([*command, *arguments], env=environment)


def address_of_database() -> str:
    name = connection.settings_dict["NAME"]
    if connection.vendor == "sqlite":
        return f"sqlite:///{name}"
    return os.environ["DATABASE_URL"].rsplit("/", 1)[0] + f"/{name}"
