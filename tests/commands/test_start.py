"""From a bare checkout to a running product, and once more without changing anything."""

import os
import re
import shutil
import signal
import socket
import subprocess
import time
from contextlib import suppress
from pathlib import Path
from types import SimpleNamespace
from unittest.mock import Mock

import pytest
from django.conf import settings

from assessment.management import serving
from tests.commands.running import MANAGE, run

MAKEFILE = settings.BASE_DIR / "Makefile"
ROLES = ("lead", "contributor", "reviewer", "viewer", "consultant", "criteria-admin", "admin")


def start(var: Path, *arguments):
    environment = {**os.environ, "VAR_DIR": str(var), "FONT_CACHE": str(settings.FONT_CACHE)}
    environment["DATABASE_URL"] = f"sqlite:///{var}/db.sqlite3"
    command = [settings.BASE_DIR / ".venv" / "bin" / "python", MANAGE, "start", "--demo", "--no-serve", *arguments]
    return subprocess.run(command, env=environment, capture_output=True, text=True, encoding="utf-8", check=False)


def contents(var: Path) -> dict[str, bytes]:
    """Every file but the database's own log of what was written."""
    files = (path for path in var.rglob("*") if path.is_file() and not path.name.startswith("db.sqlite3-"))
    return {path.relative_to(var).as_posix(): path.read_bytes() for path in files}


def test_it_prepares_everything_and_a_second_start_is_quick_and_changes_nothing(tmp_path):
    first = start(tmp_path)
    assert first.returncode == 0, first.stderr
    assert "http://localhost:8000" in first.stdout
    assert all(f"  {role} " in first.stdout for role in ROLES)
    assert (tmp_path / "demo-gap-report.pdf").read_bytes().startswith(b"%PDF")
    before, began = contents(tmp_path), time.monotonic()
    assert start(tmp_path).returncode == 0
    assert time.monotonic() - began < 5
    assert contents(tmp_path) == before


def test_a_port_that_is_taken_is_named_before_anything_is_done(tmp_path, settings):
    settings.VAR_DIR = tmp_path / "var"
    with socket.socket() as other:
        other.bind(("127.0.0.1", 0))
        other.listen()
        port = str(other.getsockname()[1])
        outcome = run("start", "--port", port)
    assert outcome.code == 1
    assert port in outcome.err
    assert not settings.VAR_DIR.exists()


@pytest.mark.parametrize("port", ["http", "0", "65536"])
def test_a_port_that_is_none_is_refused(port):
    assert run("start", "--port", port).code == 1


def make(folder: Path, answer: str):
    """`make .venv/installed` where the only Python is a stub that answers as given."""
    for name in ("python3.13", "python3", "python"):
        stub = folder / "bin" / name
        stub.parent.mkdir(exist_ok=True)
        stub.write_text(f"#!/bin/sh\n{answer}\n")
        stub.chmod(0o755)
    shutil.copy(MAKEFILE, folder)
    (folder / "requirements.lock").touch()
    environment = {"PATH": f"{folder}/bin:/usr/bin:/bin", "HOME": str(folder), "LANG": "C.UTF-8"}
    command = ["/usr/bin/make", ".venv/installed"]
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


def test_a_python_that_is_too_old_is_said_in_plain_words(tmp_path):
    outcome = make(tmp_path, 'case "$*" in --version) echo Python 3.11.2;; *) exit 1;; esac')
    assert outcome.returncode != 0
    assert "3.13" in outcome.stdout
    assert "Python 3.11.2" in outcome.stdout
    assert not (tmp_path / ".venv" / "installed").exists()


def test_a_python_without_venv_is_said_in_plain_words(tmp_path):
    outcome = make(tmp_path, 'case "$*" in *ensurepip*) exit 1;; *) exit 0;; esac')
    assert outcome.returncode != 0
    assert "python3-venv" in outcome.stdout


# Site and worker side by side


@pytest.fixture
def served(tmp_path):
    """The product as `make run` serves it, on a free port; what is left of it is ended afterwards."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    environment = {**os.environ, "VAR_DIR": str(tmp_path), "FONT_CACHE": str(settings.FONT_CACHE)}
    environment["DATABASE_URL"] = f"sqlite:///{tmp_path}/db.sqlite3"
    python = settings.BASE_DIR / ".venv" / "bin" / "python"
    with open(tmp_path / "said", "w") as said:
        process = subprocess.Popen(
            [python, MANAGE, "start", "--port", str(port)], env=environment, stdout=said, stderr=said
        )
    until(lambda: answers(port) and len(family(process.pid)) >= 5 and one_of(family(process.pid), "db_worker"))
    members = family(process.pid)
    yield process, members, tmp_path / "said"
    for pid in (process.pid, *members):
        with suppress(ProcessLookupError):
            os.kill(pid, signal.SIGKILL)
    process.wait()


def until(condition):
    end = time.monotonic() + 120
    while not condition():
        assert time.monotonic() < end
        time.sleep(0.1)


def answers(port):
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0


def command_of(pid) -> str:
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode()
    except OSError:
        return ""


def family(pid) -> list[int]:
    """The process and all that came from it."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return [pid, *(member for child in children for member in family(int(child)))]


def one_of(members, name) -> int | None:
    return next((pid for pid in members if name in command_of(pid)), None)


def alive(members) -> list[str]:
    return [command_of(pid) for pid in members if command_of(pid)]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP, signal.SIGQUIT])
def test_site_and_worker_stop_together_and_leave_nothing(served, number):
    process, members, said = served
    assert [name for name in ("gunicorn", "db_worker") if not any(name in command_of(pid) for pid in members)] == []
    process.send_signal(number)
    assert process.wait(60) == 0
    assert alive(members) == []
    assert "Traceback" not in said.read_text()


def test_where_the_site_dies_the_worker_is_stopped_and_it_is_said(served):
    process, members, said = served
    os.kill(one_of(members, "gunicorn"), signal.SIGKILL)
    assert process.wait(60) == 1
    assert alive(members) == []
    assert "网站进程" in said.read_text()


def test_a_worker_that_dies_is_started_again_while_the_site_goes_on(served):
    process, members, said = served
    site, worker = one_of(members, "gunicorn"), one_of(members, "db_worker")
    os.kill(worker, signal.SIGKILL)
    until(lambda: one_of(family(process.pid), "db_worker") not in (None, worker))
    assert one_of(family(process.pid), "gunicorn") == site
    assert process.poll() is None
    assert "后台任务进程自行退出（退出码：-9），将在1秒后重新启动" in said.read_text()
    members += family(process.pid)
    process.send_signal(signal.SIGTERM)
    assert process.wait(60) == 0
    assert alive(members) == []


def test_a_worker_that_dies_again_and_again_is_started_ever_more_rarely_and_never_stops_the_site(monkeypatch):
    said = []
    monkeypatch.setattr(serving, "FIRST_PAUSE", 0.01)

    def say(text):
        said.append(text)
        if len(said) == 5:
            os.kill(os.getpid(), signal.SIGTERM)
        raise OSError(28, "No space left on device")

    commands = {"网站": ["sleep", "600"], "后台": ["false"]}
    assert serving.serve(commands, say, revived=["后台"]) == 0
    assert ["后台自行退出（退出码：1）" in text for text in said] == [True] * 5


class TestThePause:
    @pytest.fixture
    def part(self, monkeypatch):
        part = serving.Part("后台", ["false"])
        part.process.wait()
        part.clock = 0.0
        monkeypatch.setattr(serving, "time", SimpleNamespace(monotonic=lambda: part.clock))
        monkeypatch.setattr(serving, "_kill_session", lambda process: None)
        part.began = 0.0
        return part

    def pauses(self, part, lives):
        """It dies each time it has run for so many seconds, and is started again in due time."""
        said = []
        for seconds in lives:
            part.clock += seconds
            part.revive(said.append)
            part.clock = part.due - 0.1
            part.revive(said.append)
            assert part.due
            part.clock += 0.2
            part.revive(said.append)
            assert not part.due
        return [int(number) for words in said for number in re.findall(r"(\d+)秒后重新启动", words)]

    def test_grows_up_to_a_minute(self, part):
        assert self.pauses(part, [0.5] * 8) == [1, 2, 4, 8, 16, 32, 60, 60]

    def test_is_short_again_after_a_steady_time(self, part):
        assert self.pauses(part, [1, 1, 1, 100, 1]) == [1, 2, 4, 1, 2]

    def test_goes_on_where_no_process_is_to_be_had(self, part, monkeypatch):
        said = []
        part.revive(said.append)
        monkeypatch.setattr(serving.subprocess, "Popen", Mock(side_effect=OSError(11, "no")))
        part.clock = part.due
        part.revive(said.append)
        assert (part.due, len(said)) == (part.clock + 2, 1)
