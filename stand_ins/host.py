"""An HTTP server on this machine that lets a function answer."""

import sys
import threading
from collections.abc import Callable
from http.client import responses
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import parse_qsl, unquote, urlsplit

from stand_ins.answers import Answer, Request, Respond
from stand_ins.wire import Wire, whole

ADDRESS = "127.0.0.1"


class Host:
    """One host: it listens from its creation on and answers once it is started.

    Attributes:
        url: where it listens.
    """

    def __init__(
        self, respond: Respond, port: int, pause: Callable[[float], None]
    ) -> None:
        """Bind to a port; 0 takes a free one."""
        # An object of the class would take functions kept on it for its methods.
        members = {"respond": staticmethod(respond), "pause": staticmethod(pause)}
        self._server = _Server((ADDRESS, port), type("Handler", (_Handler,), members))
        self.url = f"http://{ADDRESS}:{self._server.server_port}"

    def start(self) -> None:
        """Serve in the background."""
        # It looks every 10 ms whether it is to stop.
        threading.Thread(
            target=self._server.serve_forever, args=(0.01,), daemon=True
        ).start()

    def stop(self) -> None:
        """Stop serving."""
        self._server.shutdown()
        self._server.server_close()


class _Server(ThreadingHTTPServer):
    request_queue_size = 128

    def handle_error(self, *request: object) -> None:
        """Tell of mistakes of the server, not of clients that hang up."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(*request)


class _Handler(BaseHTTPRequestHandler):
    respond: Respond
    pause: Callable[[float], None]
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def do_POST(self) -> None:  # noqa: N802
        answer = self.respond(self._request())
        head = {"Content-Length": str(len(answer.body)), **answer.headers}
        self.close_connection = self.close_connection or (
            answer.delivery is not whole
            or int(head["Content-Length"]) != len(answer.body)
        )
        answer.delivery(
            Wire(self.connection, _head(answer, head), answer.body, self.pause)
        )

    do_GET = do_POST  # noqa: N815

    def _request(self) -> Request:
        length = int(self.headers.get("Content-Length", 0))
        url = urlsplit(self.path)
        return Request(
            method=self.command,
            path=unquote(url.path),
            parameters=dict(parse_qsl(url.query)),
            authorization=self.headers.get("Authorization"),
            body=self.rfile.read(length),
        )

    def log_message(self, *_: object) -> None:
        """Keep quiet: the caller sees the answer."""


def _head(answer: Answer, headers: dict[str, str]) -> bytes:
    first = f"HTTP/1.1 {answer.status} {responses.get(answer.status, 'Unknown')}"
    lines = [first, *(f"{name}: {value}" for name, value in headers.items())]
    return "\r\n".join([*lines, "", ""]).encode("latin-1")
