"""Database URLs: what is read, what is shown, what the driver gets."""

from pathlib import Path

import pytest

from lamindb_setup.databases.url import DatabaseURL, parse
from lamindb_setup.errors import InvalidArgument

HOME = Path("/data/project")


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("postgresql://alice@host/db", "postgresql://alice@host/db"),
        ("postgres://alice:secret@host:5433/db", "postgresql://alice@host:5433/db"),
        ("postgresql+psycopg://alice:secret@host/db?sslmode=verify-full", "postgresql://alice@host/db?sslmode=verify-full"),
        ("postgresql:///db?host=/tmp/sockets", "postgresql:///db?host=/tmp/sockets"),
        ("postgresql://u@/db?host=/tmp&password=secret&sslpassword=secret", "postgresql://u@/db?host=/tmp"),
        ("postgresql://a:secret@h1:5432,h2:5433/db", "postgresql://a@h1:5432,h2:5433/db"),
        ("postgresql://a@h1,h2/db?target_session_attrs=read-write", "postgresql://a@h1,h2/db?target_session_attrs=read-write"),
        ("postgresql://[::1]:5432/db", "postgresql://[::1]:5432/db"),
        ("postgresql://us%40er:sec%2Fret@host/d%20b", "postgresql://us%40er@host/d%20b"),
        ("postgresql://u:p@ss:secret/word@host/db", "postgresql://u@host/db"),
        ("sqlite:///rows.db", "sqlite:////data/project/rows.db"),
        ("sqlite:////abs/rows.db?timeout=3", "sqlite:////abs/rows.db?timeout=3"),
        ("sqlite:///my%20files/r%C3%B6ws.db", "sqlite:////data/project/my%20files/r%C3%B6ws.db"),
        ("sqlite:///../rows.db", "sqlite:////data/rows.db"),
    ],
)
def test_a_url_is_shown_without_secrets_and_read_again(text: str, shown: str) -> None:
    url = parse(text).resolved(HOME)
    assert str(url) == shown
    assert "secret" not in repr(url)
    assert parse(str(url)) == url


@pytest.mark.parametrize(
    ("text", "password"),
    [
        ("postgresql://u:secret@h/d", "secret"),
        ("postgresql://u:a%2Fb%40c@h/d", "a/b@c"),
        ("postgresql://u:a/b@c@h/d", "a/b@c"),
        ("postgresql://u@h/d?password=secret", "secret"),
        ("postgresql://u@h/d", None),
    ],
)
def test_the_driver_gets_the_password(text: str, password: str | None, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("LAMIN_DB_PASSWORD", raising=False)
    url = parse(text)
    assert url.password == password
    assert url.parameters() == {"user": "u", "host": "h", "dbname": "d"} | ({"password": password} if password else {})
    assert url.without_secrets().password is None
    monkeypatch.setenv("LAMIN_DB_PASSWORD", "from outside")
    assert url.parameters()["password"] == (password or "from outside")


def test_options_of_libpq_come_through() -> None:
    url = parse("postgresql://u@h/d?sslmode=verify-full&sslrootcert=/etc/ca.pem&connect_timeout=3&application_name=mine")
    assert url.parameters() == {
        "user": "u",
        "host": "h",
        "dbname": "d",
        "sslmode": "verify-full",
        "sslrootcert": "/etc/ca.pem",
        "connect_timeout": "3",
        "application_name": "mine",
    }


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("mysql://u:secret@h/d", "'mysql' does not begin a database URL"),
        ("u:secret@h/d", "'h/d' does not begin"),
        ("rows.db", "'rows.db' does not begin"),
        ("sqlite://rows.db", "names no database file"),
        ("sqlite:///", "names no database file"),
        ("postgresql://u:secret@h:port/d", "the port in the database URL is not a number"),
        ("postgresql://u:secret@h", "names no database"),
        ("postgresql://u:secret@h/", "names no database"),
    ],
)
def test_a_url_that_cannot_be_used(text: str, sentence: str) -> None:
    with pytest.raises(InvalidArgument, match=sentence) as caught:
        parse(text)
    assert "secret" not in str(caught.value)


@pytest.mark.parametrize(
    ("text", "local"),
    [
        ("sqlite:///a.db", True),
        ("postgresql:///d", True),
        ("postgresql://u@localhost/d", True),
        ("postgresql:///d?host=/tmp", True),
        ("postgresql://u@db.example.org/d", False),
        ("postgresql://u@localhost,other/d", False),
    ],
)
def test_what_is_local(text: str, local: bool) -> None:
    assert parse(text).is_local is local


def test_secrets_do_not_make_urls_differ() -> None:
    assert parse("postgresql://u:a@h/d") == parse("postgresql://u:b@h/d") == DatabaseURL("postgresql", None, "u", "h", "", "d")
