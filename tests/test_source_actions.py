"""Official texts: kept once, never changed, and the quotations as they stand in the newest."""

from dataclasses import replace
from hashlib import sha256
from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.test.utils import CaptureQueriesContext

from assessment import actions
from assessment.actions import Refused
from assessment.lint import lint
from assessment.models import Event, OfficialText, immutable
from assessment.outline import Passage, Source, Text
from assessment.quoting import Check
from tests.factories import text
from tests.records import some_framework, store

pytestmark = [pytest.mark.database, pytest.mark.django_db]


LINE = some_framework().code


def add(words, by, source="doc-1", edition="2024年5月", name="意见.txt", digest="", framework=LINE):
    return actions.add_text(
        framework, source, edition, name, words, digest or sha256(words.encode()).hexdigest(), by=by
    )


def with_quotes(*quotes, source="doc-1"):
    """The framework with a source of these quotations."""
    passages = (Passage(str(n), text(f"第{n}条"), "verbatim", quote=quote) for n, quote in enumerate(quotes, start=1))
    return replace(some_framework(), sources=(Source(source, text("一份文件"), passages=tuple(passages)),))


def verdicts(framework):
    return [(check.passage, check.verdict) for check in actions.checked(framework)]


class TestAText:
    def test_is_kept_whole_and_logged(self, criteria_admin):
        record = add("第一条\n按季公开。", criteria_admin)
        assert (record.source, record.edition, record.name) == ("doc-1", "2024年5月", "意见.txt")
        assert (record.text, record.uploaded_by) == ("第一条\n按季公开。", criteria_admin)
        event = Event.objects.get(verb=Event.Verb.TEXT_ADDED)
        assert (event.by, event.target) == (criteria_admin, f"{LINE} doc-1 2024年5月")
        assert event.details == {"file": "意见.txt", "sha256": record.sha256}

    def test_is_refused_a_second_time_and_told_who_sent_it(self, criteria_admin, admin):
        add("按季公开", criteria_admin)
        with pytest.raises(Refused) as refused:
            add("按季公开", admin, edition="别的版本", name="副本.txt")
        assert "2024年5月" in str(refused.value) and str(criteria_admin) in str(refused.value)
        assert OfficialText.objects.count() == Event.objects.filter(verb=Event.Verb.TEXT_ADDED).count() == 1

    def test_is_refused_when_somebody_sends_it_at_the_same_moment(self, criteria_admin, admin, monkeypatch):
        looked = actions.source._known
        monkeypatch.setattr(actions.source, "_known", lambda *given: add_first())

        def add_first():
            monkeypatch.setattr(actions.source, "_known", looked)
            add("按季公开", criteria_admin)

        with pytest.raises(Refused, match="2024年5月"):
            add("按季公开", admin, edition="别的版本")

    def test_may_be_the_same_for_two_sources(self, criteria_admin):
        add("按季公开", criteria_admin)
        add("按季公开", criteria_admin, source="doc-2")
        assert OfficialText.objects.count() == 2

    def test_stands_before_older_ones(self, criteria_admin):
        for edition in ("第一版", "第二版"):
            add(edition, criteria_admin, edition=edition)
        assert [t.edition for t in listed()] == ["第二版", "第一版"]

    def test_belongs_to_the_versions_of_one_framework(self, criteria_admin):
        add("按季公开", criteria_admin)
        framework = with_quotes(text("按月公开"))
        assert verdicts(replace(framework, version="2025.1")) == [("doc-1#1", "differs")]
        assert verdicts(replace(framework, code="another-city")) == [("doc-1#1", "unchecked")]

    def test_goes_with_a_draft_that_is_given_another_code(self, criteria_admin):
        draft = store(some_framework(), publish=False)
        for words in ("旧的", "按季公开"):
            add(words, criteria_admin)
        actions.decide_on_text(add("撤下的", criteria_admin), counts=False, by=criteria_admin)
        actions.name_draft(draft, by=criteria_admin, code="new-city", version="1.0", four_eyes=False)
        assert verdicts(replace(with_quotes(text("按季公开")), code="new-city")) == [("doc-1#1", "stands")]
        assert OfficialText.objects.filter(framework="new-city").count() == 2

    def test_of_a_renamed_draft_does_not_take_the_place_of_what_another_framework_has(self, criteria_admin):
        draft = store(some_framework(), publish=False)
        add("按月公开", criteria_admin)
        add("按季公开", criteria_admin, framework="new-city")
        actions.name_draft(draft, by=criteria_admin, code="new-city", version="9.0", four_eyes=False)
        assert verdicts(replace(with_quotes(text("按季公开")), code="new-city")) == [("doc-1#1", "stands")]


class TestAWrongText:
    """The right one was uploaded first, then the wrong one."""

    @pytest.fixture
    def texts(self, criteria_admin):
        return [add(words, criteria_admin, edition=words) for words in ("按季公开", "别的文件")]

    def standing(self):
        return verdicts(with_quotes(text("按季公开")))[0][1]

    def test_is_withdrawn_and_the_one_before_it_counts_again(self, texts, criteria_admin):
        assert self.standing() == "differs"
        actions.decide_on_text(texts[1], counts=False, by=criteria_admin)
        assert self.standing() == "stands"
        assert [(t.edition, t.counts) for t in listed()] == [("按季公开", True), ("别的文件", False)]

    def test_is_overtaken_by_another_that_is_chosen_or_uploaded_once_more(self, texts, criteria_admin, admin):
        actions.decide_on_text(texts[0], counts=True, by=criteria_admin)
        assert self.standing() == "stands"
        add("别的文件", criteria_admin)
        assert self.standing() == "differs"
        assert add("按季公开", admin) == texts[0]
        assert self.standing() == "stands"
        assert OfficialText.objects.count() == 2

    def test_leaves_nothing_that_counts_when_the_others_are_withdrawn_too(self, texts, criteria_admin):
        for record in texts:
            actions.decide_on_text(record, counts=False, by=criteria_admin)
        assert self.standing() == "unchecked"
        add("按季公开", criteria_admin)
        assert self.standing() == "stands"

    def test_says_in_the_log_and_beside_it_who_withdrew_it_and_who_chose_it(self, texts, criteria_admin, admin):
        actions.decide_on_text(texts[1], counts=False, by=admin)
        actions.decide_on_text(texts[1], counts=True, by=criteria_admin)
        events = Event.objects.filter(verb__in=["text_withdrawn", "text_chosen"]).order_by("pk")
        assert [(event.verb, event.by) for event in events] == [
            ("text_withdrawn", admin),
            ("text_chosen", criteria_admin),
        ]
        assert {event.target for event in events} == {f"{LINE} doc-1 别的文件"}
        assert [(each.what, each.by) for each in listed()[0].decisions.all()] == [
            ("withdrawn", admin),
            ("chosen", criteria_admin),
        ]


def listed():
    return actions.official_texts(LINE, ["doc-1"])["doc-1"]


def test_texts_from_before_go_to_every_framework_that_has_their_source(criteria_admin):
    """One that none has stays where it is, for whoever looks."""
    for framework in (some_framework(), some_framework(version="2025.1"), replace(some_framework(), code="other-city")):
        store(framework, publish=False)
    add("按季公开", criteria_admin, framework="")
    add("没有谁的", criteria_admin, framework="", source="gone")
    immutable.remove(connection)
    try:
        given = import_module("assessment.migrations.0005_texts_of_a_framework")
        given.give_to_frameworks(apps, connection.schema_editor())
    finally:
        immutable.install(connection)
    found = OfficialText.objects.values_list("framework", "source", "text", "uploaded_by")
    assert sorted(found) == [
        ("", "gone", "没有谁的", criteria_admin.pk),
        ("other-city", "doc-1", "按季公开", criteria_admin.pk),
        (LINE, "doc-1", "按季公开", criteria_admin.pk),
    ]


class TestChecks:
    def test_say_of_each_quotation_whether_it_stands_and_in_which_text(self, criteria_admin):
        record = add("应当按季\n公开目录。", criteria_admin)
        stands, differs = actions.checked(with_quotes(text("按季公开"), text("按月公开")))
        assert stands == Check("doc-1#1", "stands", "2024年5月", record.sha256)
        assert (differs.verdict, differs.sha256) == ("differs", record.sha256)
        assert [(s.kind, s.words) for s in differs.difference][:3] == [
            ("kept", "按"),
            ("added", "月"),
            ("missing", "季"),
        ]

    def test_go_by_the_newest_text(self, criteria_admin):
        framework = with_quotes(text("按季公开"))
        add("按季公开", criteria_admin)
        add("按月公开", criteria_admin)
        assert verdicts(framework) == [("doc-1#1", "differs")]

    def test_claim_nothing_without_a_text(self):
        assert verdicts(with_quotes(text("按季公开"))) == [("doc-1#1", "unchecked")]

    def test_leave_out_passages_without_a_quotation(self):
        assert verdicts(with_quotes(Text(), text(" "))) == []

    def test_take_a_quotation_for_right_when_one_of_its_languages_stands(self, criteria_admin):
        add("按季公开", criteria_admin)
        assert verdicts(with_quotes(Text({"en": "published each quarter", "zh-hans": "按季公开"}))) == [
            ("doc-1#1", "stands")
        ]

    def test_show_the_difference_of_the_language_that_comes_closest(self, criteria_admin):
        add("按季公开目录", criteria_admin)
        (check,) = actions.checked(with_quotes(Text({"en": "each quarter", "zh-hans": "按月公开目录"})))
        assert "公开目录" in [segment.words for segment in check.difference]

    def test_are_errors_for_lint_where_they_fail(self, criteria_admin):
        add("按季公开", criteria_admin)
        framework = with_quotes(text("按月公开"))
        found = [str(f.place) for f in lint(framework, checks=actions.checked(framework)) if f.rule == "quote-differs"]
        assert found == ["passage:doc-1#1 quote"]

    def test_come_back_from_json_as_they_were(self, criteria_admin):
        add("按季公开", criteria_admin)
        for check in actions.checked(with_quotes(text("按月公开"), text("按季公开"))):
            assert Check.understood(check.spelled()) == check

    def test_take_two_queries_however_many_sources_and_quotations(self, criteria_admin):
        framework = with_quotes(*(text(f"第{n}句") for n in range(20)))
        framework = replace(framework, sources=framework.sources + with_quotes(text("句"), source="doc-2").sources)
        for source in ("doc-1", "doc-2"):
            add("第1句", criteria_admin, source=source)
        with CaptureQueriesContext(connection) as queries:
            actions.checked(framework)
        assert len(queries) == 2
