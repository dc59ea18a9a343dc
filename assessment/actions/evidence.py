"""Files as evidence: kept once for a city, and tied to as many answers as they prove."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from assessment import access, outline
from assessment.actions.outcome import NOT_THEIRS, Refused
from assessment.actions.response import lock, must_take_answers, row_of, write
from assessment.models import Assessment, City, Event, Response, StoredFile, User, Version


def add_file(
    record: Assessment, code: str, name: str, data: bytes, *, media_type: str, title: str = "", by: User
) -> Response:
    """Keeps the bytes, unless the city has them already, and adds them to the answer's evidence.

    What the file is was judged before; whether the person may answer is judged here, under the round's lock. Raises
    WrongState when the round takes no answers, and Refused when the criterion is not theirs to answer any more or
    the answer has this file already.
    """
    stored = StoredFile(name=name, size=len(data), media_type=media_type, uploaded_by=by)
    with _nothing_stray(stored), transaction.atomic():
        record = _answering(record, code, by)
        stored = _kept(record.city, stored, data)
        row = _prove(record, code, stored, title or name, by)
        Event.objects.record(
            Event.Verb.FILE_ADDED, by=by, assessment=record, target=f"{code} {stored.name}", sha256=stored.sha256
        )
    return row


@transaction.atomic
def reuse_file(record: Assessment, code: str, stored: StoredFile, *, title: str = "", by: User) -> Response:
    """Adds a file that the city has already to the answer's evidence. Raises as `add_file` does."""
    record = _answering(record, code, by)
    if stored.city_id != record.city_id:
        raise Refused(_("this file belongs to another city"))
    return _prove(record, code, stored, title or stored.name, by)


def _answering(record: Assessment, code: str, by: User) -> Assessment:
    """The round, locked: a part that was handed in or narrowed since the page was looked at is not theirs any more."""
    record = lock(record)
    must_take_answers(record)
    if code not in access.answerable(record, access.seat_in(by, record.city)):
        raise Refused(f"{code} {NOT_THEIRS}")
    return record


def _kept(city: City, given: StoredFile, data: bytes) -> StoredFile:
    """The city's file of these bytes: the one that it has, or the given one, stored."""
    city = City.objects.select_for_update().get(pk=city.pk)  # two people may send the same file at once
    given.city, given.sha256 = city, sha256(data).hexdigest()
    stored = StoredFile.objects.filter(city=city, sha256=given.sha256).first()
    if stored is None:
        given.content.save(given.name, ContentFile(data))
    return stored or given


@contextmanager
def _nothing_stray(given: StoredFile) -> Iterator[None]:
    """Takes the bytes off the disk again where the row that names them was undone."""
    try:
        yield
    except BaseException:
        name = given.content.name
        if name and not StoredFile.objects.filter(content=name).exists():
            given.content.storage.delete(name)
        raise


def _prove(record: Assessment, code: str, stored: StoredFile, title: str, by: User) -> Response:
    row = row_of(record, code)
    now = row.outline()
    if stored.mark in [piece.reference for piece in now.evidence]:
        raise Refused(_("%(code)s has this file as evidence already") % {"code": code})
    piece = outline.Evidence(title, reference=stored.mark)
    write(record, [(row, replace(now, evidence=(*now.evidence, piece)))], by=by, cause=Version.Cause.SAVED)
    return row
