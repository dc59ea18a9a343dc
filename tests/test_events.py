"""The log's words: every event that can be recorded is, where it happens, and every detail has a name."""

import ast

import pytest
from django.conf import settings
from django.utils import translation

from assessment.models import Event
from assessment.models.event import LABELS, origin
from tests.records import make_round, make_user

APP = settings.BASE_DIR / "assessment"
ELSEWHERE = [path for path in APP.rglob("*.py") if "migrations" not in path.parts and path.name != "event.py"]
# Arguments of `record` and of what hands its own on to it, that are no details.
NO_DETAIL = {"by", "assessment", "city", "target", "verb", "transition", "is_narrowed"}
RECORDERS = {"record", "log_role", "log_account", "move", "_store"}


def nodes(kind):
    for path in ELSEWHERE:
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, kind):
                yield node


def test_every_event_is_recorded_where_it_happens():
    mentioned = {node.attr for node in nodes(ast.Attribute)}
    assert [verb for verb in Event.Verb.names if verb not in mentioned] == []


def test_every_detail_has_a_name():
    given = {
        keyword.arg
        for call in nodes(ast.Call)
        if getattr(call.func, "attr", getattr(call.func, "id", "")) in RECORDERS
        for keyword in call.keywords
        if keyword.arg
    }
    assert {"reason", "before", "role"} <= given
    assert given - NO_DETAIL - set(LABELS) == set()


@pytest.mark.parametrize("words", [Event.Verb.labels, LABELS.values()], ids=["events", "details"])
def test_every_name_is_written_in_chinese(words):
    with translation.override("zh-hans"):
        assert [str(word) for word in words if str(word).isascii() and str(word) != "SHA-256"] == []


@pytest.mark.django_db
class TestRecording:
    def test_keeps_who_it_was_even_when_the_name_changes_later(self):
        user = make_user("li", "李某")
        event = Event.objects.record("opened", by=user)
        user.name = "李某某"
        user.save()
        event.refresh_from_db()
        assert (event.by, event.who) == (user, "李某（li）")

    def test_takes_the_city_of_the_round(self, assessment):
        assert Event.objects.record("opened", assessment=assessment).city == assessment.city

    def test_leaves_out_details_that_say_nothing_and_keeps_zero(self):
        event = Event.objects.record("verified", level=0, reason="", before=None, deleted=True)
        assert event.details == {"level": "0", "deleted": "True"}
        assert event.particulars == [("等级", "0"), ("已删除", "是")]

    def test_keeps_what_is_too_long_as_far_as_it_goes(self):
        token = origin.set("x" * 100)
        event = Event.objects.record("sign_in_failed", target="长" * 1000)
        origin.reset(token)
        event.refresh_from_db()
        assert (len(event.target), len(event.origin)) == (200, 45)

    def test_happens_with_what_it_tells_or_not_at_all(self, city, framework):
        """An import that fails leaves no word of itself."""
        before = Event.objects.count()
        with pytest.raises(TypeError):
            make_round(city, framework, {"T1.1": {"level": 2, "unheard": 1}})
        assert Event.objects.count() == before
