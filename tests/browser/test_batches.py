"""A batch of reports in the browser: chosen, ordered, watched until the page says by itself that it is done."""

import re

import pytest
from playwright.sync_api import expect

from assessment import tasks
from assessment.models import Batch


@pytest.fixture
def desk(page, context, watched, sign_in, site, settings, tmp_path):
    settings.MEDIA_ROOT = tmp_path
    Batch.objects.all().delete()
    sign_in(context, "consultant")
    watched(page).goto(f"{site}/portfolio/")
    return page


def test_a_batch_is_ordered_watched_and_fetched(desk):
    desk.get_by_label("选择本页全部城市").check()
    expect(desk.get_by_text("已选5个城市")).to_be_visible()
    desk.get_by_label("选择松岑市").uncheck()
    expect(desk.get_by_text("已选4个城市")).to_be_visible()
    desk.get_by_label("PDF", exact=True).uncheck()
    desk.get_by_label("JSON", exact=True).check()
    desk.get_by_role("button", name="批量生成报告").click()
    expect(desk.get_by_text("排队中")).to_be_visible()
    expect(desk.get_by_text("已处理0 / 4份")).to_be_visible()
    batch = Batch.objects.get()
    tasks.work(batch.pk, batch.task)
    expect(desk.get_by_text("已处理4 / 4份")).to_be_visible()
    with desk.expect_download() as fetched:
        desk.get_by_role("link", name="下载压缩包").click()
    assert re.fullmatch(r"reports-\d{8}-\d{4}\.zip", fetched.value.suggested_filename)


def test_a_report_over_cities_needs_cities(desk):
    desk.get_by_role("button", name="综合报告（Excel）").click()
    expect(desk.get_by_role("alert")).to_contain_text("请至少选择一个城市")
    desk.get_by_label("选择云川市").check()
    with desk.expect_download() as fetched:
        desk.get_by_role("button", name="综合报告（Excel）").click()
    assert fetched.value.suggested_filename == "1个城市综合报告.xlsx"
