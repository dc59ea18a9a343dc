"""Two people, one answer: a table of what comes out, and what holds whatever they write."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assessment.merging import merge, same
from assessment.outline import Evidence, Response
from tests.factories import LEVELS

LAW, LEDGER, PHOTO = Evidence("办法"), Evidence("台账", reference="甲〔2026〕1号"), Evidence("照片")


def answer(**fields):
    return Response("T1.1", **fields)


BASE = answer(level=1, target=3, rationale="有", evidence=(LAW, LEDGER))


def but(**fields):
    return replace(BASE, **fields)


def evidence(*pieces):
    return {"evidence": pieces}


NOT = {"level": None, "not_applicable": "本市无此事项"}
CASES = {
    # name: (what I changed, what they changed, what comes out, conflicts)
    "nobody changed anything": ({}, {}, {}, ()),
    "only I did": ({"level": 2}, {}, {"level": 2}, ()),
    "only they did": ({}, {"level": 2}, {"level": 2}, ()),
    "each another field": ({"level": 2}, {"rationale": "新"}, {"level": 2, "rationale": "新"}, ()),
    "both the same": ({"level": 2}, {"level": 2}, {"level": 2}, ()),
    "both the level": ({"level": 2}, {"level": 4}, {"level": 4}, ("choice",)),
    "both the target": ({"target": 4}, {"target": None}, {"target": None}, ("target",)),
    "both the words": ({"rationale": "甲"}, {"rationale": "乙"}, {"rationale": "乙"}, ("rationale",)),
    "both everything": (
        {"level": 2, "target": 4, "rationale": "甲"},
        {"level": 3, "target": 5, "rationale": "乙"},
        {"level": 3, "target": 5, "rationale": "乙"},
        ("choice", "target", "rationale"),
    ),
    "I chose a level, they none": ({"level": 2}, NOT, NOT, ("choice",)),
    "they chose a level, I none": (NOT, {"level": 2}, {"level": 2}, ("choice",)),
    "both none, for other reasons": (
        NOT,
        NOT | {"not_applicable": "停办"},
        NOT | {"not_applicable": "停办"},
        ("choice",),
    ),
    "I none, they the words": (NOT, {"rationale": "新"}, NOT | {"rationale": "新"}, ()),
    "one field in conflict does not hold up another": (
        {"level": 2, "rationale": "甲"},
        {"level": 4},
        {"level": 4, "rationale": "甲"},
        ("choice",),
    ),
    "I took the level back": ({"level": None}, {}, {"level": None}, ()),
    "I took it back, they raised it": ({"level": None}, {"level": 2}, {"level": 2}, ("choice",)),
    "a level of 0 is a level": ({"level": 0}, {"level": None}, {"level": None}, ("choice",)),
    "blanks and line ends change nothing": ({"rationale": " 有\r\n"}, {"rationale": "新"}, {"rationale": "新"}, ()),
    "they verified, I went on": ({"level": 2}, {"verified_level": 1}, {"level": 2, "verified_level": 1}, ()),
    "what I say of the verified level counts for nothing": ({"verified_level": 5}, {}, {}, ()),
    "both added evidence": (
        evidence(LAW, LEDGER, PHOTO),
        evidence(LAW, LEDGER, Evidence("他")),
        evidence(LAW, LEDGER, Evidence("他"), PHOTO),
        (),
    ),
    "both added the same": (
        evidence(LAW, LEDGER, PHOTO),
        evidence(LAW, LEDGER, PHOTO),
        evidence(LAW, LEDGER, PHOTO),
        (),
    ),
    "I took one away, they added one": (evidence(LAW), evidence(LAW, LEDGER, PHOTO), evidence(LAW, PHOTO), ()),
    "they took one away, I added one": (evidence(LAW, LEDGER, PHOTO), evidence(LAW), evidence(LAW, PHOTO), ()),
    "both took the same away": (evidence(LAW), evidence(LAW), evidence(LAW), ()),
    "each took another away": (evidence(LAW), evidence(LEDGER), evidence(), ()),
    "only I put them in another order": (evidence(LEDGER, LAW), {}, evidence(LEDGER, LAW), ()),
    "I put a day to a piece, they nothing": (
        evidence(replace(LAW, as_of=date(2026, 1, 1)), LEDGER),
        {},
        evidence(replace(LAW, as_of=date(2026, 1, 1)), LEDGER),
        (),
    ),
    "both put a day to a piece: both stay": (
        evidence(replace(LAW, as_of=date(2026, 1, 1)), LEDGER),
        evidence(replace(LAW, as_of=date(2026, 2, 2)), LEDGER),
        evidence(replace(LAW, as_of=date(2026, 2, 2)), LEDGER, replace(LAW, as_of=date(2026, 1, 1))),
        (),
    ),
}


@pytest.mark.parametrize(("mine", "theirs", "wanted", "conflicts"), CASES.values(), ids=CASES)
def test_the_table(mine, theirs, wanted, conflicts):
    merged = merge(BASE, but(**mine), but(**theirs))
    assert (merged.response, merged.conflicts) == (but(**wanted), conflicts)


def test_the_first_two_answers_to_a_blank_one_are_merged_too():
    merged = merge(answer(), answer(level=2, evidence=(LAW,)), answer(rationale="有", evidence=(LEDGER,)))
    assert merged.response == answer(level=2, rationale="有", evidence=(LEDGER, LAW))


# Whatever they write

TEXTS = st.sampled_from(["", "甲", "乙", " 甲 ", "甲\r\n乙", "甲\n乙"])
PIECES = st.builds(
    Evidence,
    st.sampled_from(["办法", "台账", "照片", " 办法"]),
    st.sampled_from(["", "https://a.example"]),
    st.sampled_from(["", "1号"]),
    st.sampled_from([None, date(2026, 1, 1)]),
)
CHOICES = st.one_of(
    st.builds(dict, level=st.none() | LEVELS),
    st.builds(dict, not_applicable=TEXTS),
)
ANSWERS = st.builds(
    lambda choice, **rest: answer(**choice, **rest),
    CHOICES,
    target=st.none() | LEVELS,
    rationale=TEXTS,
    evidence=st.lists(PIECES, max_size=4, unique_by=lambda e: (e.title.strip(), e.url, e.reference, e.as_of)).map(
        tuple
    ),
    verified_level=st.none() | LEVELS,
)


def pieces(response):
    return {(e.title.strip(), e.url, e.reference, e.as_of) for e in response.evidence}


@given(ANSWERS, ANSWERS)
def test_where_only_i_changed_something_it_becomes_mine(base, mine):
    merged = merge(base, mine, base)
    assert same(merged.response, mine) and merged.conflicts == ()
    assert merged.response.verified_level == base.verified_level


@given(ANSWERS, ANSWERS)
def test_where_only_they_changed_something_it_stays_theirs(base, theirs):
    assert merge(base, base, theirs) == merge(theirs, theirs, theirs)
    assert merge(base, base, theirs).response == theirs


@given(ANSWERS, ANSWERS)
def test_two_who_say_the_same_are_never_in_conflict(base, mine):
    merged = merge(base, mine, mine)
    assert merged.response == mine and merged.conflicts == ()


@given(ANSWERS, ANSWERS, ANSWERS)
def test_whoever_comes_second_finds_the_same_conflicts(base, mine, theirs):
    one, other = merge(base, mine, theirs), merge(base, theirs, mine)
    assert one.conflicts == other.conflicts
    assert pieces(one.response) == pieces(other.response)
    if not one.conflicts:
        assert same(replace(one.response, evidence=()), replace(other.response, evidence=()))


@given(ANSWERS, ANSWERS, ANSWERS)
def test_no_piece_of_evidence_that_either_added_is_lost(base, mine, theirs):
    merged = pieces(merge(base, mine, theirs).response)
    assert (pieces(mine) | pieces(theirs)) - pieces(base) <= merged


@given(ANSWERS, ANSWERS, ANSWERS)
def test_evidence_that_either_took_away_is_gone_and_what_neither_did_stays(base, mine, theirs):
    merged = pieces(merge(base, mine, theirs).response)
    assert merged & pieces(base) == pieces(base) & pieces(mine) & pieces(theirs)


@given(ANSWERS, ANSWERS, ANSWERS)
def test_a_merged_answer_is_one_that_can_be_stored(base, mine, theirs):
    merged = merge(base, mine, theirs).response
    assert merged.level is None or not merged.not_applicable


@given(ANSWERS, ANSWERS, ANSWERS)
def test_saving_once_more_changes_nothing(base, mine, theirs):
    """A request that is sent twice, because the first reply got lost."""
    first = merge(base, mine, theirs)
    again = merge(base, mine, first.response)
    assert again.response == first.response and again.conflicts == first.conflicts
