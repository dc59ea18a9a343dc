"""The page of sources: read by whoever reads the framework, texts uploaded by those who keep it."""

from dataclasses import replace

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from assessment import actions
from assessment.models import OfficialText
from assessment.quoting import Check
from tests.exchange.test_text import pdf, word
from tests.factories import make_framework, text
from tests.records import some_framework, store
from tests.views.pages import opened, read, visitor

pytestmark = pytest.mark.django_db
TEXT = "第一条 原文。".encode()


def address(framework):
    return reverse("source-list", args=[framework.code, framework.version])


def page(user, framework):
    return opened(visitor(user), address(framework))


def with_quote(words):
    framework = some_framework(version="2024.2")
    (source,) = framework.sources
    first, *rest = source.passages
    return replace(framework, sources=(replace(source, passages=(replace(first, quote=text(words)), *rest)),))


def send(user, framework, data=TEXT, name="意见.txt", source="doc-1", edition="2024年5月"):
    given = {"source": source, "edition": edition, "file": SimpleUploadedFile(name, data)}
    return visitor(user).post(address(framework), given)


class TestWhoMay:
    def test_everybody_reads_a_published_version_and_sees_no_form(self, framework, viewer, stranger, contributor):
        for user in (viewer, stranger, contributor):
            shown = page(user, framework)
            assert shown.status == 200
            assert "file" not in shown.form

    def test_a_draft_is_there_for_those_who_keep_frameworks_alone(self, criteria_admin, viewer, auditor):
        draft = store(some_framework(version="2025.1"), publish=False)
        assert page(criteria_admin, draft).status == 200
        for user in (viewer, auditor):
            assert page(user, draft).status == 404
            assert send(user, draft).status_code == 404

    def test_nobody_else_uploads_a_text(self, framework, lead, reviewer, consultant, stranger, auditor, system_admin):
        for user in (lead, reviewer, consultant, stranger, auditor, system_admin):
            assert send(user, framework).status_code == 404
        assert not OfficialText.objects.exists()

    def test_who_is_not_signed_in_is_asked_to(self, framework):
        for response in (visitor().get(address(framework)), send(None, framework)):
            assert response.status_code == 302 and "login" in response.url


class TestUploading:
    @pytest.mark.parametrize(
        ("name", "data"),
        [
            ("意见.txt", "第一条 原文。".encode("gb18030")),
            ("意见.docx", word("第一条", "原文。")),
            ("意见.pdf", pdf("第一条 原文。")),
        ],
        ids=["txt", "docx", "pdf"],
    )
    def test_checks_the_quotations_at_once(self, framework, criteria_admin, name, data):
        assert "未核" in page(criteria_admin, framework).row("第一条")[-1]
        response = send(criteria_admin, framework, data, name)
        assert (response.status_code, response.url) == (302, f"{address(framework)}#source-doc-1")
        shown = page(criteria_admin, framework)
        assert "已核" in shown.row("第一条")[-1]
        record = OfficialText.objects.get()
        for words in (record.sha256, name, "2024年5月", "指标管理员"):
            assert words in shown.text

    @pytest.mark.parametrize(
        ("name", "data", "words"),
        [
            ("意见.pdf", pdf(""), "扫描件"),
            ("意见.pdf", pdf("a", password="x"), "密码"),
            ("意见.pdf", b"%PDF-1.4\n%%EOF", "损坏"),
            ("意见.docx", word("原文")[:-300], "损坏"),
            ("意见.txt", b"\0\1\2", "纯文本"),
            ("意见.exe", b"MZ", ".docx"),
            ("意见.txt", b"", "没有文字"),
        ],
    )
    def test_of_a_hostile_or_broken_file_is_refused_with_its_reason(self, framework, criteria_admin, name, data, words):
        response = send(criteria_admin, framework, data, name)
        assert response.status_code == 422
        assert words in read(response, "").text
        assert not OfficialText.objects.exists()

    def test_of_the_same_file_twice_is_refused(self, framework, criteria_admin):
        send(criteria_admin, framework)
        response = send(criteria_admin, framework, edition="再来一次")
        assert response.status_code == 422
        assert "2024年5月" in read(response, "").text
        assert OfficialText.objects.count() == 1

    def test_of_a_file_that_was_overtaken_makes_it_count_again(self, framework, criteria_admin):
        for data, edition in ((TEXT, "2024年5月"), ("别的文件".encode(), "错的"), (TEXT, "再来一次")):
            assert send(criteria_admin, framework, data, edition=edition).status_code == 302
        shown = page(criteria_admin, framework)
        assert "2024年5月" in shown.text and "再来一次" not in shown.text
        assert "已核" in shown.row("第一条")[-1]

    def test_without_an_edition_or_a_file_keeps_nothing(self, framework, criteria_admin):
        assert send(criteria_admin, framework, edition=" ").status_code == 422
        assert visitor(criteria_admin).post(address(framework), {"source": "doc-1", "edition": "x"}).status_code == 422
        assert not OfficialText.objects.exists()

    @pytest.mark.parametrize("source", ["", "doc-2", "doc-1#一"])
    def test_for_a_source_that_the_framework_lacks_is_not_found(self, framework, criteria_admin, source):
        assert send(criteria_admin, framework, source=source).status_code == 404


class TestWithdrawing:
    @pytest.fixture
    def texts(self, framework, criteria_admin):
        """The right one, then the wrong one."""
        for data, edition in ((TEXT, "对的"), ("别的文件".encode(), "错的")):
            send(criteria_admin, framework, data, edition=edition)
        return OfficialText.objects.order_by("pk")

    def decide(self, user, framework, record, counts):
        there = reverse("text-decide", args=[framework.code, framework.version, record.pk])
        return visitor(user).post(there, {"counts": counts}, follow=True)

    def test_the_wrong_text_the_one_before_it_counts_again(self, framework, criteria_admin, texts):
        assert "不符" in page(criteria_admin, framework).row("第一条")[-1]
        after = read(self.decide(criteria_admin, framework, texts[1], "no"), "")
        assert "“错的”已撤回" in after.text
        assert "已核" in after.row("第一条")[-1]
        assert after.text.index("当前采用的原文") < after.text.index("对的 ·") < after.text.index("错的 ·")

    def test_or_choosing_the_right_one_is_said_with_who_and_when(self, framework, criteria_admin, viewer, texts):
        after = read(self.decide(criteria_admin, framework, texts[0], "yes"), "")
        assert "已核" in after.row("第一条")[-1]
        assert f"{criteria_admin}：改为采用" in page(viewer, framework).text

    def test_every_text_leaves_the_quotations_unchecked_and_says_so(self, framework, criteria_admin, texts):
        for record in texts:
            self.decide(criteria_admin, framework, record, "no")
        shown = page(criteria_admin, framework)
        assert "原文均已撤回" in shown.text
        assert "未核" in shown.row("第一条")[-1]

    def test_is_for_those_who_keep_frameworks_and_for_a_text_of_this_one(
        self, framework, criteria_admin, viewer, lead, texts
    ):
        other = store(replace(some_framework(), code="other-city"))
        for user, record in ((viewer, framework), (lead, framework), (criteria_admin, other)):
            assert self.decide(user, record, texts[1], "no").status_code == 404
        assert "撤回" not in page(viewer, framework).text
        there = reverse("text-decide", args=[framework.code, framework.version, texts[1].pk])
        assert visitor(criteria_admin).get(there).status_code == 405
        assert "不符" in page(criteria_admin, framework).row("第一条")[-1]


class TestThePage:
    def test_marks_a_difference_with_words_too(self, criteria_admin):
        framework = store(with_quote("按月公开目录"))
        send(criteria_admin, framework, "应当按季公开目录。".encode())
        _place, difference, verdict = page(criteria_admin, framework).row("第一条")
        assert "按仅引文有： 月仅原文有： 季公开目录" in difference
        assert "不符" in verdict

    def test_says_that_nothing_is_like_the_quotation_or_its_pieces_are_turned_round(self, criteria_admin):
        framework = store(with_quote("目录……公开"))
        send(criteria_admin, framework, "公开目录。".encode())
        assert "先后顺序" in page(criteria_admin, framework).row("第一条")[1]
        send(criteria_admin, framework, "别的话".encode())
        assert "没有相近" in page(criteria_admin, framework).row("第一条")[1]

    def test_shows_markup_in_a_text_as_text(self, framework, criteria_admin):
        send(criteria_admin, framework, "原<script>x</script>".encode(), edition="<b>版</b>", name="<i>.txt")
        html = page(criteria_admin, framework).html
        assert "<script>x" not in html and "<b>版" not in html and "<i>.txt" not in html

    def test_shows_the_checks_of_the_day_of_publishing_beside_todays(self, criteria_admin, viewer):
        draft = store(some_framework(), publish=False)
        check = Check("doc-1#一", "stands", "旧版", "b" * 64)
        actions.publish(draft, checks=[check.spelled()])
        send(criteria_admin, draft, "别的文字".encode())
        today_and_then = page(viewer, draft).row("第一条")[-1]
        assert today_and_then.index("不符") < today_and_then.index("已核")
        assert "旧版" in today_and_then and "b" * 12 in today_and_then

    def test_lists_older_texts_too(self, framework, criteria_admin):
        send(criteria_admin, framework, "旧的原文".encode(), edition="第一版")
        send(criteria_admin, framework, edition="第二版")
        shown = page(criteria_admin, framework)
        assert shown.text.index("第二版") < shown.text.index("第一版")

    def test_says_so_where_there_are_no_sources(self, viewer):
        assert "还没有依据" in page(viewer, store(make_framework())).text

    def test_is_reached_from_the_framework(self, framework, viewer):
        shown = opened(visitor(viewer), "framework-detail", framework.code, framework.version)
        assert address(framework) in shown.links

    def test_takes_as_many_queries_for_one_text_as_for_many(self, framework, criteria_admin):
        def queries():
            with CaptureQueriesContext(connection) as made:
                page(criteria_admin, framework)
            return len(made)

        send(criteria_admin, framework)
        queries()
        few = queries()
        for number in range(5):
            send(criteria_admin, framework, f"第{number}版".encode(), edition=str(number))
        assert queries() == few
