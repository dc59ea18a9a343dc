"""Run a command in this process, or as a user does: in its own, where nothing is set up."""

import os
import subprocess
import sys
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from django.conf import settings
from django.core.management import call_command

MANAGE = Path(__file__).parents[2] / "manage.py"


@dataclass
class Outcome:
    code: int
    out: str
    err: str

    @property
    def lines(self) -> list[str]:
        return self.err.splitlines()


def run(*arguments) -> Outcome:
    out, err, code = StringIO(), StringIO(), 0
    try:
        call_command(*map(str, arguments), stdout=out, stderr=err)
    except SystemExit as ended:
        code = ended.code
    return Outcome(code, out.getvalue(), err.getvalue())


def run_alone(*arguments, **environment) -> Outcome:
    """In a process of its own, with a database that nobody can reach and a VAR_DIR that nobody can write."""
    alone = {
        "DATABASE_URL": "postgres://nobody:x@127.0.0.1:1/none",
        "VAR_DIR": f"{MANAGE}/below-a-file",
        "FONT_CACHE": str(settings.FONT_CACHE),
    }
    kept = {name: value for name, value in os.environ.items() if name in ("PATH", "HOME", "LANG")}
    done = subprocess.run(
        [sys.executable, MANAGE, *map(str, arguments)], capture_output=True, env=kept | alone | environment, check=False
    )
    return Outcome(done.returncode, done.stdout.decode(), done.stderr.decode())
