"""A bucket that speaks as much of S3 as it takes to list and to read it."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from email.utils import formatdate
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from urllib.parse import parse_qs, unquote, urlsplit
from xml.sax.saxutils import escape


@contextmanager
def running_bucket(folder: Path, status: int = 200) -> Iterator[str]:
    """Serve the files of a folder as the bucket `exports`; yield its URL.

    Args:
        folder: with the files.
        status: another one than 200 refuses everything.
    """
    members = {"folder": folder, "status": status}
    server = ThreadingHTTPServer(
        ("127.0.0.1", 0), type("Handler", (_Handler,), members)
    )
    threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True).start()
    endpoint = f"endpoint_override=127.0.0.1:{server.server_port}&scheme=http"
    yield f"s3://key:secret@exports?region=us-east-1&{endpoint}"
    server.shutdown()
    server.server_close()


class _Handler(BaseHTTPRequestHandler):
    folder: Path
    status: int
    protocol_version = "HTTP/1.1"

    def do_GET(self) -> None:  # noqa: N802
        url = urlsplit(self.path)
        key = unquote(url.path).removeprefix("/exports").removeprefix("/")
        path = self.folder / key
        if self.status != 200:
            self._answer(self.status, b"<Error><Code>AccessDenied</Code></Error>")
        elif not key:
            [prefix] = parse_qs(url.query).get("prefix", [""])
            self._answer(200, self._listing(prefix))
        elif path.is_file():
            self._answer_file(path)
        else:
            self._answer(404, b"<Error><Code>NoSuchKey</Code></Error>")

    do_HEAD = do_GET  # noqa: N815

    def _listing(self, prefix: str) -> bytes:
        keys = [
            (str(path.relative_to(self.folder)), path.stat().st_size)
            for path in sorted(self.folder.rglob("*"))
            if path.is_file()
        ]
        contents = "".join(
            f"<Contents><Key>{escape(key)}</Key><Size>{size}</Size>"
            "<LastModified>2026-10-31T00:00:00.000Z</LastModified></Contents>"
            for key, size in keys
            if key.startswith(prefix)
        )
        return f"<ListBucketResult>{contents}</ListBucketResult>".encode()

    def _answer_file(self, path: Path) -> None:
        content = path.read_bytes()
        asked = self.headers.get("Range")
        if asked:
            first, last = asked.removeprefix("bytes=").split("-")
            content = content[int(first) : int(last) + 1]
        self._answer(206 if asked else 200, content)

    def _answer(self, status: int, body: bytes) -> None:
        self.send_response(status)
        self.send_header("Content-Length", str(len(body)))
        self.send_header("Last-Modified", formatdate(1793404800, usegmt=True))
        self.end_headers()
        if self.command == "GET":
            self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Keep quiet."""
