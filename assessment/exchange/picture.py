"""A logo as somebody sends it, made anew: nothing of the file is kept but what one sees."""

import re
import struct
import zlib
from io import BytesIO

import puremagic
from django.utils.translation import gettext as _
from PIL import Image, ImageOps

from assessment.exchange.office import Unfit

LARGEST = 2 * 2**20
MOST_PIXELS = 16_000_000
BOX = (600, 240)
FORMATS = {".png": "PNG", ".jpg": "JPEG"}
MARKUP = re.compile(rb"(\xef\xbb\xbf|\xff\xfe|\xfe\xff)?[\s\0]*<")
# What Pillow raises for files that are broken in one way or another.
BROKEN = (OSError, ValueError, SyntaxError, EOFError, IndexError, struct.error, zlib.error)


def logo(data: bytes) -> bytes:
    """The picture as a PNG in RGB on white, at most 600 × 240, upright, without metadata; the same for the same file.

    Raises Unfit with the reason where it is no PNG or JPEG, too large, broken or animated.
    """
    if not data:
        raise Unfit(_("The file is empty."))
    if len(data) > LARGEST:
        raise Unfit(_("The logo is larger than 2 MB; make the picture smaller."))
    kind = _format(data)
    try:
        picture = Image.open(BytesIO(data), formats=[kind])
        _must_be_modest(picture)
        return _png(_on_white(ImageOps.exif_transpose(picture)))
    except Image.DecompressionBombError as error:
        far_too_many = _(
            "The picture has far more than %(most)d × 10,000 pixels, which are the limit. Make it smaller."
        )
        raise Unfit(far_too_many % {"most": MOST_PIXELS // 10_000}) from error
    except Unfit:
        raise
    except BROKEN as error:
        raise Unfit(_("The picture is broken or not complete; save it again as PNG or JPEG.")) from error


def _format(data: bytes) -> str:
    """What the content is, whatever the name says."""
    try:
        found = [match.extension for match in puremagic.magic_string(data)]
    except (puremagic.PureError, ValueError):
        found = []
    begins = {".png": data.startswith(b"\x89PNG\r\n\x1a\n"), ".jpg": data.startswith(b"\xff\xd8\xff")}
    kind = next((FORMATS[name] for name in begins if begins[name] and name in found), "")
    if kind:
        return kind
    if MARKUP.match(data):
        raise Unfit(_("The content is a web page, SVG or XML, whatever its name says; save the logo as PNG."))
    raise Unfit(_("A logo is a PNG or JPEG picture; this file is neither, whatever its name says."))


def _must_be_modest(picture: Image.Image) -> None:
    """Judged before anything is decoded: a small file may unpack to gigabytes."""
    width, height = picture.size
    if width * height > MOST_PIXELS:
        raise Unfit(_too_many(width, height))
    if picture.format == "PNG" and getattr(picture, "is_animated", False):
        raise Unfit(_("The picture is animated; send one that stands still."))


def _too_many(width: int, height: int) -> str:
    size = {"width": width, "height": height, "most": MOST_PIXELS // 10_000}
    return (
        _("The picture has %(width)d × %(height)d pixels; %(most)d × 10,000 pixels are the limit. Make it smaller.")
        % size
    )


def _on_white(picture: Image.Image) -> Image.Image:
    if picture.mode.startswith("I"):  # 16 bits of grey, which Pillow would cut off instead of scaling
        picture = picture.convert("I").point(lambda value: value * (1 / 256)).convert("L")
    if picture.mode in ("CMYK", "YCbCr"):
        picture = picture.convert("RGB")
    picture = picture.convert("RGBA")
    picture.thumbnail(BOX, Image.Resampling.LANCZOS)
    ground = Image.new("RGB", picture.size, "white")
    ground.paste(picture, mask=picture.getchannel("A"))
    return ground


def _png(picture: Image.Image) -> bytes:
    written = BytesIO()
    picture.save(written, format="PNG", compress_level=9)
    return written.getvalue()
