"""A logo is made anew from what one sees of it; what is no picture, or would burst, is told why it is not taken."""

import struct
import zlib
from io import BytesIO

import pytest
from PIL import Image, ImageCms

from assessment.exchange.office import Unfit
from assessment.exchange.picture import BOX, LARGEST, logo
from tests.files import JPEG, PDF, archive, bmp, png

RED, WHITE = (200, 10, 10), (255, 255, 255)


def saved(picture: Image.Image, form="PNG", **options) -> bytes:
    file = BytesIO()
    picture.save(file, format=form, **options)
    return file.getvalue()


def plain(mode="RGB", size=(60, 30), colour=RED) -> Image.Image:
    return Image.new(mode, size, colour)


def made(data: bytes) -> Image.Image:
    picture = Image.open(BytesIO(logo(data)))
    picture.load()
    return picture


def refused(data: bytes) -> str:
    with pytest.raises(Unfit) as error:
        logo(data)
    return str(error.value)


def near(one, other, by=12):
    return all(abs(a - b) <= by for a, b in zip(one, other, strict=True))


def bomb(width, height) -> bytes:
    """A PNG that says of itself that it is this large."""
    data = bytearray(saved(plain()))
    data[16:24] = struct.pack(">II", width, height)
    data[29:33] = struct.pack(">I", zlib.crc32(bytes(data[12:29])))
    return bytes(data)


class TestALogo:
    @pytest.mark.parametrize("form", ["PNG", "JPEG"])
    def test_becomes_a_png_in_rgb(self, form):
        picture = made(saved(plain(), form))
        assert (picture.format, picture.mode, picture.size) == ("PNG", "RGB", (60, 30))
        assert near(picture.getpixel((30, 15)), RED)

    def test_is_the_same_whenever_it_is_made(self):
        data = saved(plain(size=(900, 900)))
        assert logo(data) == logo(data)
        assert logo(logo(data)) == logo(data)

    @pytest.mark.parametrize(
        ("size", "wanted"), [((1200, 240), (600, 120)), ((500, 1000), (120, 240)), ((3, 2), (3, 2))]
    )
    def test_fits_its_box_and_is_never_made_larger(self, size, wanted):
        assert made(saved(plain(size=size))).size == wanted
        assert wanted[0] <= BOX[0] and wanted[1] <= BOX[1]

    def test_has_white_where_it_was_transparent(self):
        picture = plain("RGBA", colour=(0, 0, 0, 0))
        picture.paste((*RED, 255), (0, 0, 30, 30))
        result = made(saved(picture))
        assert (result.getpixel((10, 10)), result.getpixel((50, 10))) == (RED, WHITE)

    @pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "I;16"])
    def test_may_be_of_any_kind_of_png(self, mode):
        picture = plain("RGB", colour=(128, 128, 128)).convert("L") if mode != "I;16" else plain("I;16", colour=32768)
        result = made(saved(picture.convert(mode)))
        assert result.mode == "RGB"
        assert mode == "1" or near(result.getpixel((5, 5)), (128, 128, 128))

    def test_in_the_colours_of_print_is_turned_into_those_of_a_screen(self):
        assert near(made(saved(plain().convert("CMYK"), "JPEG")).getpixel((5, 5)), RED)

    def test_stands_upright_as_the_camera_meant_it(self):
        exif = Image.Exif()
        exif[0x0112] = 6  # turned by a quarter
        assert made(saved(plain(size=(60, 30)), "JPEG", exif=exif)).size == (30, 60)

    def test_keeps_nothing_but_what_one_sees(self):
        exif = Image.Exif()
        exif[0x010E] = "机密说明"
        profile = ImageCms.ImageCmsProfile(ImageCms.createProfile("sRGB")).tobytes()
        for data in (saved(plain(), "JPEG", exif=exif, icc_profile=profile, comment="备注".encode()), png(b"<script>")):
            result = made(data)
            assert result.info == {}
            assert not dict(result.getexif())
            assert b"script" not in logo(data) and "备注".encode() not in logo(data)

    def test_loses_what_was_hidden_behind_it(self):
        data = saved(plain()) + archive({"evil.html": "<script>alert(1)</script>"})
        assert b"evil" not in logo(data)


class TestWhatIsNoLogo:
    @pytest.mark.parametrize(
        ("data", "words"),
        [
            (b"", "空"),
            (b'<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>', "SVG"),
            (b'\xef\xbb\xbf  <!DOCTYPE html><html onload="x()"></html>', "网页"),
            (b'<?xml version="1.0"?><svg/>', "XML"),
            (PDF, "PNG或JPEG"),
            (bmp(), "PNG或JPEG"),
            (saved(plain(), "GIF"), "PNG或JPEG"),
            (saved(plain(), "WEBP"), "PNG或JPEG"),
            (b"MZ\x90\0" + b"\0" * 100, "PNG或JPEG"),
            (b"\x89PNG\r\n\x1a\n", "PNG"),
            (JPEG, "损坏"),
            (saved(plain(size=(300, 300)), "JPEG")[:900], "损坏"),
            (saved(Image.effect_noise((200, 200), 90))[:9000], "损坏"),
            (b"\x00" * (LARGEST + 1), "2 MB"),
        ],
    )
    def test_is_told_why(self, data, words):
        assert words in refused(data)

    def test_is_a_small_file_that_bursts(self):
        assert "5000 × 5000" in refused(bomb(5000, 5000))
        assert "1600万像素" in refused(bomb(60_000, 60_000))
        assert "0 × 0" not in refused(bomb(20_000, 20_000))

    def test_is_one_that_moves(self):
        frames = [plain(colour=(n, n, n)) for n in (0, 200)]
        assert "动态" in refused(saved(frames[0], save_all=True, append_images=frames[1:]))

    @pytest.mark.parametrize("at", range(8, 80, 3))
    def test_is_any_broken_png_and_never_an_error_of_ours(self, at):
        data = bytearray(saved(plain()))
        data[at] ^= 0xFF
        try:
            logo(bytes(data))
        except Unfit as error:
            assert str(error)
