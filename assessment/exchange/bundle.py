"""A report with all that it was made from in one ZIP: the same files are the same bytes, and nothing else is taken for one.

Entries are stored as they are, in one order, dated 1980: no packing program has a say in the bytes, and nothing in such
a file can unpack to more than it weighs.
"""

import stat
import struct
import zipfile
from io import BytesIO

from django.utils.translation import gettext as _

from assessment.exchange.document import FileError, Problem

MANIFEST = "manifest.json"
FILES = ("framework.yaml", "answers.yaml", "remarks.json", "score.json", "content.json", "report.pdf", MANIFEST)
LARGEST = 60 * 2**20
LONGEST_NAME = 100
DAY = (1980, 1, 1, 0, 0, 0)
PLAIN_FILE = 0o100644
HEADER = 30  # bytes before an entry's name
MOST_ENTRIES = 100
MOST_TOLD = 5  # problems


def pack(files: dict[str, bytes]) -> bytes:
    """The ZIP of these files, which are those of FILES."""
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_STORED) as archive:
        for name in FILES:
            entry = zipfile.ZipInfo(name, DAY)
            entry.create_system, entry.external_attr = 3, PLAIN_FILE << 16
            archive.writestr(entry, files[name])
    return packed.getvalue()


def unpack(file: str, data: bytes) -> dict[str, bytes]:
    """What is in the ZIP, whatever its checksums say. Raises FileError for all that `pack` does not make.

    `packing_fault` then tells whether the ZIP around it is as it was, too.
    """
    if len(data) > LARGEST:
        raise _refused(file, _("larger than the limit of %(count)d MiB") % {"count": LARGEST // 2**20})
    if data.count(b"PK\1\2") > MOST_ENTRIES:
        raise _refused(file, _("holds far more files than a bundle"))
    try:
        with zipfile.ZipFile(BytesIO(data)) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, OverflowError) as error:
        raise _refused(file, _("is no ZIP that can be read")) from error
    names = [entry.filename for entry in entries]
    if not set(names) & set(FILES):
        raise _refused(file, _("is no bundle: none of its files is in it (%(names)s)") % {"names": ", ".join(FILES)})
    problems = [problem for entry in entries if (problem := _what_is_wrong(entry))]
    problems += [(name, _("stands in the ZIP twice")) for name in FILES if names.count(name) > 1]
    problems += [(name, _("is missing in the ZIP")) for name in FILES if name not in names]
    if not problems and sum(entry.file_size for entry in entries) > len(data):
        problems.append(("", _("is no ZIP that can be read")))
    if problems:
        raise FileError(_told(file, problems))
    return {entry.filename: _stored(data, entry) for entry in entries}


def packing_fault(file: str, data: bytes, files: dict[str, bytes]) -> Problem | None:
    """Whether something of the ZIP itself was altered, beside the files in it; names the file beside which."""
    made = pack(files)
    if made == data:
        return None
    shortest = min(len(made), len(data))
    place = next((n for n in range(shortest) if made[n] != data[n]), shortest)
    message = _("the ZIP is not as this tool packs it, from byte %(number)d on") % {"number": place}
    return Problem(file, 0, _entry_at(place, files), message)


def _told(file: str, problems: list[tuple[str, str]]) -> list[Problem]:
    told, more = problems[:MOST_TOLD], len(problems) - MOST_TOLD
    if more > 0:
        told.append(("", _("and %(count)d more problems of this kind") % {"count": more}))
    return [Problem(file, 0, _clean(name), message) for name, message in told]


def _what_is_wrong(entry: zipfile.ZipInfo) -> tuple[str, str] | None:
    name = entry.filename
    if name not in FILES:
        return name, _("does not belong into a bundle; known here: %(names)s") % {"names": ", ".join(FILES)}
    if stat.S_IFMT(entry.external_attr >> 16) not in (0, stat.S_IFREG):
        return name, _("is no plain file")
    if entry.flag_bits & 1:
        return name, _("is locked with a password")
    if entry.compress_type != zipfile.ZIP_STORED or entry.file_size != entry.compress_size:
        return name, _("was packed again by another program; take the bundle as it was made")
    return None


def _stored(data: bytes, entry: zipfile.ZipInfo) -> bytes:
    """The entry's bytes. No checksum is looked at: what says more, the SHA-256, is in the manifest."""
    header = max(entry.header_offset, 0)
    lengths = data[header + HEADER - 4 : header + HEADER].ljust(4, b"\0")
    start = header + HEADER + sum(struct.unpack("<HH", lengths))
    return data[start : start + entry.file_size]


def _entry_at(place: int, files: dict[str, bytes]) -> str:
    """The file in whose part of the ZIP a byte lies; empty behind them all."""
    end = 0
    for name in FILES:
        end += HEADER + len(name) + len(files[name])
        if place < end:
            return name
    return ""


def _clean(name: str) -> str:
    return "".join(c if c.isprintable() else "�" for c in name[:LONGEST_NAME])


def _refused(file: str, message: str) -> FileError:
    return FileError([Problem(file, 0, "", message)])
