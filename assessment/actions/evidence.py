"""Files as evidence: kept once for a city, and tied to as many answers as they prove."""

from dataclasses import replace
from hashlib import sha256

from django.core.files.base import ContentFile
from django.db import transaction
from django.utils.translation import gettext as _

from assessment import outline
from assessment.actions.outcome import Refused
from assessment.actions.response import lock, must_take_answers, row_of, write
from assessment.models import Assessment, City, Event, Response, StoredFile, User, Version


@transaction.atomic
def add_file(
    record: Assessment, code: str, name: str, data: bytes, *, media_type: str, title: str = "", by: User
) -> Response:
    """Keeps the bytes, unless the city has them already, and adds them to the answer's evidence.

    What the file is was judged before. Raises WrongState when the round takes no answers, and Refused when the
    answer has this file already.
    """
    record = lock(record)
    must_take_answers(record)
    stored = _kept(record.city, name, data, media_type, by)
    row = _prove(record, code, stored, title or name, by)
    Event.objects.record(
        Event.Verb.FILE_ADDED, by=by, assessment=record, target=f"{code} {stored.name}", sha256=stored.sha256
    )
    return row


@transaction.atomic
def reuse_file(record: Assessment, code: str, stored: StoredFile, *, title: str = "", by: User) -> Response:
    """Adds a file that the city has already to the answer's evidence."""
    record = lock(record)
    must_take_answers(record)
    if stored.city_id != record.city_id:
        raise Refused(_("this file belongs to another city"))
    return _prove(record, code, stored, title or stored.name, by)


def _kept(city: City, name: str, data: bytes, media_type: str, by: User) -> StoredFile:
    city = City.objects.select_for_update().get(pk=city.pk)  # two people may send the same file at once
    digest = sha256(data).hexdigest()
    stored = StoredFile.objects.filter(city=city, sha256=digest).first()
    if stored is None:
        stored = StoredFile(city=city, sha256=digest, name=name, size=len(data), media_type=media_type, uploaded_by=by)
        stored.content.save(name, ContentFile(data), save=False)
        stored.save()
    return stored


def _prove(record: Assessment, code: str, stored: StoredFile, title: str, by: User) -> Response:
    row = row_of(record, code)
    now = row.outline()
    if stored.mark in [piece.reference for piece in now.evidence]:
        raise Refused(_("%(code)s has this file as evidence already") % {"code": code})
    piece = outline.Evidence(title, reference=stored.mark)
    write(record, [(row, replace(now, evidence=(*now.evidence, piece)))], by=by, cause=Version.Cause.SAVED)
    return row
