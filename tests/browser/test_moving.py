"""The lead moves the demo's open round to a new version, answers there, and brings it back."""

from dataclasses import replace

from playwright.sync_api import expect

from assessment import actions
from assessment.exchange.answers import write_answers
from tests.browser.test_look import OVERFLOW, grave
from tests.demo import demo_round
from tests.factories import text


def publish_next(framework):
    """The next version: T3.1 and T3.2 are one now, T1.2 has other words, T4.2 is gone."""
    old = framework.outline()
    changes = {
        "T3.1": {"code": "T3.8", "title": text("业务贯通与联动"), "replaces": ("T3.1", "T3.2")},
        "T1.2": {"statement": text("另一种问法")},
    }
    gone = {"T3.2", "T4.2"}

    def changed(facet):
        kept = [replace(c, **changes.get(c.code, {})) for c in facet.criteria if c.code not in gone]
        return replace(facet, criteria=tuple(kept))

    def renewed(dimension):
        return replace(dimension, facets=tuple(map(changed, dimension.facets)))

    lenses = tuple(replace(lens, dimensions=tuple(map(renewed, lens.dimensions))) for lens in old.lenses)
    actions.load_framework(replace(old, version="2025.1", lenses=lenses), should_publish=True)


def fits(page):
    page.wait_for_load_state()  # a click answers when the address changes; there may be no document yet
    for width in (1440, 390, 320):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.evaluate(OVERFLOW) == [], (page.url, width)
        assert width == 390 or grave(page) == [], (page.url, width)
    page.set_viewport_size({"width": 1440, "height": 900})


def test_a_round_moves_and_comes_back(site, lead_page):
    record, page = demo_round(), lead_page
    before = write_answers(record.outline())
    publish_next(record.framework)

    page.goto(site + record.get_absolute_url())
    page.get_by_role("link", name="查看迁移影响").click()
    expect(page.get_by_role("button", name="迁移", exact=True)).to_be_visible()
    fits(page)
    page.get_by_role("link", name="待确认").click()
    expect(page.locator(".moves tbody tr")).to_have_count(2)
    page.get_by_role("button", name="迁移", exact=True).click()
    expect(page.locator(".notice-success")).to_contain_text("2项应答待确认")
    fits(page)

    page.get_by_role("link", name="T3 系统架构").click()
    card = page.locator("[id='T3.8']")
    expect(card).to_contain_text("迁移前")
    expect(card).to_contain_text("待确认")
    expect(page.locator("#save-state")).to_have_text("未改动")  # the script is there: the button saves in place
    card.get_by_role("button", name="仍然如此").click()
    expect(card).not_to_contain_text("待确认")
    expect(page.locator("#save-state")).to_have_text("已全部保存")

    page.locator("nav.trail a").last.click()
    page.get_by_role("link", name="各项应答的去向").click()
    fits(page)
    page.get_by_role("link", name="撤销迁移").click()
    expect(page.locator(".lasting tbody tr")).to_have_count(1)
    fits(page)
    page.get_by_role("button", name="撤销迁移").click()
    expect(page.locator(".state").first).to_have_text("填报中")
    assert write_answers(type(record).objects.get(pk=record.pk).outline()) == before
