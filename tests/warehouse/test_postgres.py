"""How a Postgres database is opened, and what is told if it is not."""

import socket
from collections.abc import Callable, Iterator
from contextlib import closing
from threading import Thread

import certifi
import pytest

from tests.conftest import execute
from warehouse.connection import connect
from warehouse.errors import UserError
from warehouse.one_writer import one_writer
from warehouse.postgres import connect_postgres, parse_url

ELSEWHERE = "127.0.0.2"  # this machine too, but not by a name that says so
REQUEST_OF_TLS = 8


@pytest.fixture
def elsewhere() -> Iterator[Callable[[bytes], str]]:
    """Give a function that starts a server with one answer, and returns its URL."""
    with closing(socket.create_server((ELSEWHERE, 0))) as server:

        def answer(text: bytes) -> None:
            while True:
                try:
                    client, _ = server.accept()
                except OSError:
                    return
                with client:
                    client.recv(REQUEST_OF_TLS)
                    client.sendall(text)

        def start(text: bytes) -> str:
            Thread(target=answer, args=(text,), daemon=True).start()
            port = server.getsockname()[1]
            return f"postgresql://ann:secret@{ELSEWHERE}:{port}/growth"

        yield start
        server.shutdown(socket.SHUT_RDWR)


@pytest.mark.parametrize(
    ("place", "expected"),
    [
        ("@localhost/g", {}),
        ("@127.0.0.1/g", {}),
        ("@[::1]:5433/g", {}),
        ("@/g?host=/run/postgresql", {}),
        ("@/g", {}),
        ("@localhost/g?sslmode=disable", {"sslmode": "disable"}),
        (
            "@db.example/g",
            {"sslmode": "verify-full", "sslrootcert": certifi.where()},
        ),
        ("@db.example/g?sslmode=require", {"sslmode": "require"}),
        (
            "@db.example/g?sslmode=verify-ca&sslrootcert=/own.pem",
            {"sslmode": "verify-ca", "sslrootcert": "/own.pem"},
        ),
        (
            "@localhost/g?hostaddr=10.0.0.1",
            {"sslmode": "verify-full", "sslrootcert": certifi.where()},
        ),
        (
            "@localhost,db.example/g",
            {"sslmode": "verify-full", "sslrootcert": certifi.where()},
        ),
    ],
)
def test_a_server_elsewhere_has_to_prove_who_it_is(
    place: str, expected: dict, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGSSLMODE", "PGSSLROOTCERT", "PGHOST", "PGHOSTADDR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", "/nowhere")
    parts = parse_url(f"postgresql://ann:secret{place}", "X_URL")
    found = {name: parts[name] for name in parts if name.startswith("ssl")}
    assert found == expected


@pytest.mark.parametrize("mode", ["disable", "allow", "prefer"])
def test_a_connection_that_others_could_read_is_refused(
    mode: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    url = "postgresql://ann:secret@db.example/g"
    told = f"X_URL: with sslmode={mode} others can read the connection to db.example"
    with pytest.raises(UserError, match=told):
        parse_url(f"{url}?sslmode={mode}", "X_URL")
    monkeypatch.setenv("PGSSLMODE", mode)
    with pytest.raises(UserError, match=told):
        parse_url(url, "X_URL")


@pytest.mark.parametrize(
    ("answer", "told"),
    [
        (b"N", "takes no TLS connection: switch TLS on there"),
        (b"S not tls", "the database does not open: see whether the server at"),
    ],
)
def test_a_server_without_tls_gets_no_password(
    answer: bytes, told: str, elsewhere: Callable
) -> None:
    url = elsewhere(answer)
    for opened in (connect, lambda url: one_writer(url, "load").__enter__()):
        with pytest.raises(UserError, match=told) as refused:
            opened(url)
        assert "secret" not in str(refused.value)
        assert str(refused.value).startswith("WAREHOUSE_URL: ")


@pytest.mark.parametrize(
    ("url", "told"),
    [
        ("postgresql://ann:secret@localhost:1/g", "nothing answers at localhost:1"),
        ("postgresql://ann@/g?host=/nowhere", "nothing answers at /nowhere:5432"),
        ("postgresql://ann@no.such.invalid/g", "the host no.such.invalid is not found"),
    ],
)
def test_a_server_that_is_not_there_is_told_in_one_line(url: str, told: str) -> None:
    with pytest.raises(UserError, match=f"^X_URL: {told}") as refused:
        connect_postgres(parse_url(url, "X_URL"), "X_URL")
    assert "\n" not in str(refused.value)


@pytest.mark.slow
def test_who_is_not_let_in_is_told_in_one_line(new_database: Callable) -> None:
    url = new_database()
    name = url.partition("?")[0].rpartition("/")[2]
    execute(
        url, f"create role left_out login; revoke all on database {name} from public"
    )
    for other, told in {
        url.replace("postgres:@", "nobody_at_all:@"): "does not let nobody_at_all in",
        url.replace(name, "no_such_base"): "has no database no_such_base",
        url.replace("postgres:@", "left_out:@"): "the role left_out has no right to "
        f"connect to the database {name}",
    }.items():
        with pytest.raises(UserError, match=told):
            connect(other)
