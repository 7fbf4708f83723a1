"""A message to a Slack channel, through a webhook that is a secret."""

from urllib.parse import urlsplit

import requests

from warehouse.errors import UserError
from warehouse.postgres import LOCAL_HOSTS

SECONDS = 10


def check_webhook(url: str) -> None:
    """Refuse what is no address, or would be read on its way.

    Raises:
        UserError: it is such a one.
    """
    try:
        scheme, host = urlsplit(url).scheme, urlsplit(url).hostname
    except ValueError:
        scheme, host = "", None
    is_safe = scheme == "https" or (scheme == "http" and host in LOCAL_HOSTS)
    if not host or not is_safe:
        raise UserError(
            "SLACK_WEBHOOK_URL is no https address: copy it from the settings of the "
            "Slack app"
        )


def send(url: str, text: str) -> None:
    """Send a text, as it stands.

    Raises:
        UserError: it did not arrive; the URL is not told.
    """
    host = urlsplit(url).hostname
    try:
        response = requests.post(
            url,
            json={"text": escaped(text), "mrkdwn": False},
            timeout=SECONDS,
            allow_redirects=False,
        )
    except requests.RequestException as error:
        raise UserError(
            f"SLACK_WEBHOOK_URL: {host} does not answer ({type(error).__name__}); the "
            "files are written: send them once it does"
        ) from None
    if response.status_code != requests.codes.ok:
        raise UserError(
            f"SLACK_WEBHOOK_URL: {host} answers {response.status_code}; the files are "
            "written: make a new webhook if Slack knows this one no more"
        )


def escaped(text: str) -> str:
    """Write a text so that Slack takes nothing of it for a link or a mention."""
    for sign, entity in (("&", "&amp;"), ("<", "&lt;"), (">", "&gt;")):
        text = text.replace(sign, entity)
    return text
