"""Addresses on the web, as settings name them."""

from urllib.parse import urlsplit


def host_of(url: str) -> str | None:
    """Return the host of an http or https address; None if it is no address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname or "", parts.port
        host.encode("idna")  # each part has a name, of a length that there is
    except ValueError:
        return None
    is_address = url.isprintable() and parts.scheme in ("http", "https")
    return host or None if is_address else None
