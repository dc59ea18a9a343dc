"""Every page, wide and narrow: nothing overflows, nothing leaves the site, axe has nothing grave to say."""

import re
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from django.conf import settings
from playwright.sync_api import expect

from tests.demo import PAGES

AXE = Axe().axe_script
GRAVE = {"serious", "critical"}
OVERFLOW = """() => {
  const width = document.documentElement.clientWidth;
  const scrolls = e => { for (; e; e = e.parentElement) if (/(auto|scroll|hidden)/.test(getComputedStyle(e).overflowX)) return true; };
  return document.documentElement.scrollWidth <= width ? [] : [...document.body.querySelectorAll("*")]
    .filter(e => e.getBoundingClientRect().right > width + 1 && !scrolls(e)).map(e => e.tagName + "." + e.className).slice(0, 5)
    .concat("page " + document.documentElement.scrollWidth + " > " + width);
}"""

# A table that scrolls sideways on its own hides numbers.
SCROLLS = """() => [...document.querySelectorAll(".scroll")].filter(e => e.scrollWidth > e.clientWidth + 1)
  .map(e => e.innerText.slice(0, 40) + " " + e.scrollWidth + " > " + e.clientWidth)"""

# What is wider than its panel runs out of it, even where the window has room for it.
STICKS_OUT = """() => [...document.querySelectorAll(".panel")]
  .filter(e => e.scrollWidth > e.clientWidth + 1 && getComputedStyle(e).overflowX === "visible")
  .map(e => e.innerText.slice(0, 40) + " " + e.scrollWidth + " > " + e.clientWidth)"""

PEOPLE = sorted({who or "nobody" for who, _address in PAGES.values()})


@pytest.mark.parametrize("who", PEOPLE)
def test_pages_fit_and_are_accessible(who, demo_pages, page, context, watched, sign_in):
    if who != "nobody":
        sign_in(context, who)
    watched(page)
    for name in (name for name in PAGES if (PAGES[name][0] or "nobody") == who):
        page.goto(demo_pages[name][1])
        for width in (1440, 390, 320):
            page.set_viewport_size({"width": width, "height": 900})
            assert page.evaluate(OVERFLOW) == [], (name, width)
            assert page.evaluate(STICKS_OUT) == [], (name, width)
            assert width == 1440 or page.evaluate(SCROLLS) == [], (name, width)
            assert width == 390 or grave(page) == [], (name, width)


def grave(page):
    if not page.evaluate("'axe' in window"):
        page.evaluate(AXE)
    found = page.evaluate("axe.run({resultTypes: ['violations']})")["violations"]
    return [
        f"{item['id']}: {node['target']} {node['failureSummary']}"
        for item in found
        if item["impact"] in GRAVE
        for node in item["nodes"][:3]
    ]


def test_what_is_folded_is_accessible_too(demo_pages, page, context, watched, sign_in):
    sign_in(context, "lead")
    for name in ("trend", "framework"):
        watched(page).goto(demo_pages[name][1])
        page.evaluate("document.querySelectorAll('details').forEach((d, i) => { if (i < 6) d.open = true })")
        page.set_viewport_size({"width": 320, "height": 900})
        assert page.evaluate(OVERFLOW) == []
        assert grave(page) == []


def test_a_page_with_errors_is_accessible_too(demo_pages, lead_page):
    lead_page.goto(demo_pages["blank trend"][1])
    lead_page.locator("label[for='id_T6.1-level-na']").click()
    expect(lead_page.locator("[id='T6.1'] [data-told-here]")).to_contain_text("请说明")
    lead_page.set_viewport_size({"width": 390, "height": 900})
    assert lead_page.evaluate(OVERFLOW) == []
    assert grave(lead_page) == []


@pytest.mark.parametrize("name", ["admin", "admin: people"])
def test_the_admin_stays_within_the_site(name, demo_pages, page, context, watched, sign_in):
    who, address = demo_pages[name]
    sign_in(context, who)
    watched(page).goto(address)
    assert page.locator("h1").count() >= 1


STYLES = sorted(Path(settings.BASE_DIR, "assessment", "static", "assessment").glob("*.css"))
TOO_NEW = [
    ":has(",
    "@container",
    "@layer",
    "@scope",
    "color-mix(",
    "aspect-ratio",
    "inset:",
    ":is(",
    ":where(",
    "dvh",
    "subgrid",
]


@pytest.mark.parametrize("path", STYLES, ids=lambda path: path.name)
def test_styles_work_down_to_chromium_86(path):
    text = re.sub(r"/\*.*?\*/", "", path.read_text(), flags=re.DOTALL)
    assert [word for word in TOO_NEW if word in text] == []
    assert deepest(text) <= 1


def deepest(text):
    """How deep rules are nested, @media aside."""
    depth = most = 0
    for head, brace in re.findall(r"([^{}]*)([{}])", text):
        if brace == "{":
            stack_deeper = not head.strip().startswith("@")
            depth += stack_deeper
            most = max(most, depth)
        else:
            depth = max(depth - 1, 0)
    return most


def test_scripts_work_down_to_chromium_86():
    for path in Path(settings.BASE_DIR, "assessment", "static", "assessment").glob("*.js"):
        text = path.read_text()
        assert not re.search(
            r"\.at\(|\?\?=|\|\|=|&&=|replaceAll\(\s*\)|structuredClone|Object\.hasOwn|static \{", text
        ), path


@pytest.mark.parametrize(
    ("name", "empty", "button"),
    [("open a round", "[name='round']", "开启填报"), ("add a department", "[name='name']", "保存")],
)
def test_what_is_wrong_in_a_form_is_read_first_and_leads_to_the_field(name, empty, button, demo_pages, lead_page):
    lead_page.goto(demo_pages[name][1])
    lead_page.get_by_role("button", name=button).click()
    summary = lead_page.get_by_role("alert")
    expect(summary).to_be_focused()
    for width in (1440, 320):
        lead_page.set_viewport_size({"width": width, "height": 900})
        assert lead_page.evaluate(OVERFLOW) == []
        assert grave(lead_page) == []
    summary.get_by_role("link").first.click()
    expect(lead_page.locator(empty)).to_be_focused()
