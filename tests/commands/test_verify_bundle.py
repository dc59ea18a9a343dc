"""What anybody can recompute: a bundle's every number, and of a PDF alone that it prints what it says of itself."""

import json
import re
import zipfile
from dataclasses import replace
from functools import partial
from io import BytesIO
from time import monotonic

import pikepdf
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assessment.design import Design
from assessment.exchange import bundle
from assessment.management import verifying
from assessment.management.bundling import Origin, listed, make_bundle
from assessment.remark import Remark, Remarks
from assessment.reports import comparison, document, docx, pdf, printed
from assessment.reports.agreement import MISSING
from assessment.reports.comparison import compare
from assessment.reports.content import build, portfolio
from assessment.reports.manifest import embedded, own_hash, packed
from assessment.reports.pdf import portfolio as portfolio_pdf
from tests.commands.bundling import MIXED, dressed_bundle, files_of, forged, replaced, small_bundle, with_report
from tests.commands.running import run, run_alone
from tests.factories import NA, make_assessment, make_criteria, make_framework, make_lens, make_transition, text
from tests.records import some_framework
from tests.reports import sample


@pytest.fixture
def verify(tmp_path):
    def verify(data, name="x.zip", runner=run):
        (tmp_path / name).write_bytes(data)
        return runner("verify_bundle", tmp_path / name)

    return verify


def differs(done, *words):
    assert (done.code, done.err) == (1, "")
    assert all(word in done.out for word in ("不一致", *words)), done.out


def text_of(data):
    return "\n".join(verifying.pages_of(data))


def undecided(done, *words):
    assert (done.code, done.err) == (2, "")
    assert all(word in done.out for word in ("无法判定", *words)), done.out


def unreadable(done, *words):
    assert (done.code, done.out) == (2, ""), done.out
    assert all(word in done.err for word in words), done.err
    assert "Traceback" not in done.err


def sample_content():
    """What the small bundle's report says."""
    return Origin.of(some_framework(), make_assessment(MIXED)).recomputed()[1]


def comparison_report():
    years = (make_assessment(MIXED, round=year) for year in ("2025", "2026"))
    return pdf.render_comparison(compare(*(comparison.Round(some_framework(), answers) for answers in years)))


def portfolio_report():
    return portfolio_pdf.render(portfolio.build(some_framework(), [portfolio.Round(make_assessment(MIXED), True)]))


def worse():
    """The same but for what no table of scores shows."""
    content = sample_content()
    first, *others = content.improvements
    return replace(content, improvements=(replace(first, gain=9.9, now="已全面完成"), *others))


# Bundles


@pytest.mark.parametrize("made", [small_bundle, dressed_bundle, partial(small_bundle, "en", "self")])
def test_a_bundle_as_it_was_made_matches(verify, made):
    done = verify(made())
    assert (done.code, done.err) == (0, "")
    assert done.out.startswith("一致")
    assert "逐字节相同" in done.out


def test_nobody_needs_a_database_for_it(verify):
    done = verify(small_bundle(), runner=run_alone)
    assert (done.code, done.err) == (0, "")


def test_the_help_tells_the_exit_codes():
    assert "0 match, 1 differ" in " ".join(run_alone("verify_bundle", "--help").out.split())


def test_another_level_with_all_hashes_made_anew_is_told_with_its_number(verify):
    altered = replaced(small_bundle(), "answers.yaml", "criterion: T1.1\n  level: 1", "criterion: T1.1\n  level: 3")
    stated = json.loads(files_of(small_bundle())["score.json"])["overall"]["score"]
    differs(verify(altered), "score.json", "overall.score", f"载明{stated!r}", "核得")


def test_another_score_is_told_with_what_it_should_be(verify):
    score = json.loads(files_of(small_bundle())["score.json"])["dimensions"]["P1"]["score"]
    differs(verify(replaced(small_bundle(), "score.json", repr(score), "99.5")), "lenses.P.score", "99.5", repr(score))


def test_a_word_of_a_person_that_was_changed_is_told(verify):
    differs(verify(replaced(dressed_bundle(), "remarks.json", "先定规则", "先建平台")), "content.json")


@pytest.mark.parametrize("before", ["", " ", "# 总体得分实为95分\n"])
def test_words_that_no_report_prints_are_told_too(verify, before):
    stated = json.loads(files_of(dressed_bundle())["remarks.json"])
    unseen = {"place": "dimension", "code": "T99", "text": "得分95", "by": "宋知远", "on": "2026-10-12"}
    if not before:
        stated["remarks"].append(unseen)
    altered = before + json.dumps(stated, ensure_ascii=False, indent=2) + "\n"
    files = files_of(dressed_bundle()) | {"remarks.json": altered.encode()}
    manifest = json.loads(files[bundle.MANIFEST]) | {"files": listed(files)}
    data = bundle.pack(files | {bundle.MANIFEST: document.spell(manifest)})
    differs(verify(data), "remarks_sha256")


def test_another_weight_in_the_framework_is_told(verify):
    differs(verify(replaced(small_bundle(), "framework.yaml", "- code: T\n", "- code: T\n  weight: 2\n")), "score.json")


def test_a_space_that_means_nothing_is_told_as_well(verify):
    differs(verify(replaced(small_bundle(), "answers.yaml", "level: 1", "level:  1")), "answers_digest")


def test_the_last_digit_of_a_number_is_told(verify):
    score = json.loads(files_of(small_bundle())["score.json"])["dimensions"]["P1"]["score"]
    for name in ("score.json", "content.json", "manifest.json"):
        differs(verify(replaced(small_bundle(), name, repr(score), repr(score + 1e-10))))


@pytest.mark.parametrize("name", ["score.json", "content.json", "manifest.json"])
@pytest.mark.parametrize(("old", "new"), [(".0,", ","), (".0,", ".0e0,")])
def test_another_spelling_of_a_number_is_told(verify, name, old, new):
    assert verify(replaced(small_bundle(), name, old, new)).code in (1, 2)


@pytest.mark.parametrize("name", ["score.json", "content.json"])
@pytest.mark.parametrize("zero", ["0", "-0.0"])
def test_another_zero_is_told(verify, name, zero):
    differs(verify(replaced(small_bundle(), name, '": 0.0', f'": {zero}')))


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('"draft": true', '"draft": false'),
        ('"basis": "effective"', '"basis": "self"'),
        ('"language": "zh-hans"', '"language": "en"'),
        ('"name": "杭州市"', '"name": "宁波市"'),
        ('"round": "2026"', '"round": "2027"'),
        ('"kind": "gap"', '"kind": "brief"'),
        ('"software": "', '"software": "9'),
    ],
)
def test_no_line_of_the_manifest_can_be_another(verify, old, new):
    differs(verify(replaced(small_bundle(), "manifest.json", old, new)))


def test_a_report_of_other_figures_is_told(verify):
    other = files_of(small_bundle("zh-hans", "self"))["report.pdf"]
    differs(verify(forged(small_bundle(), "report.pdf", other)), "report.pdf")


def test_a_report_of_another_version_matches_if_this_one_makes_the_same_bytes(verify, settings):
    data = small_bundle()
    settings.VERSION = "99.0"
    done = verify(data)
    assert (done.code, done.err) == (0, "")
    assert "逐字节相同" in done.out


def test_other_words_in_a_report_are_told_by_page(verify):
    differs(verify(with_report(small_bundle(), worse())), "report.pdf", "第7页", "严重+9.9", "严重+23.5")


def test_other_words_in_a_report_that_says_it_is_of_another_version_are_no_match(verify):
    undecided(
        verify(with_report(small_bundle(), worse(), software="0.0.9")), "0.0.9", "严重+9.9", "严重+23.5", "未通过核验"
    )


def test_a_report_of_another_version_that_is_only_drawn_otherwise_is_no_match(verify):
    other = replace(sample_content(), design=Design(deep="#402040"))
    undecided(verify(with_report(small_bundle(), other, software="0.0.9")), "文字相同")


def test_a_report_from_before_reports_had_their_hash_is_not_accused(verify):
    without = re.sub(rb"<cm:Digest>\w+</cm:Digest>", b"", files_of(small_bundle())["report.pdf"])
    undecided(verify(forged(small_bundle(), "report.pdf", without)), "不带自身的哈希值", "文字相同")


def test_other_scores_in_a_report_of_another_version_are_a_difference(verify):
    other = Origin.of(some_framework(), make_assessment(MIXED | {"T1.1": 5})).recomputed()[1]
    differs(verify(with_report(small_bundle(), other, software="0.0.9")), "report.pdf: figures.")


def test_it_says_that_draft_or_final_is_not_proven(verify):
    made_final = make_bundle(Origin.of(some_framework(), make_assessment(MIXED), draft=False))[0]
    for data, name in ((made_final, "x.zip"), (files_of(made_final)["report.pdf"], "x.pdf")):
        done = verify(data, name)
        assert done.code == 0
        assert "草稿还是定稿，只是生成者的说法" in done.out


def test_a_byte_altered_anywhere_is_told_with_the_files_name(verify):
    data, files = small_bundle(), files_of(small_bundle())
    for name in bundle.FILES:
        place = data.index(files[name]) + len(files[name]) // 2
        done = verify(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :])
        assert done.code in (1, 2), name
        assert name in done.out + done.err


def test_without_fonts_it_says_what_to_do(verify):
    done = verify(small_bundle(), runner=partial(run_alone, FONT_CACHE="/nowhere"))
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)
    assert "prepare_fonts" in done.err


def test_with_a_damaged_font_it_says_what_to_do(verify, tmp_path, settings):
    for file in settings.FONT_CACHE.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes().replace(b"NotoSans", b"NotoSanz", 1))
    done = verify(small_bundle(), runner=partial(run_alone, FONT_CACHE=str(tmp_path)))
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)
    assert "prepare_fonts" in done.err


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(bundle.FILES), at=st.floats(0, 0.999999), byte=st.integers(1, 255))
def test_no_single_change_to_any_file_goes_unseen_even_with_new_hashes(verify, name, at, byte):
    content = files_of(small_bundle())[name]
    place = int(at * len(content))
    changed = content[:place] + bytes([content[place] ^ byte]) + content[place + 1 :]
    assert verify(forged(small_bundle(), name, changed)).code in (1, 2)


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(name=st.sampled_from(bundle.FILES), at=st.floats(0, 0.999999), more=st.binary(min_size=1, max_size=3))
def test_nothing_can_be_put_in_or_left_out(verify, name, at, more):
    content = files_of(small_bundle())[name]
    place = int(at * len(content))
    for changed in (content[:place] + more + content[place:], content[:place] + content[place + len(more) :]):
        assert verify(forged(small_bundle(), name, changed)).code in (1, 2)


def test_a_byte_altered_within_what_a_page_draws_is_a_difference(verify):
    data = files_of(small_bundle())["report.pdf"]
    place = data.index(b"FlateDecode") + 400
    differs(verify(data[:place] + bytes([data[place] ^ 1]) + data[place + 1 :], "x.pdf"), "cm:Digest")


HOSTILE = {
    "deep JSON": ("content.json", b"[" * 100_000),
    "no JSON": ("manifest.json", b"\xff\xfe"),
    "a list": ("manifest.json", b"[]\n"),
    "an empty manifest": ("manifest.json", b"{}\n"),
    "a huge number": ("manifest.json", b'{\n  "format": ' + b"9" * 5000 + b"\n}\n"),
    "not a number": ("score.json", b'{\n  "overall": NaN\n}\n'),
    "an alias": ("answers.yaml", b"a: &a [1]\nb: *a\n"),
    "no framework": ("framework.yaml", b"x: 1\n"),
    "a workbook": ("framework.yaml", b"PK\3\4"),
    "a logo that is none": ("remarks.json", b'{"design": {"city": {"logo": "AAAA"}}}'),
    "no PDF": ("report.pdf", b"nothing"),
}


@pytest.mark.parametrize(("name", "content"), HOSTILE.values(), ids=HOSTILE)
def test_what_cannot_be_read_is_told_in_a_few_lines(verify, name, content):
    done = verify(forged(small_bundle(), name, content))
    assert done.code in (1, 2)
    assert "Traceback" not in done.err
    assert len(done.err) < 5000


def test_a_bundle_packed_again_is_told_to_be_that_and_no_more(verify):
    packed = BytesIO()
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files_of(small_bundle()).items():
            archive.writestr(name, content)
    done = verify(packed.getvalue())
    assert (done.code, done.out) == (2, "")
    assert all("重新打包" in line for line in done.lines[:5])
    assert "另有2处同类问题" in done.lines[5]
    assert "可读取的ZIP" not in done.err


def test_a_word_file_is_told_in_one_line(verify):
    done = verify(docx.render(sample.content("empty")), "x.docx")
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)
    assert "不是数据包" in done.err


@pytest.mark.parametrize("data", [b"", b"no file of ours", b"PK\3\4 not whole"])
def test_what_is_neither_bundle_nor_report_is_bad_input(verify, data):
    done = verify(data)
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)


def test_a_file_that_is_not_there_is_bad_input(tmp_path):
    for path in (tmp_path / "none.zip", tmp_path):
        done = run("verify_bundle", path)
        assert (done.code, done.out, len(done.lines)) == (2, "", 1)


def test_what_the_system_refuses_is_told_in_our_words(tmp_path):
    (tmp_path / "file").write_bytes(b"")
    for path, words in (
        (tmp_path / "none.zip", "没有这个文件或文件夹"),
        (tmp_path, "这是文件夹"),
        (tmp_path / "file" / "x.zip", "不是文件夹"),
        (tmp_path / ("长" * 300), "文件名过长"),
        ("a\0b", "不允许的字符"),
    ):
        assert words in run("verify_bundle", path).err
    done = run("report_bundle", "--framework", "f", "--answers", "a", "--output", tmp_path / "none" / "x.zip")
    assert not re.search("[A-Z][a-z]+ [a-z]+", done.err)


# PDFs alone


@pytest.fixture(scope="module")
def report():
    return files_of(small_bundle())["report.pdf"]


def opened(data):
    return pikepdf.open(BytesIO(data))


def kept(file):
    out = BytesIO()
    file.save(out)
    return out.getvalue()


def annotated(data):
    """With another score laid over the first page."""
    file = opened(data)
    note = pikepdf.Dictionary(
        Type=pikepdf.Name.Annot, Subtype=pikepdf.Name.FreeText, Rect=[70, 680, 180, 715], Contents="87.1"
    )
    file.pages[0].Annots = pikepdf.Array([file.make_indirect(note)])
    return kept(file)


def altered_pages(data):
    """The report again and again, with one number of one page another one."""
    for number, page in enumerate(opened(data).pages):
        code = page.Contents.read_bytes()
        for shown in list(re.finditer(rb"<([0-9a-f]{12,})> Tj", code))[::9]:
            file = opened(data)
            text = shown[1][4:8] + shown[1][:4] + shown[1][8:]
            changed = code[: shown.start(1)] + text + code[shown.end(1) :]
            file.pages[number].Contents = file.make_stream(changed)
            if changed != code:
                yield kept(file)


def saying(data: bytes, **changes) -> bytes:
    """The PDF with another manifest in it."""
    (manifest,) = embedded(data)
    old = data[data.index(b"<cm:Manifest>") + 13 : data.index(b"</cm:Manifest>")]
    return data.replace(old, packed(manifest | changes).encode(), 1)


def altered(data, value, *path):
    """The PDF whose manifest has this value at a place, or nothing there."""
    (manifest,) = embedded(data)
    last, inner = path[-1], manifest
    for key in path[:-1]:
        inner = inner[key]
    inner.pop(last) if value is MISSING else inner.update({last: value})
    old = re.search(rb"<cm:Manifest>([^<]+)<", data)[1]
    return data.replace(old, packed(manifest).encode(), 1)


def test_a_report_alone_prints_what_it_says_and_is_not_recomputed(verify, report):
    done = verify(report, "x.pdf")
    assert (done.code, done.err) == (0, "")
    assert "仅凭PDF不能重新计算" in done.out
    assert "除非有人连同它自带的哈希值一并重算" in done.out


def test_a_report_alone_of_which_anything_was_altered_is_told(verify, report):
    differs(verify(annotated(report), "x.pdf"), "自身的哈希值")
    pages = list(altered_pages(report))
    assert len(pages) > 20
    for data in pages:
        assert own_hash(data).end == 0
    differs(verify(pages[-1], "x.pdf"))


@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(at=st.floats(0, 0.999999), byte=st.integers(1, 255))
def test_no_byte_of_a_report_alone_can_be_another(report, at, byte):
    place = int(at * len(report))
    own = own_hash(report[:place] + bytes([report[place] ^ byte]) + report[place + 1 :])
    assert own is None or own.end == 0


def test_a_report_alone_without_its_hash_is_not_decidable(verify, report):
    undecided(verify(re.sub(rb"<cm:Digest>\w+</cm:Digest>", b"", report), "x.pdf"), "不带自身的哈希值")


def test_a_report_alone_with_something_added_behind_is_not_decidable(verify, report):
    file = opened(report)
    for data in (report + b"% more\n", report + b"x" * 9 + kept(file)[9:]):
        undecided(verify(data, "x.pdf"), f"前{len(report)}字节", f"添加了{len(data) - len(report)}字节")


@pytest.mark.parametrize("made", [comparison_report, portfolio_report])
def test_a_report_over_several_rounds_alone_is_verified_by_its_hash(verify, made):
    data = made()
    done = verify(data, "x.pdf", partial(run_alone, FONT_CACHE="/nowhere"))
    assert (done.code, done.err) == (0, "")
    differs(verify(data.replace(b"/Producer (city", b"/Producer (town"), "x.pdf"), "自身的哈希值")


def test_a_report_over_several_rounds_is_no_report_of_a_bundle(verify):
    done = verify(replaced(small_bundle(), "manifest.json", '"kind": "gap"', '"kind": "comparison"'))
    assert (done.code, done.out) == (2, "")


def test_a_report_alone_needs_no_database_and_no_fonts(verify, report):
    done = verify(report, "x.pdf", partial(run_alone, FONT_CACHE="/nowhere"))
    assert (done.code, done.err) == (0, "")


@pytest.mark.parametrize(("part", "figure"), [("overall", "score"), ("overall", "level"), ("dimensions", "low")])
def test_a_figure_that_is_not_the_printed_one_is_told(verify, report, part, figure):
    figures = json.loads(json.dumps(embedded(report)[0]["figures"]))
    target = figures[part] if part == "overall" else figures[part]["T1"]
    target[figure] = 5
    differs(verify(saying(report, figures=figures), "x.pdf"), f"figures.{part}")


@pytest.mark.parametrize("name", ["framework_sha256", "answers_sha256"])
def test_a_hash_that_is_not_the_printed_one_is_told(verify, report, name):
    differs(verify(saying(report, **{name: "0" * 64}), "x.pdf"), name)


def test_a_manifest_of_a_format_to_come_is_bad_input(verify, report):
    done = verify(saying(report, format=2), "x.pdf")
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)


@pytest.mark.parametrize(
    "changes",
    [
        {"figures": None},
        {"figures": {"overall": {}, "lenses": {}, "dimensions": {}}},
        {"language": "fr"},
        {"city": "杭州"},
        {"content_sha256": 1},
        {"more": "x"},
        {"round": "x" * 20_000},
        {"framework": {"code": "a\u0000", "version": "1"}},
    ],
)
def test_a_manifest_that_is_none_is_bad_input(verify, report, changes):
    done = verify(saying(report, **changes), "x.pdf")
    assert (done.code, done.out) == (2, "")
    assert done.lines


@pytest.mark.parametrize("name", ["framework_sha256", "answers_sha256", "remarks_sha256", "content_sha256"])
@pytest.mark.parametrize("value", [MISSING, None, 1, "", "0" * 63, ["0" * 64]])
def test_a_manifest_without_a_hash_is_bad_input(verify, report, name, value):
    unreadable(verify(altered(report, value, name), "x.pdf"), name)


@pytest.mark.parametrize(
    "path",
    [
        ("figures", "overall", "level"),
        ("figures", "overall", "score"),
        ("figures", "lenses", "T", "level"),
        ("figures", "dimensions", "T1", "level"),
        ("figures", "dimensions", "T1", "level_by_score"),
        ("figures", "dimensions", "T1", "name"),
    ],
)
@pytest.mark.parametrize("value", [MISSING, True, {}, [1], -1])
def test_a_figure_that_is_none_is_bad_input(verify, report, path, value):
    unreadable(verify(altered(report, value, *path), "x.pdf"), path[-1])


def test_a_name_that_is_null_is_bad_input(verify, report):
    unreadable(verify(altered(report, None, "figures", "lenses", "T", "name"), "x.pdf"), "name")


def test_a_bundles_manifest_without_a_level_is_bad_input(verify):
    manifest = json.loads(files_of(small_bundle())["manifest.json"])
    del manifest["figures"]["overall"]["level"]
    unreadable(verify(forged(small_bundle(), "manifest.json", document.spell(manifest))), "figures.overall.level")


@pytest.mark.parametrize("data", [small_bundle, comparison_report])
def test_what_nobody_foresaw_is_not_decidable_and_its_details_are_logged(verify, monkeypatch, caplog, data):
    def broken(*given):
        raise KeyError("secret")

    for name in ("verify_bundle", "verify_pdf"):
        monkeypatch.setattr(f"assessment.management.commands.verify_bundle.{name}", broken)
    done = verify(data())
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)
    assert "无法判定" in done.err
    assert "secret" not in done.err
    assert "KeyError('secret') at" in caplog.text
    assert "Traceback" not in caplog.text


def drawing(data, commands):
    """The report with other pages: all of them draw this."""
    file = opened(data)
    stream = file.make_stream(commands)
    for page in file.pages:
        page.Contents = stream
    return kept(file)


@pytest.mark.parametrize("wrapped", [False, True])
def test_a_pdf_of_too_many_pages_is_told_with_the_limit(verify, report, monkeypatch, wrapped):
    monkeypatch.setattr(verifying, "MOST_PAGES", 5)
    monkeypatch.setattr(verifying, "own_hash", lambda data: pytest.fail("is looked at though nothing was read"))
    done = verify(forged(small_bundle(), "report.pdf", altered_report(report)) if wrapped else report, "x")
    assert done.code == 2
    assert "5页" in done.out + done.err
    assert "损坏" not in done.out + done.err


def altered_report(data):
    """The same manifest and pages in other bytes."""
    return data.replace(b"/Producer (city", b"/Producer (town")


def test_a_pdf_that_would_take_for_ever_is_given_up(verify, report, monkeypatch):
    monkeypatch.setattr(verifying, "MOST_SECONDS", 2)
    data = drawing(report, b"BT /F1 1 Tf " + b"<00410042> Tj " * 300_000 + b"ET")
    assert len(data) < 300_000
    began = monotonic()
    unreadable(verify(data, "x.pdf"), "2秒")
    assert monotonic() - began < 30


def test_a_pdf_with_a_page_that_unpacks_to_far_more_is_not_read(verify, report):
    unreadable(verify(drawing(report, b"0 0 m " * 2_000_000), "x.pdf"), "内存")


def test_a_pdf_of_somebody_else_is_bad_input(verify):
    done = verify(b"%PDF-1.7\n" + b"x" * 1000, "x.pdf")
    assert (done.code, done.out, len(done.lines)) == (2, "", 1)


@pytest.mark.parametrize("kind", ["empty", "hostile", "dressed", "highest", "capped"])
def test_every_kind_of_report_prints_what_it_says(kind):
    data = pdf.render(sample.content(kind))
    (manifest,) = embedded(data)
    assert printed.first_misprint(manifest, text_of(data)) is None


def test_a_report_whose_answers_are_not_all_applicable_prints_what_it_says(verify):
    content = build(some_framework(), make_assessment(MIXED | {"T1.2": NA}), digest="0" * 64, answers_digest="0" * 64)
    assert any(lens.standing.na for lens in content.summary.lenses)
    done = verify(pdf.render(content), "r.pdf")
    assert (done.code, done.err) == (0, "")


def test_an_english_report_prints_what_it_says():
    data = pdf.render(sample.english())
    (manifest,) = embedded(data)
    assert printed.first_misprint(manifest, text_of(data)) is None


def called(lens="视角T", dimension="维度T1", other="视角P"):
    """A report whose first two lenses and first dimension are called so."""
    framework = some_framework()
    first, second = framework.lenses
    (own,) = first.dimensions
    first = replace(first, name=text(lens), dimensions=(replace(own, name=text(dimension)),))
    framework = replace(framework, lenses=(first, replace(second, name=text(other))))
    return pdf.render(build(framework, make_assessment(MIXED), digest="0" * 64, answers_digest="0" * 64))


def misprint(said, shown, **changed):
    """What is found where the first lens's, first dimension's and overall figures are said to be so."""
    figures = json.loads(json.dumps(said["figures"]))
    for figure in (figures["overall"], figures["lenses"]["T"], figures["dimensions"]["T1"]):
        figure |= changed
    return printed.first_misprint(said | {"figures": figures}, shown)


def read(data):
    """What a report says of itself, and its text."""
    (said,) = embedded(data)
    return said, text_of(data)


NAMES = [
    "统筹机制👍",
    "☁\ufe0f统筹",
    "统筹\u200b机制",
    "统筹\u00ad机制",
    "\u202e统筹\u202c机制",
    "葛\U000e0100城",
    "统筹\u00a0机制",
    "𠀀龘统筹",
    "数字2",
    "数字 5.5",
    "“Rules” and ‘tools’ …",
    "得分.*+?[](){}^$|\\-",
    "T1 统筹机制",
    "城市数据资源一体化统筹与跨部门协同共享机制建设情况" * 3,
    "Comprehensive interdepartmental cooperation " * 4,
    "上一行\n下一行",
    "".join(map(chr, range(0x4E00, 0x51FF))),
]


@pytest.mark.parametrize("name", NAMES, ids=range(len(NAMES)))
def test_a_name_is_found_as_it_is_set(name):
    said, shown = read(called(name, f"{name}建设"))
    assert misprint(said, shown) is None
    for key in ("score", "low", "high", "level"):
        assert misprint(said, shown, **{key: 3}).path.startswith("figures.")


@pytest.mark.parametrize(
    "names",
    [
        ("安全", "数据安全", "数据安全"),
        ("长效运营", "城市数据资源一体化统筹与跨部门协同共享机制建设的长效运营", "长效运营"),
        ("总得分", "总得分", "视角P"),
        ("总得分", "总得分", "总得分"),
        ("👍", "👍", "👎"),
        ("数字", "数字", "数字 5.5"),
        ("数字", "1", "数字1"),
        ("甲", "维度P1", "甲"),
    ],
)
def test_a_name_that_is_part_of_another_is_not_taken_for_it(names):
    said, shown = read(called(*names))
    assert misprint(said, shown) is None
    assert misprint(said, shown, score=3, high=99.9)


@pytest.fixture(scope="module")
def small():
    return read(called())


@pytest.mark.parametrize(
    ("place", "path"),
    [
        (r"(^视角 T\s+)60\.0(?=\s+3 级)", "lenses.T"),  # in the summary
        (r"(当\s*前\s*总\s*得\s*分\s*)\d+\.\d", "overall"),  # in the sentence on gaps
        (r"(^T1 维度 T1\s+)60\.0(?= ·)", "dimensions.T1"),  # among the strengths
    ],
)
def test_another_score_beside_the_table_is_told(small, place, path):
    said, shown = small
    changed, count = re.subn(place, r"\g<1>99.9", shown, count=1, flags=re.MULTILINE)
    assert count
    found = printed.first_misprint(said, changed)
    assert (found.path, found.found) == (f"figures.{path}.score", "99.9")


@pytest.mark.parametrize("line", ["总得分 99.9", "上年视角T 12.0", "视角T 12.0", "T1 维度T1 12.0", "总得分99.9分"])
def test_what_a_person_writes_of_scores_is_no_misprint(small, line):
    said, shown = small
    assert printed.first_misprint(said, f"{shown}\n{line}\n其余") is None


def quoting(words):
    """A report, and its bundle, in which a consultant writes of other scores."""
    remarks = Remarks((Remark("summary", "", words),))
    return Origin.of(some_framework(), make_assessment(MIXED), remarks)


QUOTED = ["上年结果：\n\n总得分 45.0 40.0–50.0 — 2级", "总得分 45.0 · 2级", "视角T 12.0 3级"]


@pytest.mark.parametrize("words", QUOTED)
def test_last_years_scores_in_a_remark_are_no_alteration(verify, words):
    origin = quoting(words)
    assert verify(make_bundle(origin)[0]).code == 0
    undecided(verify(pdf.render(origin.recomputed()[1]), "x.pdf"), "别的得分")
    other = replace(origin.recomputed()[1], design=Design(deep="#402040"))
    undecided(verify(with_report(make_bundle(origin)[0], other, software="0.0.9")), "文字相同")


@pytest.mark.parametrize("words", ["", *QUOTED])
def test_a_table_of_other_scores_is_a_difference_whatever_a_remark_says(verify, words):
    said, other = quoting(words), Origin.of(some_framework(), make_assessment(MIXED | {"T1.1": 5}))
    (manifest,) = embedded(pdf.render(said.recomputed()[1]))
    differs(verify(pdf.render(other.recomputed()[1], manifest=manifest), "x.pdf"), "figures.")


def test_bars_print_what_they_say_where_there_are_too_many_dimensions_for_a_wheel():
    lenses = [
        make_lens(f"L{n}", *(make_transition(f"D{n}{k}", make_criteria(f"D{n}{k}.1")) for k in range(7)))
        for n in (1, 2)
    ]
    content = build(make_framework(*lenses), make_assessment({"D10.1": 2, "D11.1": 3}))
    manifest, shown = read(pdf.render(content))
    bar = re.search(r"^D10 .* 40\.0$", shown, re.MULTILINE)[0]
    assert printed.first_misprint(manifest, shown) is None
    assert printed.first_misprint(manifest, shown.replace(bar, bar.replace("40.0", "90.0"))).found == "90.0"
    assert printed.first_misprint(manifest, f"{shown}\n{bar.replace('40.0', '90.0')}\n") is None
