"""Comments on a criterion: threads, who settles them, who is asked by name, and notes that reviewers alone read."""

import pytest
from django.urls import reverse

from assessment import actions
from assessment.models import Comment, Membership
from tests.records import approved, make_member, make_round
from tests.views.pages import opened, read, visitor

pytestmark = pytest.mark.django_db
SECRET = "疑似拔高，复核时重点看"


def write(user, record, text="请补充文号", code="T1.1", **given):
    address = reverse("comment-add", args=[record.pk, code])
    return read(visitor(user).post(address, {"text": text, **given}, follow=True), address)


def page_of(user, record, code="T1.1"):
    return opened(visitor(user), "criterion-detail", record.pk, code)


@pytest.mark.parametrize("who", ["lead", "contributor", "reviewer", "consultant"])
def test_who_works_on_a_round_comments_on_it(request, assessment, viewer, who):
    user = request.getfixturevalue(who)
    assert "意见已发出" in write(user, assessment).text
    comment = Comment.objects.get()
    assert (comment.text, comment.written_by, comment.criterion.code) == ("请补充文号", user, "T1.1")
    assert "请补充文号" in page_of(viewer, assessment).text


@pytest.mark.parametrize("who", ["viewer", "admin", "stranger"])
def test_others_cannot(request, assessment, who):
    user = request.getfixturevalue(who)
    assert write(user, assessment).status == 404
    assert not Comment.objects.exists()


def test_a_viewer_is_offered_no_box(assessment, viewer, lead):
    target = reverse("comment-add", args=[assessment.pk, "T1.1"])

    def is_offered(user):
        return target in [given.get("action") for tag, given in page_of(user, assessment).reader.tags if tag == "form"]

    assert (is_offered(viewer), is_offered(lead)) == (False, True)


def test_a_comment_is_text_and_no_markup(assessment, lead):
    write(lead, assessment, "<b>加粗</b>\n第二行")
    page = page_of(lead, assessment)
    assert "<b>加粗" not in page.html
    assert "&lt;b&gt;加粗&lt;/b&gt;<br>第二行" in page.html


def test_an_empty_comment_is_refused_and_nothing_else_is_lost(assessment, lead, reviewer):
    page = write(lead, assessment, "  ", mentions=[reviewer.pk])
    assert page.status == 422
    assert "请先填写内容" in page.text
    assert page.form["mentions"] == str(reviewer.pk)
    assert not Comment.objects.exists()


def test_a_comment_too_long_is_still_on_the_screen(assessment, lead):
    page = write(lead, assessment, "长" * 5001)
    assert page.status == 422
    assert page.form["text"] == "长" * 5001


class TestThreads:
    def test_a_reply_stands_below_what_it_answers(self, assessment, lead, contributor):
        write(lead, assessment)
        head = Comment.objects.get()
        write(contributor, assessment, "已补", parent=head.pk)
        write(lead, assessment, "另一条")
        text = page_of(lead, assessment).text
        assert text.index("请补充文号") < text.index("已补") < text.index("另一条")
        assert Comment.objects.get(text="已补").parent == head

    def test_a_reply_to_a_reply_stands_beside_it(self, assessment, lead):
        write(lead, assessment)
        head = Comment.objects.get()
        write(lead, assessment, "一", parent=head.pk)
        write(lead, assessment, "二", parent=Comment.objects.get(text="一").pk)
        assert {reply.text for reply in head.replies.all()} == {"一", "二"}

    def test_a_reply_stays_in_its_round_and_criterion(self, assessment, lead):
        write(lead, assessment)
        assert write(lead, assessment, "回复", code="T1.2", parent=Comment.objects.get().pk).status == 422
        assert Comment.objects.count() == 1

    @pytest.mark.parametrize(
        ("who", "may"),
        [("contributor", True), ("lead", True), ("reviewer", True), ("consultant", False)]
        + [("viewer", False), ("admin", False), ("stranger", False)],
    )
    def test_author_leads_and_reviewers_settle_them(self, request, assessment, contributor, who, may):
        write(contributor, assessment)
        item, client = Comment.objects.get(), visitor(request.getfixturevalue(who))
        settle, reopen = (reverse(f"comment-{verb}", args=[assessment.pk, item.pk]) for verb in ("resolve", "reopen"))
        assert client.post(settle).status_code == (302 if may else 404)
        item.refresh_from_db()
        assert (item.resolved_by == request.getfixturevalue(who)) is may
        assert client.post(reopen).status_code == (302 if may else 404)
        item.refresh_from_db()
        assert item.resolved_at is None

    def test_a_settled_thread_is_folded_and_says_by_whom(self, assessment, lead, viewer):
        write(lead, assessment)
        actions.resolve(Comment.objects.get(), by=lead)
        page = page_of(viewer, assessment)
        assert "已办结" in page.text
        assert "请补充文号" in page.text
        assert 'class="settled"' in page.html

    def test_settling_twice_keeps_the_first(self, assessment, lead, reviewer):
        write(lead, assessment)
        item = Comment.objects.get()
        actions.resolve(item, by=lead)
        actions.resolve(item, by=reviewer)
        item.refresh_from_db()
        assert item.resolved_by == lead

    def test_replies_are_not_settled_by_themselves(self, assessment, lead):
        write(lead, assessment)
        write(lead, assessment, "回复", parent=Comment.objects.get().pk)
        reply = Comment.objects.get(text="回复")
        for verb in ("resolve", "reopen"):
            assert visitor(lead).post(reverse(f"comment-{verb}", args=[assessment.pk, reply.pk])).status_code == 404
        for attempt in (lambda: actions.resolve(reply, by=lead), lambda: actions.take_up_again(reply)):
            with pytest.raises(actions.Refused):
                attempt()

    def test_a_thread_of_another_round_is_not_there(self, assessment, city, framework, lead):
        other = make_round(city, framework, round="2027")
        write(lead, other)
        address = reverse("comment-resolve", args=[assessment.pk, Comment.objects.get().pk])
        assert visitor(lead).post(address).status_code == 404


class TestAskingByName:
    def test_names_members_of_the_city_who_may_comment(self, assessment, lead, contributor, reviewer, viewer, stranger):
        page = page_of(lead, assessment)
        offered = [given.get("value") for _tag, given in page.reader.tags if given.get("name") == "mentions"]
        assert set(offered) == {str(user.pk) for user in (lead, contributor, reviewer)}
        write(lead, assessment, mentions=[contributor.pk, reviewer.pk])
        assert set(Comment.objects.get().mentions.all()) == {contributor, reviewer}
        assert "提请查看：填报人、复核人" in page_of(viewer, assessment).text

    @pytest.mark.parametrize("who", ["viewer", "stranger"])
    def test_refuses_others(self, request, assessment, lead, who):
        assert write(lead, assessment, mentions=[request.getfixturevalue(who).pk]).status == 422
        assert not Comment.objects.exists()

    def test_takes_no_harm_from_a_key_that_no_database_holds(self, assessment, lead):
        address = reverse("comment-add", args=[assessment.pk, "T1.1"])
        assert visitor(lead).post(address, {"text": "请看", "mentions": "9" * 30}).status_code == 422

    def test_names_nobody_whose_engagement_has_ended(self, assessment, lead, consultant):
        Membership.objects.filter(user=consultant).update(ends_on="2020-01-01")
        assert write(lead, assessment, mentions=[consultant.pk]).status == 422


class TestNotesForReviewersOnly:
    @pytest.fixture
    def noted(self, assessment, reviewer):
        write(reviewer, assessment, SECRET, is_private="on")
        assert Comment.objects.get().is_private
        return assessment

    PAGES = [
        "assessment-detail",
        "assessment-results",
        "evidence-list",
        "assessment-as-of",
        "score-download",
        "report-download",
    ]

    @pytest.mark.parametrize("who", ["lead", "contributor", "viewer", "consultant", "admin"])
    def test_nobody_else_reads_them_anywhere(self, request, noted, who):
        client = visitor(request.getfixturevalue(who))
        addresses = [reverse(name, args=[noted.pk]) for name in self.PAGES]
        addresses += [reverse("criterion-detail", args=[noted.pk, "T1.1"])]
        addresses += [reverse("dimension-answer", args=[noted.pk, "T1"]), "/"]
        for address in addresses:
            response = client.get(address, follow=True)
            assert SECRET.encode() not in response.getvalue(), address

    def test_reviewers_read_them_and_see_that_they_are_private(self, noted, city):
        other = make_member("another", "另一复核人", city, Membership.Role.REVIEWER)
        page = page_of(other, noted)
        assert SECRET in page.text
        assert "仅复核可见" in page.text

    @pytest.mark.parametrize("who", ["lead", "contributor", "consultant"])
    def test_nobody_else_writes_one(self, request, assessment, who):
        user = request.getfixturevalue(who)
        assert "is_private" not in page_of(user, assessment).html
        write(user, assessment, is_private="on")
        assert not Comment.objects.get().is_private

    @pytest.mark.parametrize("who", ["lead", "contributor", "consultant"])
    def test_nobody_else_answers_or_settles_one(self, request, noted, who):
        user, note = request.getfixturevalue(who), Comment.objects.get()
        assert write(user, noted, "回复", parent=note.pk).status == 422
        for verb in ("resolve", "reopen"):
            assert visitor(user).post(reverse(f"comment-{verb}", args=[noted.pk, note.pk])).status_code == 404
        assert Comment.objects.count() == 1

    def test_a_reply_to_one_is_private_too(self, noted, reviewer, lead):
        write(reviewer, noted, "同意", parent=Comment.objects.get(parent=None).pk)
        assert Comment.objects.get(text="同意").is_private
        assert "同意" not in page_of(lead, noted).text

    def test_nobody_is_asked_by_name_who_could_not_read_it(self, assessment, reviewer, lead, city):
        page = write(reviewer, assessment, SECRET, is_private="on", mentions=[lead.pk])
        assert page.status == 422
        assert "牵头人看不到" in page.text
        assert page.form["text"] == SECRET
        other = make_member("another", "另一复核人", city, Membership.Role.REVIEWER)
        assert write(reviewer, assessment, SECRET, is_private="on", mentions=[other.pk]).status == 200


class TestWhen:
    def test_no_comments_on_a_draft(self, assessment, lead):
        type(assessment).objects.filter(pk=assessment.pk).update(state="draft")
        page = write(lead, assessment)
        assert page.status == 422
        assert "请补充文号" in page.html
        assert "开始填报后" in page.text
        assert not Comment.objects.exists()

    @pytest.mark.parametrize("state", ["open", "submitted", "under_review"])
    def test_at_every_later_time(self, assessment, lead, state):
        type(assessment).objects.filter(pk=assessment.pk).update(state=state)
        assert write(lead, assessment).status == 200

    def test_a_final_round_takes_comments_and_its_result_stays(self, assessment, lead, reviewer):
        record = approved(assessment)
        before = record.freezes.get().score_sha256
        assert write(lead, record).status == 200
        assert (
            visitor(reviewer).post(reverse("comment-resolve", args=[record.pk, Comment.objects.get().pk])).status_code
            == 302
        )
        assert actions.digest(record.freezes.get().score) == before
