"""Chromium from Debian, against the demo on a live server; nothing may leave the site, no error may be logged."""

import os
from pathlib import Path

import pytest
from django.conf import settings
from django.core.cache import cache
from django.test import Client
from playwright.sync_api import expect

from assessment.models import User
from tests.demo import addresses, load_demo

CHROMIUM = "/usr/bin/chromium"
# Playwright keeps an event loop running in this thread, in which Django would refuse to ask its database.
os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
# A loaded machine is slow, not wrong: milliseconds within which a page must do what is expected of it.
PATIENCE = 20_000
expect.set_options(timeout=PATIENCE)


@pytest.fixture(scope="session")
def browser_type_launch_args(browser_type_launch_args):
    if not Path(CHROMIUM).exists():
        pytest.fail(f"{CHROMIUM} is missing. Install it with: make packages", pytrace=False)
    return browser_type_launch_args | {"executable_path": CHROMIUM, "args": ["--no-sandbox", "--disable-gpu"]}


@pytest.fixture
def site(transactional_db, live_server):
    """The demo, served; its address."""
    cache.clear()
    load_demo()
    return live_server.url


@pytest.fixture
def sign_in(site):
    """Puts a person's session into a browser context."""

    def enter(context, who):
        client = Client()
        client.force_login(User.objects.get(username=who))
        session = client.cookies[settings.SESSION_COOKIE_NAME].value
        context.add_cookies([{"name": settings.SESSION_COOKIE_NAME, "value": session, "url": site}])

    return enter


@pytest.fixture
def browser_context_args(browser_context_args):
    return browser_context_args | {"locale": "zh-CN", "viewport": {"width": 1440, "height": 900}}


@pytest.fixture
def watched(site):
    """Collects what a page must never do."""
    wrongs = []

    def watch(page):
        page.set_default_timeout(PATIENCE)
        page.on("request", lambda r: r.url.startswith((site, "data:", "blob:")) or wrongs.append(f"asks {r.url}"))
        page.on(
            "console", lambda m: m.type == "error" and not is_the_status(m.text) and wrongs.append(f"logs {m.text}")
        )
        page.on("pageerror", lambda error: wrongs.append(f"breaks: {error}"))
        return page

    yield watch
    assert wrongs == []


def is_the_status(text):
    """Chromium logs each 404 and 422 of a page that we asked for."""
    return text.startswith("Failed to load resource: the server responded with a status of 4")


@pytest.fixture
def demo_pages(site):
    """name → (who, address)."""
    return {name: (who, site + there) for name, (who, there) in addresses().items()}


@pytest.fixture
def lead_page(page, watched, sign_in, context):
    """A page of the demo's lead."""
    sign_in(context, "lead")
    return watched(page)
