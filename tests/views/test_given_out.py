"""What is given out beside the gap report: the briefs, and PDFs that open with a password alone."""

from io import BytesIO
from urllib.parse import unquote

import pytest
from django.urls import reverse
from pypdf import PdfReader

from assessment.models import Event, ReportFile
from tests.factories import EXAMPLE_TWO
from tests.records import make_round
from tests.views.pages import opened, read, visitor

pytestmark = pytest.mark.django_db
PASSWORD = "数据-2026-密码"


@pytest.fixture
def record(city, framework):
    return make_round(city, framework, EXAMPLE_TWO)


def locked(user, record, **given):
    wanted = {"form": "pdf", "language": "zh-hans", "password": PASSWORD} | given
    wanted = {"again": wanted["password"]} | wanted
    return visitor(user).post(reverse("report-protected", args=[record.pk]), wanted)


@pytest.mark.parametrize(("name", "pages"), [("brief", 1), ("slides", 6)])
def test_the_briefs_are_given_out_and_registered(record, viewer, name, pages):
    response = visitor(viewer).get(reverse(f"{name}-download", args=[record.pk]))
    assert len(PdfReader(BytesIO(response.content)).pages) == pages
    made = ReportFile.objects.get()
    assert (made.kind, made.form, made.by) == (name, "pdf", viewer)
    assert Event.objects.get(verb=Event.Verb.EXPORTED).target == f"{made.get_kind_display()} · PDF"


def test_every_report_is_offered_in_both_languages(record, viewer):
    page = opened(visitor(viewer), "report-list", record.pk)
    english = read(visitor(viewer).get(reverse("report-list", args=[record.pk]), {"language": "en"}), "")
    for name in ("report-download", "brief-download", "slides-download", "report-page"):
        address = reverse(name, args=[record.pk])
        assert address in page.links
        assert f"{address}?language=en" in english.links


@pytest.mark.parametrize("view", ["report-protected", "assessment-compare", "request-detail"])
def test_the_language_that_was_chosen_is_carried_along(city, framework, record, viewer, view):
    make_round(city, framework, EXAMPLE_TWO, round="2025")
    english = read(visitor(viewer).get(reverse("report-list", args=[record.pk]), {"language": "en"}), "")
    address = f"{reverse(view, args=[record.pk])}?language=en"
    assert address in english.links
    page = opened(visitor(viewer), address)
    assert f"{reverse('report-list', args=[record.pk])}?language=en" in page.links
    if view == "report-protected":
        assert page.form["language"] == "en"
        return
    assert "报告语言" in page.text
    downloads = [link for link in page.links if "/comparison." in link or "/asked." in link]
    assert len(downloads) == 2
    assert all("language=en" in link for link in downloads)


class TestALockedPdf:
    def test_opens_with_the_password_alone(self, record, viewer):
        reader = PdfReader(BytesIO(locked(viewer, record).content))
        assert reader.is_encrypted
        assert not reader.decrypt("other-password")
        assert reader.decrypt(PASSWORD)
        assert len(reader.pages) > 5

    def test_is_registered_and_its_password_is_kept_nowhere(self, record, viewer):
        locked(viewer, record, form="brief")
        made = ReportFile.objects.get()
        assert made.kind == "brief"
        assert PASSWORD not in str(made.manifest) + str(Event.objects.values_list("details", "target"))

    def test_can_be_told_apart_from_an_open_one_by_its_name_and_in_the_register(self, record, viewer):
        names = [
            unquote(response["Content-Disposition"])
            for response in (
                visitor(viewer).get(reverse("report-download", args=[record.pk])),
                locked(viewer, record),
                locked(viewer, record, language="en"),
            )
        ]
        assert "差距报告.pdf" in names[0] and "locked" not in names[0]
        assert "差距报告-加密.pdf" in names[1] and f'"report-{record.pk}-locked.pdf"' in names[1]
        assert "gap report-locked.pdf" in names[2]
        rows = [row[2] for row in opened(visitor(viewer), "report-list", record.pk).rows if len(row) == 6]
        assert rows[1:] == ["差距报告 · 加密PDF · 英文", "差距报告 · 加密PDF · 中文", "差距报告 · PDF · 中文"]

    def test_says_once_what_is_wrong(self, record, viewer):
        page = read(locked(viewer, record, password="short"), "")
        assert page.text.count("请更正以下内容") == 1

    @pytest.mark.parametrize("password", ["", "short", "x" * 200, "密" * 60])
    def test_is_not_made_with_a_password_that_does_not_do(self, record, viewer, password):
        response = locked(viewer, record, password=password)
        assert response.status_code == 422
        assert "密码" in response.content.decode()
        assert not ReportFile.objects.exists()

    @pytest.mark.parametrize(
        ("password", "number"),
        [
            ("数据－２０２６－密码", 3),
            ("data-2026①", 10),
            ("data\u3000-2026", 5),
            ("\u200b" * 9, 1),
            ("data-2026鿏", 10),
        ],
    )
    def test_is_not_made_with_a_password_that_some_reader_takes_for_another(self, record, viewer, password, number):
        page = read(locked(viewer, record, password=password), "")
        assert page.status == 422
        assert f"第{number}个字符" in page.text
        assert not ReportFile.objects.exists()

    @pytest.mark.parametrize("again", ["", PASSWORD.upper(), f"{PASSWORD} "])
    def test_is_not_made_where_the_password_typed_again_is_another(self, record, viewer, again):
        response = locked(viewer, record, password="data-2026", again=again)
        assert response.status_code == 422
        assert not ReportFile.objects.exists()

    def test_says_how_many_characters_a_password_has(self, record, viewer):
        assert "密码：至少8个字符，现有5个" in read(locked(viewer, record, password="short"), "").text

    def test_takes_blanks_at_the_ends_as_typed(self, record, viewer):
        reader = PdfReader(BytesIO(locked(viewer, record, password=" data-2026 ").content))
        assert reader.decrypt(" data-2026 ")

    def test_is_not_for_strangers(self, record, stranger):
        assert locked(stranger, record).status_code == 404
        assert opened(visitor(stranger), "report-protected", record.pk).status == 404

    def test_says_what_a_certificate_that_cannot_be_used_is(self, record, viewer, settings, tmp_path):
        settings.REPORT_CERTIFICATE = str(tmp_path / "missing.p12")
        response = locked(viewer, record)
        assert response.status_code == 503
        assert "missing.p12" in response.content.decode()
