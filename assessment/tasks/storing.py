"""Open this for where a batch's files lie: each report that is made as a part, and the one ZIP that is given out.

All goes through Django's default storage. A file counts only once the database names it: what was written before a
failure is never found, and thrown away.
"""

import errno
import logging
import os
import tempfile
import uuid
import zipfile
from collections.abc import Collection, Iterable
from datetime import datetime, timedelta
from typing import IO

from django.core.files import File
from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.utils import timezone

from assessment.models import Batch, BatchItem

log = logging.getLogger(__name__)

FOLDER = "batches"
LEFT_FOR = timedelta(days=1)  # a file that no batch names may be one that is being written


def part_of(item: BatchItem) -> str:
    return f"{FOLDER}/parts/{item.batch_id}/{item.pk}.{item.form}"


def keep_part(item: BatchItem, data: bytes) -> None:
    """Raises OSError where it cannot be kept; then nothing of it is."""
    default_storage.delete(part_of(item))
    _save(part_of(item), ContentFile(data))


def write_archive(batch: Batch, named: Iterable[tuple[BatchItem, str]]) -> str:
    """All parts under their names in one ZIP; the name under which the storage has it. OSError as in `keep_part`."""
    with tempfile.TemporaryFile() as file:
        with zipfile.ZipFile(file, "w") as archive:
            for item, name in named:
                entry = zipfile.ZipInfo(name, timezone.localtime(batch.at).timetuple()[:6])
                entry.compress_type, entry.external_attr = zipfile.ZIP_DEFLATED, 0o644 << 16
                entry.comment = str(item.pk).encode()
                with default_storage.open(part_of(item)) as part:
                    archive.writestr(entry, part.read(), compresslevel=1)
        file.seek(0)
        return _save(f"{FOLDER}/{batch.pk}-{uuid.uuid4().hex}.zip", File(file))


def held_by(batch: Batch) -> frozenset[int]:
    """The keys of the reports in the batch's ZIP; none where there is no such file, or none that can be read."""
    if not batch.file.name:
        return frozenset()
    try:
        with default_storage.open(batch.file.name) as file, zipfile.ZipFile(file) as archive:
            return frozenset(int(entry.comment) for entry in archive.infolist())
    except Exception as error:  # whatever a damaged file makes its reader stumble over
        log.warning("%s cannot be read: %s", batch.file.name, error)
        return frozenset()


def part_of_archive(file: IO[bytes], keys: Collection[int]) -> IO[bytes]:
    """A ZIP of these reports alone, of those in the one that `write_archive` wrote. OSError where it is damaged."""
    wanted = {str(key).encode() for key in keys}
    smaller = tempfile.TemporaryFile()  # noqa: SIM115 (given to who asked for it)
    try:
        with zipfile.ZipFile(file) as archive, zipfile.ZipFile(smaller, "w") as rest:
            for entry in archive.infolist():
                if entry.comment in wanted:
                    rest.writestr(entry, archive.read(entry), compresslevel=1)
    except Exception as error:  # whatever a damaged file makes its reader stumble over
        smaller.close()
        log.warning("%s cannot be read: %s", file.name, error)
        raise OSError(errno.EIO, os.strerror(errno.EIO)) from error
    smaller.seek(0)
    return smaller


def _save(name: str, content: File) -> str:
    try:
        return default_storage.save(name, content)
    except BaseException:
        discard(name)
        raise


def discard(*names: str) -> bool:
    """Deletes the files; what cannot be deleted is logged and stays for the next time."""
    gone = True
    for name in filter(None, names):
        try:
            default_storage.delete(name)
        except OSError as error:
            log.warning("%s cannot be deleted: %s", name, error)
            gone = False
    return gone


def discard_parts(batch: Batch) -> bool:
    folder = f"{FOLDER}/parts/{batch.pk}"
    parts = [f"{folder}/{name}" for name in _listed(folder)[1]]
    return discard(*parts, folder) if parts or default_storage.exists(folder) else True


def discard_orphans() -> None:
    """Files that no batch names, from work that was cut off."""
    named, before = set(Batch.objects.exclude(file="").values_list("file", flat=True)), timezone.now() - LEFT_FOR
    for name in _listed(FOLDER)[1]:
        path = f"{FOLDER}/{name}"
        if path not in named and _is_older(path, before):
            discard(path)
    kept = {str(pk) for pk in Batch.objects.exclude(state=Batch.State.EXPIRED).values_list("pk", flat=True)}
    for name in _listed(f"{FOLDER}/parts")[0]:
        if name not in kept and name.isdigit():
            discard_parts(Batch(pk=int(name)))


def _is_older(path: str, than: datetime) -> bool:
    try:
        return default_storage.get_modified_time(path) < than
    except OSError:  # gone meanwhile
        return False


def _listed(folder: str) -> tuple[list[str], list[str]]:
    """Folders and files in it; none where there is no such folder, or none that we may look into."""
    try:
        return default_storage.listdir(folder)
    except OSError:
        return [], []
