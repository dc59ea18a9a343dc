"""Frameworks go out of and into the pages as files and workbooks; nothing is written before somebody has seen it."""

import time
from dataclasses import replace
from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from openpyxl import load_workbook

from assessment import actions
from assessment.exchange.framework import read_framework_file, write_framework, write_framework_book
from assessment.models import Event, Framework
from assessment.outline import Text
from tests.exchange.samples import FRAMEWORK, spoilt
from tests.factories import make_framework, text
from tests.records import framework_of, grant_framework_editing, make_user, some_framework, store
from tests.views.pages import opened, read, sent, visitor

pytestmark = [pytest.mark.database, pytest.mark.django_db]
PAGE = "/frameworks/import/"


@pytest.fixture
def client(criteria_admin):
    return visitor(criteria_admin)


def uploaded(client, content, name="framework.yaml"):
    """The page that follows the upload."""
    data = content if isinstance(content, bytes) else content.encode()
    return read(client.post(PAGE, {"file": SimpleUploadedFile(name, data)}, follow=True), PAGE)


def imported(client, content, name="framework.yaml"):
    return sent(client, uploaded(client, content, name))


def download(client, framework, ending):
    view = {"yaml": "framework-file", "xlsx": "framework-book"}[ending]
    return client.get(reverse(view, args=[framework.code, framework.version]))


def stored():
    return {f"{record.code} {record.version}": record.state for record in Framework.objects.all()}


def outline_of(version="1"):
    return Framework.objects.get(code="small", version=version).outline()


def changed_book(framework, change):
    book = load_workbook(BytesIO(write_framework_book(framework)))
    change(book)
    stream = BytesIO()
    book.save(stream)
    return stream.getvalue()


SMALL = read_framework_file("small", FRAMEWORK.encode())
CHANGED = spoilt(FRAMEWORK, "title: 甲", "title: 改了")
NEXT = spoilt(FRAMEWORK, 'version: "1"', 'version: "2"')


class TestDownloads:
    @pytest.mark.parametrize("ending", ["yaml", "xlsx"])
    def test_export_import_export_gives_the_same_bytes(self, client, ending):
        record = store(some_framework(), publish=False)
        first = download(client, record, ending)
        record.delete()
        page = imported(client, first.content, f"framework.{ending}")
        assert "已作为草稿导入" in page.text
        assert stored() == {"small-city 2024.1": "draft"}
        again = download(client, Framework.objects.get(), ending)
        assert again.content == first.content

    def test_have_their_types_and_names(self, framework, viewer):
        file, book = (download(visitor(viewer), framework, ending) for ending in ("yaml", "xlsx"))
        assert file["Content-Type"] == "application/yaml; charset=utf-8"
        assert file["Content-Disposition"] == 'attachment; filename="small-city-2024.1.yaml"'
        assert book["Content-Type"].endswith("spreadsheetml.sheet")
        assert book["Content-Disposition"] == 'attachment; filename="small-city-2024.1.xlsx"'

    def test_a_version_in_chinese_keeps_its_name(self, viewer):
        record = store(make_framework(version="二〇二五版"))
        name = download(visitor(viewer), record, "xlsx")["Content-Disposition"]
        assert name.isascii()
        assert "filename*=utf-8''small-city-%E4%BA%8C" in name

    def test_are_offered_on_the_page_of_the_version_and_logged(self, framework, viewer):
        client = visitor(viewer)
        page = opened(client, "framework-detail", framework.code, framework.version)
        for view, name in (("framework-file", "small-city-2024.1.yaml"), ("framework-book", "small-city-2024.1.xlsx")):
            address = reverse(view, args=[framework.code, framework.version])
            assert address in page.links
            client.get(address)
            event = Event.objects.first()
            assert (event.verb, event.target, event.by) == (Event.Verb.EXPORTED, name, viewer)
        assert PAGE not in page.links

    def test_what_does_not_fit_into_a_workbook_is_told(self, viewer):
        record = store(replace(make_framework(), about=text("😀" * 17_000)))
        page = opened(visitor(viewer), reverse("framework-book", args=[record.code, record.version]))
        assert page.status == 200
        assert "32767" in page.text and "B5" in page.text
        assert not Event.objects.filter(verb=Event.Verb.EXPORTED).exists()

    def test_ask_the_database_as_often_for_many_criteria_as_for_few(self, viewer, django_assert_num_queries):
        client, counts = visitor(viewer), set()
        for number, count in enumerate((1, 40)):
            record = store(framework_of(count, version=f"{number}"))
            client.get(reverse("framework-list"))
            with CaptureQueriesContext(connection) as made:
                download(client, record, "xlsx")
            counts.add(len(made))
        assert len(counts) == 1


class TestPreview:
    def test_a_new_framework(self, client):
        page = uploaded(client, FRAMEWORK)
        assert "新框架" in page.text and "小框架" in page.text
        assert stored() == {}

    def test_a_new_version_beside_the_one_before(self, client):
        store(SMALL)
        page = uploaded(client, NEXT)
        assert "新版本" in page.text and "版本1" in page.text
        assert stored() == {"small 1": "published"}

    def test_a_draft_that_would_be_replaced(self, client):
        store(SMALL, publish=False)
        assert "替换草稿" in uploaded(client, CHANGED).text
        assert outline_of() == SMALL

    def test_what_is_stored_already(self, client):
        store(SMALL)
        page = uploaded(client, FRAMEWORK)
        assert "未改动" in page.text
        assert "content" not in page.form

    @pytest.mark.parametrize("retired", [False, True])
    def test_a_published_version_with_other_content_is_refused_in_words(self, client, retired):
        record = store(SMALL)
        if retired:
            actions.retire(record)
        page = uploaded(client, CHANGED)
        assert "已发布，内容不再改变" in page.text
        assert "content" not in page.form
        assert outline_of() == SMALL

    def test_says_how_much_there_is(self, client):
        page = uploaded(client, FRAMEWORK)
        assert "等级 3" in page.text
        assert "评估项 3" in page.text

    def test_user_text_is_never_markup(self, client):
        page = uploaded(client, write_framework(replace(SMALL, name=text("<b>粗</b>"))), "<i>x</i>.yaml")
        assert "<b>粗" not in page.html
        assert "<i>x" not in page.html


class TestErrors:
    def test_of_a_file_are_listed_with_line_and_path(self, client):
        content = spoilt(spoilt(FRAMEWORK, "weight: 2", "weight: 0"), 'version: "1"', "version: 1.0")
        page = uploaded(client, content)
        assert page.status == 422
        places = [row[:2] for row in page.rows[1:]]
        assert places == [["第2行", "version"], ["第31行", "lenses[0].dimensions[0].criteria[0].weight"]]
        assert stored() == {}

    def test_of_a_workbook_are_listed_with_sheet_and_cell(self, client):
        def spoil(book):
            book["T1 统筹"]["A3"].value = "=1+1"
            book.worksheets[2]["D4"].value = 5

        page = uploaded(client, changed_book(SMALL, spoil), "framework.xlsx")
        assert page.status == 422
        places = [row[:2] for row in page.rows[1:]]
        assert [book for book in places if book[1] in ("D4", "A3")] == [["等级", "D4"], ["T1 统筹", "A3"]]
        assert stored() == {}

    @pytest.mark.parametrize(
        "content", [b"\x00\x01", b"PK\x03\x04", b"a: [", "城市".encode("gbk"), b"x" * (5 * 2**20 + 1)]
    )
    def test_what_is_no_framework_is_told_and_nothing_breaks(self, client, content):
        page = uploaded(client, content)
        assert page.status == 422
        assert "未写入任何内容" in page.text

    def test_without_a_file(self, client):
        assert read(client.post(PAGE), PAGE).status == 422


class TestConfirm:
    def test_writes_what_was_shown_and_says_so(self, client, criteria_admin):
        page = imported(client, FRAMEWORK)
        assert "small 1已作为草稿导入" in page.text
        record = Framework.objects.get()
        assert (record.outline(), record.state, record.created_by) == (SMALL, "draft", criteria_admin)
        event = Event.objects.filter(verb=Event.Verb.FRAMEWORK_CREATED).get()
        assert (event.target, event.by) == ("small 1", criteria_admin)

    def test_stands_in_the_history_of_the_draft_and_makes_an_author(self, client, criteria_admin):
        imported(client, FRAMEWORK)
        record = Framework.objects.get()
        edit = record.history.get()
        assert (edit.cause, edit.by, edit.number, record.edits) == ("imported", criteria_admin, 1, 1)
        page = opened(client, "edit-list", "small", "1")
        assert "草稿由导入的文件开始" in page.text and "/undo/" not in page.html
        with pytest.raises(actions.Refused):
            actions.undo(record, 1, by=criteria_admin)
        Framework.objects.update(four_eyes=True)
        record.refresh_from_db()
        with pytest.raises(actions.Refused):
            actions.must_be_publishable(record, criteria_admin)

    def test_a_workbook_writes_the_same(self, client):
        imported(client, write_framework_book(SMALL), "framework.xlsx")
        assert outline_of() == SMALL

    def test_a_new_version_knows_the_one_before(self, client):
        before = store(SMALL)
        store(replace(SMALL, version="0"), publish=False)
        imported(client, NEXT)
        assert Framework.objects.get(version="2").previous == before
        assert outline_of("2") == replace(SMALL, version="2")

    def test_a_new_version_is_held_against_the_golden_sets_of_the_one_before(self, client, criteria_admin):
        draft = store(SMALL, publish=False)
        actions.add_golden_set(draft, "想象市", {"T1.1": 1}, by=criteria_admin)
        actions.publish(draft)
        imported(client, NEXT)
        assert [golden.name for golden in Framework.objects.get(version="2").golden_sets.all()] == ["想象市"]

    def test_a_draft_is_replaced_whole_and_can_be_had_back(self, client, criteria_admin):
        draft = store(SMALL, publish=False)
        imported(client, CHANGED)
        actions.undo(draft, 1, by=criteria_admin)
        assert outline_of() == SMALL

    def test_a_draft_is_replaced_whole(self, client):
        store(SMALL, publish=False)
        imported(client, CHANGED)
        assert str(outline_of().criteria["T1.1"].title) == "改了"
        assert stored() == {"small 1": "draft"}

    def test_twice_is_once(self, client):
        page = uploaded(client, FRAMEWORK)
        sent(client, page)
        again = sent(client, page)
        assert "small 1已经存在" in again.text
        assert Framework.objects.count() == 1
        assert Event.objects.filter(verb=Event.Verb.FRAMEWORK_CREATED).count() == 1

    def test_a_draft_that_changed_meanwhile_is_looked_at_again(self, client):
        store(SMALL, publish=False)
        page = uploaded(client, CHANGED)
        actions.load_framework(replace(SMALL, about=text("另一人写的")))
        after = sent(client, page)
        assert after.status == 409
        assert "其间有改动" in after.text
        assert outline_of().about == {"zh-hans": "另一人写的"}
        assert "已作为草稿导入" in sent(client, after).text
        assert str(outline_of().criteria["T1.1"].title) == "改了"

    def test_a_draft_that_was_published_meanwhile_stays_as_it_is(self, client):
        store(SMALL, publish=False)
        page = uploaded(client, CHANGED)
        store(SMALL)
        after = sent(client, page)
        assert after.status == 409
        assert "已发布，内容不再改变" in after.text
        assert outline_of() == SMALL

    def test_a_version_that_somebody_added_meanwhile_is_not_overwritten(self, client):
        page = uploaded(client, CHANGED)
        store(SMALL, publish=False)
        assert sent(client, page).status == 409
        assert outline_of() == SMALL

    def test_a_draft_that_a_round_uses_is_refused(self, client, city):
        record = store(SMALL, publish=False)
        page = uploaded(client, spoilt(FRAMEWORK, "code: A1", "code: A2"))
        city.assessments.create(round="2026", framework=record)
        after = sent(client, page)
        assert after.status == 409
        assert "已有评估在使用" in after.text
        assert outline_of() == SMALL

    def test_only_what_was_shown_to_this_person_is_taken(self, client):
        page = uploaded(client, FRAMEWORK)
        other = visitor(grant_framework_editing(make_user("other_admin")))
        for who, content in ((other, page.form["content"]), (client, page.form["content"][:-2] + "xx"), (client, "")):
            after = read(who.post(PAGE, {"content": content}, follow=True), PAGE)
            assert "预览已失效" in after.text
        assert stored() == {}


class TestAccess:
    @pytest.mark.parametrize("who", ["viewer", "lead", "reviewer", "consultant", "stranger", "auditor", "system_admin"])
    def test_others_find_nothing(self, request, who):
        client = visitor(request.getfixturevalue(who))
        assert client.get(PAGE).status_code == 404
        assert client.post(PAGE, {"file": SimpleUploadedFile("f.yaml", FRAMEWORK.encode())}).status_code == 404
        assert client.post(PAGE, {"content": "x"}).status_code == 404
        assert stored() == {}

    def test_nobody_is_sent_to_sign_in(self, db):
        assert visitor().get(PAGE).status_code == 302

    def test_who_imports_finds_the_way_on_the_page_of_a_version(self, client, framework):
        assert PAGE in opened(client, "framework-detail", framework.code, framework.version).links


class TestLarge:
    def test_five_hundred_criteria_are_imported_in_seconds(self, client):
        words = Text({"zh-hans": "这一段文字与实际的评估项一样长，" * 6})
        large = with_words(framework_of(500), words)
        for content, name in ((write_framework_book(large), "f.xlsx"), (write_framework(large), "f.yaml")):
            Framework.objects.all().delete()
            began = time.process_time()
            page = imported(client, content, name)
            assert "已作为草稿导入" in page.text
            assert time.process_time() - began < 10
            assert Framework.objects.get().criteria.count() == 500

    def test_the_questions_to_the_database_do_not_grow(self, client):
        uploaded(client, write_framework(framework_of(1)))
        counts = set()
        for count in (1, 60):
            Framework.objects.all().delete()
            with CaptureQueriesContext(connection) as made:
                imported(client, write_framework(framework_of(count)))
            counts.add(len(made))
        assert len(counts) == 1


def with_words(framework, words):
    """Every text of every criterion as long as in earnest."""
    (lens,) = framework.lenses
    (dimension,) = lens.dimensions
    (facet,) = dimension.facets
    criteria = tuple(
        replace(
            criterion,
            guidance=words,
            measure=words,
            levels=tuple(replace(level, descriptor=words, evidence=words, next=words) for level in criterion.levels),
        )
        for criterion in facet.criteria
    )
    dimension = replace(dimension, facets=(replace(facet, criteria=criteria),))
    return replace(framework, lenses=(replace(lens, dimensions=(dimension,)),))
