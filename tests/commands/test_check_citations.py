"""Quotations against their sources' own texts."""

import pytest
from django.core.management import call_command

FRAMEWORK = """
framework: small
version: "1"
language: zh-hans
name: 小框架
scale: [{level: 0, name: 无}, {level: 1, name: 有, threshold: 50}]
sources:
- {code: law, title: 办法, passages: [{id: "1", locator: 第一条, status: verbatim, quote: 按季公开}]}
lenses:
- code: T
  name: 视角
  dimensions:
  - code: T1
    name: 维度
    kind: plain
    criteria:
    - {code: T1.1, title: 公开, statement: 公开, levels: [{level: 0, descriptor: 无}, {level: 1, descriptor: 有}], cites: ["law#1"]}
"""


@pytest.fixture
def framework(tmp_path):
    path = tmp_path / "framework.yaml"
    path.write_text(FRAMEWORK, encoding="utf-8")
    return path


def sources(tmp_path, text, name="law.yaml"):
    folder = tmp_path / "sources"
    folder.mkdir()
    (folder / name).write_text(text, encoding="utf-8")
    return folder


def test_a_quotation_that_stands_in_its_passage_is_verified(framework, tmp_path, capsys):
    folder = sources(tmp_path, "document: law\npassages: [{id: '1', text: 市级部门应当按季公开目录。}]\n")
    call_command("check_citations", framework, sources=folder)
    assert capsys.readouterr().out.split("\t")[1:] == ["law#1", "按季公开\n"]


@pytest.mark.parametrize(
    "text", ["应当按年公开目录。", '"应当按季\\n公开目录。"'], ids=["other words", "over two lines"]
)
def test_a_quotation_that_is_not_there_word_for_word_is_reported(framework, tmp_path, text):
    folder = sources(tmp_path, f"document: law\npassages: [{{id: '1', text: {text}}}]\n")
    with pytest.raises(SystemExit) as stopped:
        call_command("check_citations", framework, sources=folder)
    assert stopped.value.code == 1


def test_a_plain_text_stands_for_the_whole_source(framework, tmp_path):
    call_command("check_citations", framework, sources=sources(tmp_path, "第一条 按季公开。", "law.txt"))


def test_without_the_text_nothing_is_claimed(framework, tmp_path, capsys):
    call_command("check_citations", framework, sources=sources(tmp_path, "别的文件", "other.txt"))
    verified = capsys.readouterr().out.split("\t")[0]
    (tmp_path / "sources" / "law.txt").write_text("按季公开", encoding="utf-8")
    call_command("check_citations", framework, sources=tmp_path / "sources")
    assert capsys.readouterr().out.split("\t")[0] != verified


def test_a_folder_that_is_none_is_bad_input(framework, tmp_path):
    with pytest.raises(SystemExit) as stopped:
        call_command("check_citations", framework, sources=tmp_path / "nowhere")
    assert stopped.value.code == 2
