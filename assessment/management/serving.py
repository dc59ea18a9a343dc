"""Open this for how the site and its background worker run side by side: started together, stopped together.

A worker that dies is started again while the site goes on; one that dies again and again stops all, for that is no
accident.

Each has a session of its own, so that Ctrl-C in a terminal reaches this process alone, which stops both in order.
"""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Collection, Mapping, Sequence

from django.utils.translation import gettext as _

POLITE = 3.0  # seconds after which a worker that is in the middle of a report is told once more, and gives it back
PATIENT = 25.0  # seconds until what still runs is killed
LOOK_EVERY = 0.1
MOST_STARTS, WITHIN = 5, 60.0  # how often a part is started again, within so many seconds
STOPPING = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


def serve(commands: Mapping[str, Sequence[str]], say: Callable[[str], None], revived: Collection[str] = ()) -> int:
    """Runs all commands, by the names they are spoken of, until one ends or we are told to stop; the exit code.

    Those in `revived` are started again, unless they end more than `MOST_STARTS` times `WITHIN` some seconds.
    """
    told: list[int] = []  # looked at between steps: no process is begun and forgotten
    usual = {number: signal.getsignal(number) for number in STOPPING}
    for number, handler in usual.items():
        if (number, handler) != (signal.SIGHUP, signal.SIG_IGN):  # under nohup a terminal may close
            signal.signal(number, lambda number, frame: told.append(number))
    running: dict[str, subprocess.Popen[bytes]] = {}
    starts: list[float] = []
    try:
        for name, command in commands.items():
            running[name] = _started(command)
        while (ended := _watch(running, told)) and ended[0] in revived and _may_start(starts):
            name, code = ended
            say(_("%(name)s ended by itself (exit code %(code)s); it is started again.") % {"name": name, "code": code})
            _kill_session(running[name])
            running[name] = _started(commands[name])
        return _told_of(ended, say)
    finally:
        _stop(list(running.values()))
        for number, handler in usual.items():
            signal.signal(number, handler)


def _started(command: Sequence[str]) -> "subprocess.Popen[bytes]":
    return subprocess.Popen(command, start_new_session=True)  # noqa: S603 (our own interpreter)


def _watch(running: Mapping[str, "subprocess.Popen[bytes]"], told: list[int]) -> tuple[str, int] | None:
    """The name and exit code of the first that ended by itself; None once we are told to stop."""
    while not told:
        for name, process in running.items():
            if (code := process.poll()) is not None:
                return name, code
        time.sleep(LOOK_EVERY)
    return None


def _may_start(starts: list[float]) -> bool:
    """Whether something may be started once more now; then it is counted."""
    now = time.monotonic()
    starts[:] = [moment for moment in starts if now - moment < WITHIN]
    starts.append(now)
    return len(starts) <= MOST_STARTS


def _told_of(ended: tuple[str, int] | None, say: Callable[[str], None]) -> int:
    """The exit code, once it is said what ended by itself."""
    if ended is None:
        return 0
    name, code = ended
    say(_("%(name)s ended by itself (exit code %(code)s); all is stopped.") % {"name": name, "code": code})
    return code if 0 < code < 256 else 1


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
