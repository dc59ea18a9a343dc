"""What people added to a report, read from its file (`remarks.json`): every error in its place."""

from base64 import b64decode
from struct import unpack_from
from typing import get_args

from django.utils.translation import gettext as _

from assessment import remark
from assessment.design import Approval, Design, Mark, is_colour
from assessment.exchange.document import Document
from assessment.exchange.fields import Fields
from assessment.exchange.parsing import parsed

LARGEST_LOGO = 4 * 2**20
MOST_PIXELS = 20_000_000
PNG = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
PLACES = get_args(remark.Place)


def read_added(file: str, data: bytes) -> tuple[remark.Remarks, Design]:
    """Raises FileError with all that is wrong."""
    document = parsed(file, data)
    added = added_of(document)
    document.check()
    return added


def added_of(document: Document) -> tuple[remark.Remarks, Design]:
    top = Fields(document, document.value)
    remarks = tuple(_remark(fields) for fields in top.each("remarks"))
    improvements = tuple(_improvement(fields) for fields in top.each("improvements"))
    design = _design(top.inner("design", required=True))
    top.done()
    return remark.Remarks(remarks, improvements), design


def _remark(fields: Fields) -> remark.Remark:
    place: remark.Place = fields.choice("place", PLACES) or "summary"  # type: ignore[assignment]
    code, text = fields.string("code"), fields.long_string("text")
    made = remark.Remark(place, code, text, fields.string("by"), fields.day("on"))
    fields.done()
    return made


def _improvement(fields: Fields) -> remark.Improvement:
    made = remark.Improvement(fields.string("criterion", required=True), fields.string("owner"), fields.day("due_on"))
    fields.done()
    return made


def _design(fields: Fields) -> Design:
    design = Design(
        city=_mark(fields.inner("city", required=True)),
        consultant=_mark(fields.inner("consultant", required=True)),
        deep=_colour(fields, "deep"),
        accent=_colour(fields, "accent"),
        classification=fields.string("classification"),
        document_number=fields.string("document_number"),
        watermark=fields.flag("watermark"),
        approvals=tuple(_approval(inner) for inner in fields.each("approvals")),
    )
    fields.done()
    return design


def _approval(fields: Fields) -> Approval:
    approval = Approval(fields.string("role"), fields.string("name"), fields.day("on"))
    fields.done()
    return approval


def _colour(fields: Fields, key: str) -> str:
    colour = fields.string(key, required=True)
    if colour and not is_colour(colour):
        fields.expected(key, _("a colour such as #12355b"))
    return colour


def _mark(fields: Fields) -> Mark:
    mark = Mark(fields.string("organisation"), _logo(fields))
    fields.done()
    return mark


def _logo(fields: Fields) -> bytes:
    given = fields.string("logo", longest=LARGEST_LOGO)
    try:
        logo = b64decode(given, validate=True)
    except ValueError:
        logo = b"?"
    if logo and not _is_small_png(logo):
        fields.expected(
            "logo", _("a PNG picture in base64, at most %(count)d million pixels") % {"count": MOST_PIXELS // 10**6}
        )
        return b""
    return logo


def _is_small_png(logo: bytes) -> bool:
    if not logo.startswith(PNG) or len(logo) < 24:
        return False
    width, height = unpack_from(">II", logo, 16)
    return 0 < width * height <= MOST_PIXELS
