"""Open this for how the site and its background worker run side by side: started together, stopped together.

A worker that dies is started again while the site goes on, after a pause that grows as long as it keeps dying: a full
disk takes no site down. Where the site dies, all is stopped.

Each has a session of its own, so that Ctrl-C in a terminal reaches this process alone, which stops both in order.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence
from contextlib import suppress

from django.utils.translation import gettext as _

POLITE = 3.0  # seconds after which a worker that is in the middle of a report is told once more, and gives it back
PATIENT = 25.0  # seconds until what still runs is killed
LOOK_EVERY = 0.1
FIRST_PAUSE, LONGEST_PAUSE = 1.0, 60.0  # seconds before what died is started again; each is twice the one before
STEADY = 60.0  # seconds; what has run so long and dies is started again after the first pause
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP, signal.SIGQUIT)

Say = Callable[[str], None]


class Part:
    """One of the commands. `due`: the moment at which it is started again, while it is dead."""

    def __init__(self, name: str, command: Sequence[str]) -> None:
        self.name, self.command = name, command
        self.pause = self.due = 0.0
        self.start()

    def start(self) -> None:
        self.process = subprocess.Popen(self.command, start_new_session=True)  # noqa: S603 (our own interpreter)
        self.began, self.due = time.monotonic(), 0.0

    def revive(self, say: Say) -> None:
        """Started again when it is due."""
        if not self.due:
            self.bury(say)
        elif time.monotonic() >= self.due:
            try:
                self.start()
            except OSError:  # no process to be had now
                self.put_off()

    def bury(self, say: Say) -> None:
        _kill_session(self.process)
        if time.monotonic() - self.began >= STEADY:
            self.pause = 0.0
        self.put_off()
        text = _("%(name)s ended by itself (exit code %(code)s); it is started again in %(seconds)d s.")
        say(text % {"name": self.name, "code": self.process.returncode, "seconds": self.pause})

    def put_off(self) -> None:
        self.pause = min(2 * self.pause or FIRST_PAUSE, LONGEST_PAUSE)
        self.due = time.monotonic() + self.pause


def serve(commands: Mapping[str, Sequence[str]], say: Say, revived: Collection[str] = ()) -> int:
    """Runs all commands, by the names they are spoken of, until one ends or we are told to stop; the exit code.

    Those in `revived` are started again when they end.
    """
    told: list[int] = []  # looked at between steps: no process is begun and forgotten
    usual = {number: signal.getsignal(number) for number in STOPPING}
    for number, handler in usual.items():
        if (number, handler) != (signal.SIGHUP, signal.SIG_IGN):  # under nohup a terminal may close
            signal.signal(number, lambda number, frame: told.append(number))
    parts: list[Part] = []
    try:
        for name, command in commands.items():
            parts.append(Part(name, command))
        ended = _watch(parts, told, _unfailing(say), revived)
    finally:
        _stop([part.process for part in parts])
        for number, handler in usual.items():
            signal.signal(number, handler)
    return ended if 0 <= ended < 256 else 1


def _watch(parts: Sequence[Part], told: list[int], say: Say, revived: Collection[str]) -> int:
    """Until we are told to stop, or what is not revived ends by itself; its exit code."""
    while not told:
        for part in parts:
            code = part.process.poll()
            if code is not None and part.name in revived:
                part.revive(say)
            elif code is not None:
                text = _("%(name)s ended by itself (exit code %(code)s); all is stopped.")
                say(text % {"name": part.name, "code": code})
                return code or 1
        time.sleep(LOOK_EVERY)
    return 0


def _unfailing(say: Say) -> Say:
    """What cannot be said, as the log's disk is full, is no reason to stop."""

    def said(text: str) -> None:
        with suppress(OSError):
            say(text)

    return said


def _stop(processes: Sequence["subprocess.Popen[bytes]"]) -> None:
    """All are told, those that are still at work once more, and at last whole sessions are killed."""
    _signal(processes, signal.SIGTERM)
    _wait(processes, POLITE)
    _signal(processes, signal.SIGTERM)
    _wait(processes, PATIENT)
    for process in processes:
        _kill_session(process)


def _signal(processes: Sequence["subprocess.Popen[bytes]"], number: int) -> None:
    for process in processes:
        if process.poll() is None:
            process.send_signal(number)


def _wait(processes: Sequence["subprocess.Popen[bytes]"], seconds: float) -> None:
    until = time.monotonic() + seconds
    while time.monotonic() < until and any(process.poll() is None for process in processes):
        time.sleep(LOOK_EVERY)


def _kill_session(process: "subprocess.Popen[bytes]") -> None:
    """What a process left behind goes with it, also where it died before us."""
    try:
        os.killpg(process.pid, signal.SIGKILL)
    except ProcessLookupError:
        return
    process.wait()


def gunicorn(bind: str) -> list[str]:
    arguments = ["--bind", bind, "--workers", "2", "--threads", "4", "--worker-class", "gthread"]
    return [sys.executable, "-m", "gunicorn", "assessment.wsgi", *arguments, "--log-level", "warning"]


def worker(manage: str) -> list[str]:
    """Quiet: what goes wrong with a report is told to who ordered it, and logged by the task."""
    return [sys.executable, manage, "db_worker", "--verbosity", "0", "--no-reload", "--no-startup-delay"]
