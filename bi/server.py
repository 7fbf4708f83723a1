"""A Superset of its own environment on this machine, and its REST interface."""

import io
import os
import secrets
import socket
import subprocess
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import requests
import yaml
from requests.adapters import HTTPAdapter, Retry

ASSETS = Path(__file__).parent / "superset"
BIN = Path(__file__).parents[1] / ".venv-bi" / "bin"
SETTINGS = """
SECRET_KEY = {key!r}
SQLALCHEMY_DATABASE_URI = "sqlite:///{folder}/superset.db"
WTF_CSRF_ENABLED = False  # no browser is signed in
RATELIMIT_ENABLED = False
"""
USER = "admin"
SECONDS_TO_START = 300


class Superset:
    """The REST interface of a server, as an administrator."""

    def __init__(self, port: int, password: str) -> None:
        """Sign in, as soon as the server is there."""
        self.url = f"http://127.0.0.1:{port}/api/v1"
        self.session = requests.Session()
        retry = Retry(None, connect=SECONDS_TO_START, backoff_factor=1, backoff_max=1)
        self.session.mount("http://", HTTPAdapter(max_retries=retry))
        sign_in = {"username": USER, "password": password, "provider": "db"}
        token = self.call("post", "security/login", json=sign_in)["access_token"]
        self.session.headers["Authorization"] = f"Bearer {token}"

    def call(self, method: str, path: str, **options: object) -> dict[str, Any]:
        """Ask the REST interface.

        Raises:
            RuntimeError: it answers with an error; what it says.
        """
        answer = self.session.request(
            method, f"{self.url}/{path}", timeout=300, **options
        )
        if not answer.ok:
            raise RuntimeError(f"{path}: {answer.status_code} {answer.text[:2000]}")
        return answer.json()

    def load(self, database_uri: str) -> None:
        """Import all assets; those of another database are replaced."""
        file = ("superset.zip", _bundle(database_uri))
        self.call("post", "assets/import/", files={"bundle": file})

    def charts(self) -> dict[str, int]:
        """Return the id of each chart by its name."""
        found = self.call("get", "chart/?q=(page_size:100)")["result"]
        return {chart["slice_name"]: chart["id"] for chart in found}

    def rows(self, chart: int) -> list[dict[str, Any]]:
        """Return what a chart shows, from the database and not from a cache."""
        answer = self.call("get", f"chart/{chart}/data/?force=true")
        return answer["result"][0]["data"]


@contextmanager
def running(folder: Path) -> Iterator[Superset]:
    """Run a server that keeps what it knows in a folder."""
    settings = folder / "superset_config.py"
    settings.write_text(
        SETTINGS.format(key=secrets.token_hex(), folder=folder), encoding="utf-8"
    )
    environment = {
        "PATH": os.environ["PATH"],
        "HOME": str(folder),
        "TZ": "UTC",  # what it shows of instants is the time of its own machine
        "FLASK_APP": "superset.app:create_app()",
        "SUPERSET_CONFIG_PATH": str(settings),
    }
    password = secrets.token_urlsafe()
    for command in (
        "db upgrade",
        f"fab create-admin --username {USER} --password {password} "
        "--firstname Ann --lastname Lee --email ann@mail.example",
        "init",
    ):
        _run(folder, environment, *command.split())
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    with (
        (folder / "server.log").open("w") as log,
        subprocess.Popen(
            [BIN / "superset", "run", "--port", str(port), "--with-threads"],
            env=environment,
            cwd=folder,
            stdout=log,
            stderr=subprocess.STDOUT,
        ) as server,
    ):
        try:
            yield Superset(port, password)
        finally:
            server.terminate()


def _run(folder: Path, environment: dict[str, str], *command: str) -> None:
    completed = subprocess.run(
        [BIN / "superset", *command],
        env=environment,
        cwd=folder,
        capture_output=True,
        text=True,
        check=False,
    )
    if completed.returncode:
        raise RuntimeError(f"superset {command[0]}: {completed.stderr[-2000:]}")


def _bundle(database_uri: str) -> bytes:
    """Return the assets as the ZIP that Superset imports, for a database."""
    content = io.BytesIO()
    with zipfile.ZipFile(content, "w") as archive:
        for path in sorted(ASSETS.rglob("*.yaml")):
            text = path.read_text(encoding="utf-8")
            if path.parent.name == "databases":
                database = yaml.safe_load(text) | {"sqlalchemy_uri": database_uri}
                text = yaml.safe_dump(database)
            archive.writestr(f"superset/{path.relative_to(ASSETS)}", text)
    return content.getvalue()
