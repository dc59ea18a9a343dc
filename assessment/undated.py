"""Open this for an office file without the hour in which a library wrote it: the same parts are the same bytes."""

import re
from datetime import datetime
from io import BytesIO
from zipfile import ZIP_DEFLATED, ZIP_STORED, ZipFile, ZipInfo

OLDEST = (1980, 1, 1, 0, 0, 0)  # a ZIP knows no earlier day
NO_DAY = datetime(2000, 1, 1)  # stands where the content has no day; an office file must have one
PLAIN_FILE = 0o600
MODIFIED = re.compile(rb"(<dcterms:modified[^>]*>)[^<]*")


def undated(written: BytesIO, made: datetime = NO_DAY) -> bytes:
    """The file anew with its entries in their order, dated alike; it says that it was last changed at `made`."""
    out, stamp = BytesIO(), f"{made:%Y-%m-%dT%H:%M:%SZ}".encode()
    with ZipFile(written) as source, ZipFile(out, "w", ZIP_DEFLATED) as target:
        for entry in source.infolist():
            told = ZipInfo(entry.filename, OLDEST)
            told.compress_type = ZIP_STORED if entry.filename.endswith(".png") else ZIP_DEFLATED
            told.external_attr, told.create_system = PLAIN_FILE << 16, 3
            content = source.read(entry)
            if entry.filename == "docProps/core.xml":
                content = MODIFIED.sub(rb"\g<1>" + stamp, content)
            target.writestr(told, content)
    return out.getvalue()
