"""Open this for what makes the file fit for an archive (PDF/A-2b): the same facts about it twice, and colours defined.

Nothing here looks at a clock: a report's date is the day as of which it speaks, or there is none.
"""

import struct
from dataclasses import dataclass
from datetime import date
from functools import cache
from html import escape

from assessment.reports.manifest import BLANK, NAMESPACE, PREFIX
from assessment.reports.pdf.objects import Objects, string

PRODUCER = "city-maturity"
EXTENSIONS = (
    'pdfaExtension="http://www.aiim.org/pdfa/ns/extension/" xmlns:pdfaSchema="http://www.aiim.org/pdfa/ns/schema#" '
    'xmlns:pdfaProperty="http://www.aiim.org/pdfa/ns/property#"'
)
# An archive wants every property explained that its standard does not know.
EXTENSION = (
    '<pdfaExtension:schemas><rdf:Bag><rdf:li rdf:parseType="Resource">'
    "<pdfaSchema:schema>What the report was made from</pdfaSchema:schema>"
    f"<pdfaSchema:namespaceURI>{NAMESPACE}</pdfaSchema:namespaceURI><pdfaSchema:prefix>{PREFIX}</pdfaSchema:prefix>"
    '<pdfaSchema:property><rdf:Seq><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>Manifest</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>Hashes of the files behind the report, and its key numbers, as JSON</pdfaProperty:description>"
    '</rdf:li><rdf:li rdf:parseType="Resource">'
    "<pdfaProperty:name>Digest</pdfaProperty:name><pdfaProperty:valueType>Text</pdfaProperty:valueType>"
    "<pdfaProperty:category>internal</pdfaProperty:category>"
    "<pdfaProperty:description>SHA-256 of this file with 64 zeros in the place of this value</pdfaProperty:description>"
    "</rdf:li></rdf:Seq></pdfaSchema:property></rdf:li></rdf:Bag></pdfaExtension:schemas>"
)
MOST = 8000  # characters of a fact


@dataclass(frozen=True)
class Facts:
    """What the file says of itself. `conformance`: part and level of PDF/A, or nothing where it claims none."""

    title: str
    author: str
    subject: str
    language: str
    day: date | None = None
    conformance: str = "2B"
    manifest: str = ""  # see `reports.manifest`, as it is written into XMP


def information(objects: Objects, facts: Facts) -> int:
    """The older place for them."""
    entries = {"Title": facts.title, "Author": facts.author, "Subject": facts.subject}
    written = [f"/{name} {string(value)}" for name, value in entries.items() if value]
    written += [f"/Creator ({PRODUCER}) /Producer ({PRODUCER})"]
    if facts.day:
        written.append(
            f"/CreationDate (D:{facts.day:%Y%m%d}000000+08'00') /ModDate (D:{facts.day:%Y%m%d}000000+08'00')"
        )
    return objects.add(f"<< {' '.join(written)} >>")


def metadata(objects: Objects, facts: Facts) -> int:
    """The newer place, which must say the same; left uncompressed, so that an archive's tools find it."""
    return objects.stream(_packet(facts).encode(), "/Type /Metadata /Subtype /XML", compressed=False)


def _packet(facts: Facts) -> str:
    language = escape(facts.language)
    dc = (
        "<dc:format>application/pdf</dc:format>"
        f'<dc:title><rdf:Alt><rdf:li xml:lang="x-default">{_escaped(facts.title)}</rdf:li></rdf:Alt></dc:title>'
        f"<dc:creator><rdf:Seq><rdf:li>{_escaped(facts.author)}</rdf:li></rdf:Seq></dc:creator>"
        f'<dc:description><rdf:Alt><rdf:li xml:lang="x-default">{_escaped(facts.subject)}</rdf:li></rdf:Alt></dc:description>'
        f"<dc:language><rdf:Bag><rdf:li>{language}</rdf:li></rdf:Bag></dc:language>"
    )
    made = f"{facts.day:%Y-%m-%d}T00:00:00+08:00" if facts.day else ""
    dates = f"<xmp:CreateDate>{made}</xmp:CreateDate><xmp:ModifyDate>{made}</xmp:ModifyDate>" if made else ""
    parts = {
        'dc="http://purl.org/dc/elements/1.1/"': dc,
        'pdf="http://ns.adobe.com/pdf/1.3/"': f"<pdf:Producer>{PRODUCER}</pdf:Producer>",
        'xmp="http://ns.adobe.com/xap/1.0/"': f"<xmp:CreatorTool>{PRODUCER}</xmp:CreatorTool>{dates}",
    }
    if facts.conformance:
        part, level = facts.conformance[:1], facts.conformance[1:]
        claim = f"<pdfaid:part>{part}</pdfaid:part><pdfaid:conformance>{level}</pdfaid:conformance>"
        parts['pdfaid="http://www.aiim.org/pdfa/ns/id/"'] = claim
    if facts.manifest:
        told = {"Manifest": facts.manifest, "Digest": BLANK}
        parts[f'{PREFIX}="{NAMESPACE}"'] = "".join(f"<{PREFIX}:{n}>{said}</{PREFIX}:{n}>" for n, said in told.items())
        parts[EXTENSIONS] = EXTENSION
    body = "\n".join(f'<rdf:Description rdf:about="" xmlns:{n}>{inner}</rdf:Description>' for n, inner in parts.items())
    return (
        '<?xpacket begin="\ufeff" id="W5M0MpCehiHzreSzNTczkc9d"?>\n<x:xmpmeta xmlns:x="adobe:ns:meta/">\n'
        f'<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#">\n{body}\n</rdf:RDF>\n</x:xmpmeta>\n'
        '<?xpacket end="r"?>'
    )


def _escaped(text: str) -> str:
    return escape(text, quote=False)


def output_intent(objects: Objects) -> int:
    """That our colours are those of sRGB, with the profile that says so."""
    profile = objects.stream(srgb(), "/N 3")
    name = "(sRGB IEC61966-2.1)"
    return objects.add(
        f"<< /Type /OutputIntent /S /GTS_PDFA1 /OutputConditionIdentifier {name} /Info {name} "
        f"/DestOutputProfile {profile} 0 R >>"
    )


# The colour profile: a table of the standard's numbers (IEC 61966-2-1, adapted to D50), in the form of ICC version 2,
# the last that PDF/A-1 knows


@cache
def srgb() -> bytes:
    """An ICC profile of sRGB, about 2 kB."""
    curve = _curve()
    tags = {
        b"desc": _description("sRGB IEC61966-2.1"),
        b"cprt": b"text\0\0\0\0No copyright, use freely\0",
        b"wtpt": _xyz(0.9642, 1.0, 0.8249),
        b"rXYZ": _xyz(0.4361, 0.2225, 0.0139),
        b"gXYZ": _xyz(0.3851, 0.7169, 0.0971),
        b"bXYZ": _xyz(0.1431, 0.0606, 0.7141),
        b"rTRC": curve,
        b"gTRC": curve,
        b"bTRC": curve,
    }
    start = 128 + 4 + 12 * len(tags)
    table, body = struct.pack(">I", len(tags)), b""
    placed: dict[bytes, int] = {}
    for name, value in tags.items():
        if value not in placed:
            placed[value] = start + len(body)
            body += value + b"\0" * (-len(value) % 4)
        table += struct.pack(">4sII", name, placed[value], len(value))
    return _header(start + len(body)) + table + body


def _header(size: int) -> bytes:
    made = struct.pack(">6H", 1999, 10, 1, 0, 0, 0)  # when the standard was published
    white = struct.pack(">3i", *(round(65536 * value) for value in (0.9642, 1.0, 0.8249)))
    first = struct.pack(">I4sI4s4s4s", size, b"\0" * 4, 0x02100000, b"mntr", b"RGB ", b"XYZ ")
    return (first + made + b"acsp" + b"\0" * 28 + white).ljust(128, b"\0")


def _xyz(*values: float) -> bytes:
    return b"XYZ \0\0\0\0" + struct.pack(">3i", *(round(65536 * value) for value in values))


def _curve(points: int = 1024) -> bytes:
    values = (round(65535 * _linear(k / (points - 1))) for k in range(points))
    return b"curv\0\0\0\0" + struct.pack(f">I{points}H", points, *values)


def _linear(value: float) -> float:
    return value / 12.92 if value <= 0.04045 else ((value + 0.055) / 1.055) ** 2.4


def _description(text: str) -> bytes:
    name = text.encode("ascii") + b"\0"
    return b"desc\0\0\0\0" + struct.pack(">I", len(name)) + name + b"\0" * 78
