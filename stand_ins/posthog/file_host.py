"""The second host: exported files behind pre-signed URLs, as S3 serves them.

It refuses a request that carries a key, one whose signature is wrong or too old, and
everything but GET.
"""

import hashlib
import hmac
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from urllib.parse import quote, urlencode

from stand_ins.answers import Answer, Request

URL_LIFETIME = timedelta(hours=1)
TIME_FORMAT = "%Y%m%dT%H%M%SZ"


@dataclass
class Files:
    """The files of a bucket.

    Attributes:
        url: where the host listens.
    """

    url: str
    now: Callable[[], datetime]
    _contents: dict[str, bytes] = field(default_factory=dict)
    _secret: bytes = field(default_factory=lambda: secrets.token_bytes(32))

    def put(self, key: str, content: bytes) -> None:
        """Store a file."""
        self._contents[key] = content

    def presigned(self, key: str) -> str:
        """Return a URL that gives a file to everyone who has it, for an hour."""
        date = self.now().astimezone(UTC).strftime(TIME_FORMAT)
        parameters = {
            "X-Amz-Algorithm": "AWS4-HMAC-SHA256",
            "X-Amz-Date": date,
            "X-Amz-Expires": str(int(URL_LIFETIME.total_seconds())),
            "X-Amz-SignedHeaders": "host",
            "X-Amz-Signature": self._signature(f"/{key}", date),
        }
        return f"{self.url}/{quote(key)}?{urlencode(parameters)}"

    def answer(self, request: Request) -> Answer:
        """Answer one request, in S3's words."""
        if request.authorization is not None:
            return _error(400, "InvalidArgument", "Only one auth mechanism allowed")
        if request.method != "GET":
            return _error(405, "MethodNotAllowed", "Only GET is allowed")
        date = request.parameters.get("X-Amz-Date", "")
        if request.parameters.get("X-Amz-Signature") != self._signature(
            request.path, date
        ):
            return _error(403, "SignatureDoesNotMatch", "The signature is wrong")
        signed_at = datetime.strptime(date, TIME_FORMAT).replace(tzinfo=UTC)
        if self.now() >= signed_at + URL_LIFETIME:
            return _error(403, "AccessDenied", "Request has expired")
        content = self._contents[request.path.removeprefix("/")]
        return Answer(200, content, {"Content-Type": "binary/octet-stream"})

    def _signature(self, path: str, date: str) -> str:
        text = f"{path}\n{date}".encode()
        return hmac.new(self._secret, text, hashlib.sha256).hexdigest()


def _error(status: int, code: str, message: str) -> Answer:
    body = f"<Error><Code>{code}</Code><Message>{message}</Message></Error>"
    return Answer(status, body.encode(), {"Content-Type": "application/xml"})
