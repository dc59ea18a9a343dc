"""Files as evidence: kept once, tied to answers, part of their history."""

import pytest

from assessment import actions, outline
from assessment.actions import Refused, WrongState
from assessment.exchange.upload import judged
from assessment.models import City, Event, Evidence, StoredFile
from tests.factories import make_assessment
from tests.files import GOOD, PDF, png
from tests.records import approved, assign, make_round

pytestmark = [pytest.mark.database, pytest.mark.django_db]


@pytest.fixture(autouse=True)
def store_of_files(settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    return tmp_path


def add(record, by, code="T1.1", name="通知.pdf", data=PDF, title=""):
    sent = judged(name, data)
    return actions.add_file(record, code, sent.name, sent.data, media_type=sent.media_type, title=title, by=by)


def pieces(record, code="T1.1"):
    row = actions.row_of(record, code)
    return [(piece.title, piece.reference, piece.file) for piece in row.evidence.select_related("file")]


def test_a_file_becomes_evidence_of_the_answer_and_a_version_of_it(assessment, lead, store_of_files):
    add(assessment, lead, title="印发的通知")
    stored = StoredFile.objects.get()
    assert pieces(assessment) == [("印发的通知", stored.mark, stored)]
    assert stored.content.read() == PDF
    assert (stored.name, stored.size, stored.media_type) == ("通知.pdf", len(PDF), "application/pdf")
    assert stored.content.name == f"evidence/{stored.sha256[:2]}/{stored.sha256}"
    version = assessment.versions.get()
    assert (version.number, version.by) == (1, lead)
    assert version.outline().evidence[0].reference == stored.mark
    event = Event.objects.get(verb=Event.Verb.FILE_ADDED)
    assert (event.by, event.target, event.details["sha256"]) == (lead, "T1.1 通知.pdf", stored.sha256)


def test_without_a_title_the_files_name_stands(assessment, lead):
    add(assessment, lead)
    assert pieces(assessment)[0][0] == "通知.pdf"


def test_the_rest_of_the_answer_stays(city, framework, lead):
    record = make_round(city, framework, {"T1.1": {"level": 3, "rationale": "有据"}})
    row = add(record, lead)
    add(record, lead, name="截图.png", data=png())
    row.refresh_from_db()
    assert (row.level, row.rationale, row.version) == (3, "有据", 3)
    assert [title for title, _reference, _file in pieces(record)] == ["通知.pdf", "截图.png"]


def test_the_same_bytes_are_kept_once_in_a_city_whatever_they_are_called(assessment, lead, store_of_files):
    add(assessment, lead)
    add(assessment, lead, code="T1.2", name="副本.pdf")
    assert StoredFile.objects.count() == 1
    assert len([path for path in store_of_files.rglob("*") if path.is_file()]) == 1
    assert Evidence.objects.filter(file=StoredFile.objects.get()).count() == 2


def test_another_city_has_its_own(assessment, framework, lead):
    other = make_round(City.objects.create(code="320100", name="南京市"), framework, round="2026")
    elsewhere = City.objects.get(code="320100")
    other.city = elsewhere
    other.save()
    elsewhere.memberships.create(user=lead, role="lead")
    add(assessment, lead)
    add(other, lead)
    assert StoredFile.objects.count() == 2
    assert len({stored.content.name for stored in StoredFile.objects.all()}) == 2
    assert {stored.content.read() for stored in StoredFile.objects.all()} == {PDF}


def test_an_answer_has_a_file_once(assessment, lead):
    add(assessment, lead)
    with pytest.raises(Refused, match="已有该文件"):
        add(assessment, lead, name="又一次.pdf")
    assert assessment.versions.count() == 1


def test_a_stored_file_is_used_again_in_a_later_round(city, framework, lead):
    first, second = (make_round(city, framework, round=name) for name in ("2025", "2026"))
    add(first, lead)
    stored = StoredFile.objects.get()
    actions.reuse_file(second, "P1.A1", stored, title="仍然有效的通知", by=lead)
    assert pieces(second, "P1.A1") == [("仍然有效的通知", stored.mark, stored)]
    with pytest.raises(Refused):
        actions.reuse_file(second, "P1.A1", stored, by=lead)


def test_a_file_of_another_city_is_refused(assessment, lead):
    other = City.objects.create(code="320100", name="南京市")
    foreign = StoredFile.objects.create(city=other, sha256="0" * 64, name="外地.pdf", size=1, uploaded_by=lead)
    with pytest.raises(Refused, match="其他城市"):
        actions.reuse_file(assessment, "T1.1", foreign, by=lead)
    assert not Evidence.objects.exists()


@pytest.mark.parametrize("state", ["submitted", "under_review"])
def test_a_round_that_takes_no_answers_takes_no_files(assessment, lead, store_of_files, state):
    type(assessment).objects.filter(pk=assessment.pk).update(state=state)
    with pytest.raises(WrongState):
        add(assessment, lead)
    assert not StoredFile.objects.exists()
    assert not [path for path in store_of_files.rglob("*") if path.is_file()]


@pytest.fixture
def handed_in(assessment, lead, contributor):
    """The contributor's part, handed in after they opened its page."""
    assign(assessment, contributor, "T1")
    part = assessment.assignments.get()
    for code in ("T1.1", "T1.2", "T1.3"):
        actions.answer(assessment, outline.Response(code, level=1), by=contributor, seen=0)
    actions.hand_in(part, by=contributor)
    return assessment


def test_a_part_that_is_handed_in_takes_no_files(handed_in, contributor, store_of_files):
    with pytest.raises(Refused, match=r"T1\.1 目前不由您填写"):
        add(handed_in, contributor)
    assert not StoredFile.objects.exists()
    assert not list(store_of_files.rglob("*"))


def test_a_part_that_is_handed_in_takes_no_file_that_the_city_has(handed_in, lead, contributor):
    add(handed_in, lead, code="P1.A1")
    with pytest.raises(Refused, match="目前不由您填写"):
        actions.reuse_file(handed_in, "T1.1", StoredFile.objects.get(), by=contributor)
    assert pieces(handed_in) == []


def test_after_single_returns_only_those_criteria_take_files(assessment, lead, reviewer):
    criterion = assessment.framework.criteria.get(code="T1.1")
    assessment.returns.create(criterion=criterion, reason="缺少台账", returned_by=reviewer)
    type(assessment).objects.filter(pk=assessment.pk).update(is_narrowed=True)
    with pytest.raises(Refused, match=r"T1\.2 目前不由您填写"):
        add(assessment, lead, code="T1.2")
    add(assessment, lead)
    assert len(pieces(assessment)) == 1


@pytest.mark.parametrize("name", ["write", "Event.objects.record"])
def test_what_breaks_after_the_bytes_were_kept_leaves_none_behind(assessment, lead, monkeypatch, store_of_files, name):
    def broken(*given, **more):
        assert [path for path in store_of_files.rglob("*") if path.is_file()]
        raise RuntimeError("the disk is full")

    monkeypatch.setattr(f"assessment.actions.evidence.{name}", broken)
    with pytest.raises(RuntimeError, match="the disk is full"):
        add(assessment, lead)
    assert not [path for path in store_of_files.rglob("*") if path.is_file()]
    assert not StoredFile.objects.exists()
    assert not assessment.versions.exists()


def test_bytes_that_an_earlier_piece_needs_stay_whatever_breaks(assessment, lead):
    add(assessment, lead)
    with pytest.raises(Refused):
        add(assessment, lead)
    assert StoredFile.objects.get().content.read() == PDF


def test_a_final_round_takes_no_files(assessment, lead):
    record = approved(assessment)
    with pytest.raises(WrongState):
        add(record, lead)
    assert not Evidence.objects.exists()


def test_an_imported_answer_with_the_mark_finds_the_file_again(city, framework, assessment, lead):
    add(assessment, lead)
    stored = StoredFile.objects.get()
    answer = assessment.outline().responses[0]
    given = {"T1.1": {"evidence": answer.evidence}}
    wanted = make_assessment(given, framework=framework.code, version=framework.version, round="2027")
    record, _outcome = actions.import_assessment(wanted, framework, city)
    assert pieces(record) == [("通知.pdf", stored.mark, stored)]


def test_restoring_an_answer_brings_its_file_back(assessment, lead):
    add(assessment, lead)
    row = actions.row_of(assessment, "T1.1")
    empty = type(row.outline())("T1.1")
    actions.answer(assessment, empty, by=lead, seen=1)
    assert pieces(assessment) == []
    actions.restore(assessment, "T1.1", 1, by=lead, fields=["evidence"])
    assert pieces(assessment)[0][2] == StoredFile.objects.get()


@pytest.mark.parametrize("name", GOOD)
def test_every_kind_is_kept_as_it_was_sent(assessment, lead, name):
    add(assessment, lead, name=name, data=GOOD[name])
    assert StoredFile.objects.get().content.read() == GOOD[name]
