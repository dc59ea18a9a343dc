"""The cast, and the little world it lives in: a city, a published framework, a round."""

import atexit
import os
import shutil
import tempfile
from pathlib import Path

import pytest
from django.conf import settings
from django.db import connections
from django.test import TransactionTestCase

from assessment.models import City, Membership, framework, immutable
from tests.records import (
    grant_framework_editing,
    make_administrator,
    make_member,
    make_round,
    make_user,
    some_framework,
    store,
)

flush_of_django = TransactionTestCase._fixture_teardown


def flush_without_guards(test_case):
    """The database refuses to empty a published framework, even after a test: its guards stand aside for that."""
    for alias in test_case._databases_names(include_mirrors=False):
        immutable.remove(connections[alias])
    flush_of_django(test_case)
    for alias in test_case._databases_names(include_mirrors=False):
        immutable.install(connections[alias])


def a_file_in_memory() -> str:
    """In an in-memory database all threads share one connection: a live server's requests get into each other's
    transactions. In a file each has its own, as in earnest; where there is a RAM disk, just as fast."""
    memory = Path("/dev/shm")
    folder = tempfile.mkdtemp(prefix="city-maturity-test-", dir=memory if os.access(memory, os.W_OK) else None)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return str(Path(folder, "test.sqlite3"))


def pytest_configure(config):
    settings.PASSWORD_HASHERS = ["django.contrib.auth.hashers.MD5PasswordHasher"]
    settings.CACHES = {"default": {"BACKEND": "django.core.cache.backends.locmem.LocMemCache"}}
    plain = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    settings.STORAGES = settings.STORAGES | {"staticfiles": plain}
    settings.STATIC_ROOT.mkdir(parents=True, exist_ok=True)
    if settings.DATABASES["default"]["ENGINE"].endswith("sqlite3"):
        connections["default"].settings_dict["TEST"]["NAME"] = a_file_in_memory()
    TransactionTestCase._fixture_teardown = flush_without_guards


@pytest.fixture(autouse=True)
def forget_outlines():
    """Each test's database begins with the same primary keys: what the last one kept of them is wrong."""
    framework._unchanging_outline.cache_clear()
    yield
    framework._unchanging_outline.cache_clear()


@pytest.fixture
def meanwhile(monkeypatch):
    """What somebody else does between a page's check and its writing: just before this function is called first."""

    def happens(module, name, act):
        usual, acts = getattr(module, name), [act]

        def late(*given, **more):
            while acts:
                acts.pop()()
            return usual(*given, **more)

        monkeypatch.setattr(module, name, late)

    return happens


@pytest.fixture
def city(db):
    return City.objects.create(code="330100", name="杭州市")


@pytest.fixture(name="framework")
def published_framework(db):
    return store(some_framework())


@pytest.fixture
def assessment(city, framework):
    return make_round(city, framework)


@pytest.fixture
def admin(db):
    return make_user("admin", "管理员", is_superuser=True, is_staff=True)


@pytest.fixture
def criteria_admin(db):
    """Keeps the frameworks, and nothing else."""
    return grant_framework_editing(make_user("criteria_admin", "指标管理员", is_staff=True))


@pytest.fixture
def system_admin(db):
    """三员分立: accounts and cities."""
    return make_administrator("system_admin", "系统员", 0)


@pytest.fixture
def security_admin(db):
    """三员分立: roles."""
    return make_administrator("security_admin", "安全员", 1)


@pytest.fixture
def auditor(db):
    """三员分立: reads the log, and nothing else."""
    return make_administrator("auditor", "审计员", 2)


@pytest.fixture
def lead(city):
    return make_member("lead", "牵头人", city, Membership.Role.LEAD)


@pytest.fixture
def contributor(city):
    return make_member("contributor", "填报人", city, Membership.Role.CONTRIBUTOR)


@pytest.fixture
def reviewer(city):
    return make_member("reviewer", "复核人", city, Membership.Role.REVIEWER)


@pytest.fixture
def viewer(city):
    return make_member("viewer", "查看人", city, Membership.Role.VIEWER)


@pytest.fixture
def consultant(city):
    return make_member("consultant", "顾问", city, Membership.Role.CONSULTANT)


@pytest.fixture
def stranger(db):
    """Leads another city's assessment, and has no business here."""
    elsewhere = City.objects.create(code="320100", name="南京市")
    return make_member("stranger", "外人", elsewhere, Membership.Role.LEAD)
