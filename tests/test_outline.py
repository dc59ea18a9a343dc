"""The outline's few words about itself."""

from assessment.outline import Citation, Criterion, Passage, TargetProfile, Text
from tests.factories import make_framework, text


def test_a_text_speaks_its_own_language_where_another_is_missing():
    words = Text({"zh-hans": "评估项", "en": "Criterion"})
    assert (str(words), words.to("en"), words.to("fr"), str(Text())) == ("评估项", "Criterion", "评估项", "")


def test_a_text_is_false_when_nothing_is_said():
    assert text("有") and not Text()


def test_a_target_is_the_criterions_own_then_the_key_one_then_the_default():
    profile = TargetProfile("2027", text("目标"), {"default": 2, "key": 3, "T1": 5})
    plain, key = Criterion("T2", text("甲"), text("乙")), Criterion("T3", text("甲"), text("乙"), key=True)
    assert profile.level_for(Criterion("T1", text("甲"), text("乙"), key=True)) == 5
    assert (profile.level_for(key), profile.level_for(plain)) == (3, 2)
    assert TargetProfile("2027", text("目标"), {"key": 3}).level_for(plain) is None
    assert TargetProfile("2027", text("目标"), {"default": 2}).level_for(key) == 2


def test_a_target_of_level_zero_counts():
    profile = TargetProfile("2027", text("目标"), {"default": 2, "T1": 0})
    assert profile.level_for(Criterion("T1", text("甲"), text("乙"))) == 0


def test_a_framework_finds_its_parts_by_code_in_its_own_order():
    framework = make_framework()
    assert list(framework.criteria) == ["T1.1", "T1.2", "T1.3", "P1.A1", "P1.A2", "P1.B1", "P1.B2"]
    assert framework.home["P1.B2"].code == "P1"
    assert framework.highest == 5
    assert framework.target("2027").code == "2027"
    assert framework.target("2099") is None


def test_only_official_wording_is_quotable():
    quotable = {s: Passage("1", text("一"), s).quotable for s in ("verbatim", "excerpt", "second-hand", "title-only")}
    assert quotable == {"verbatim": True, "excerpt": True, "second-hand": False, "title-only": False}


def test_a_citations_key_is_source_and_passage():
    assert Citation("doc", "四.十").key == "doc#四.十"
