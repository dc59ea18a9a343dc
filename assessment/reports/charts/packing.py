"""Open this for a picture's dots as a PNG's bytes: each row by what sets it off from the one above, packed by runs.

Pillow's own writer tries every way to tell each row, which takes as long as all else about a picture, for no fewer bytes.
"""

from struct import pack
from zlib import Z_RLE, compressobj, crc32

from PIL import Image, ImageChops

SIGNATURE = b"\x89PNG\r\n\x1a\n"
OF_A_PALETTE, BY_THE_ONE_ABOVE, A_METRE = 3, 2, 1  # a PNG's numbers for what its colours, its rows and its size are
INCH = 0.0254  # metres


def packed(image: Image.Image, palette: bytes, dots_an_inch: int) -> bytes:
    """An image of mode P, with the red, green and blue of each of its colours: as few bits a dot as these take."""
    bits, dots = next(bits for bits in (1, 2, 4, 8) if len(palette) <= 3 << bits), round(dots_an_inch / INCH)
    packer = compressobj(strategy=Z_RLE)
    return SIGNATURE + b"".join((
        _chunk(b"IHDR", pack(">IIBBBBB", *image.size, bits, OF_A_PALETTE, 0, 0, 0)),
        _chunk(b"PLTE", palette),
        _chunk(b"pHYs", pack(">IIB", dots, dots, A_METRE)),
        _chunk(b"IDAT", packer.compress(_rows(image, bits)) + packer.flush()),
        _chunk(b"IEND", b""),
    ))  # fmt: skip


def _chunk(kind: bytes, content: bytes) -> bytes:
    return pack(">I", len(content)) + kind + content + pack(">I", crc32(kind + content))


def _rows(image: Image.Image, bits: int) -> bytes:
    """Each row after the number of the way in which it is told."""
    width, height = -(-image.width * bits // 8), image.height
    rows = Image.frombytes("L", (width, height), image.tobytes("raw", f"P;{bits}" if bits < 8 else "P"))
    above, told = Image.new("L", rows.size), Image.new("L", (width + 1, height), BY_THE_ONE_ABOVE)
    above.paste(rows, (0, 1))
    told.paste(ImageChops.subtract_modulo(rows, above), (1, 0))
    return told.tobytes()
