"""Settings are safe when nothing is set, and do what the environment says."""

import os
import subprocess
import sys

from django.conf import settings
from django.db.utils import ConnectionHandler

NAMES = (
    "SECRET_KEY",
    "DATABASE_URL",
    "ALLOWED_HOSTS",
    "CSRF_TRUSTED_ORIGINS",
    "HTTPS",
    "DEBUG",
    "FONT_CACHE",
    "EMAIL_URL",
)


def under(var, expression, **environment):
    """What the expression over the settings gives in a process with this environment alone."""
    clean = {name: value for name, value in os.environ.items() if name not in NAMES}
    code = f"from assessment import settings as s; print(({expression}))"
    done = subprocess.run(
        [sys.executable, "-c", code],
        cwd=settings.BASE_DIR,
        env={**clean, "VAR_DIR": str(var), **environment},
        capture_output=True,
        text=True,
        check=True,
    )
    return done.stdout.strip()


def test_nothing_set_is_safe(tmp_path):
    assert under(tmp_path, "s.DEBUG, s.ALLOWED_HOSTS") == "(False, ['localhost', '127.0.0.1', '[::1]'])"
    assert under(tmp_path, "s.SECURE_CSP['default-src'] == [s.CSP.SELF], s.X_FRAME_OPTIONS") == "(True, 'DENY')"


def test_the_key_is_made_once_and_nobody_else_may_read_it(tmp_path):
    first = under(tmp_path, "s.SECRET_KEY")
    assert len(first) > 50
    assert under(tmp_path, "s.SECRET_KEY") == first
    assert (tmp_path / "secret_key").stat().st_mode & 0o777 == 0o600


def test_where_nothing_can_be_written_a_key_serves_this_process(tmp_path):
    (tmp_path / "file").touch()
    assert len(under(tmp_path / "file", "s.SECRET_KEY")) > 50
    assert len(under(tmp_path / "file" / "below", "s.SECRET_KEY")) > 50


def test_the_environment_decides(tmp_path):
    given = {"SECRET_KEY": "own", "ALLOWED_HOSTS": "a.example,b.example", "HTTPS": "on"}
    expression = "s.SECRET_KEY, s.ALLOWED_HOSTS, s.SESSION_COOKIE_SECURE, s.SECURE_SSL_REDIRECT"
    assert under(tmp_path, expression, **given) == "('own', ['a.example', 'b.example'], True, True)"


def test_mail_goes_out_only_where_a_server_is_named(tmp_path):
    assert under(tmp_path, "s.MAILERS") == "{}"
    options = "[s.MAILERS['default']['OPTIONS'].get(name) for name in ('host', 'port', 'username', 'use_tls')]"
    url = "smtp+tls://who%40x:secret@mail.example:587"
    assert under(tmp_path, options, EMAIL_URL=url) == "['mail.example', 587, 'who@x', True]"


def test_a_postgresql_address_is_understood(tmp_path):
    url = "postgres://someone:secret@db.example:5433/city"
    expression = "[s.DATABASES['default'][name] for name in ('HOST', 'PORT', 'NAME', 'USER')]"
    assert under(tmp_path, expression, DATABASE_URL=url) == "['db.example', 5433, 'city', 'someone']"


def test_sqlite_loses_nothing_that_was_acknowledged(tmp_path, django_db_blocker):
    engine = {"ENGINE": "django.db.backends.sqlite3", "NAME": tmp_path / "db", "OPTIONS": settings.SQLITE_OPTIONS}
    connection = ConnectionHandler({"default": engine})["default"]
    with django_db_blocker.unblock(), connection.cursor() as cursor:
        values = [
            cursor.execute(f"PRAGMA {name}").fetchone()[0] for name in ("journal_mode", "synchronous", "busy_timeout")
        ]
    with django_db_blocker.unblock():
        connection.close()
    assert values == ["wal", 2, 20_000]
    assert connection.transaction_mode == "IMMEDIATE"
