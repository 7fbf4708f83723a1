"""A message to a Slack channel, through a webhook that is a secret."""

import requests

from warehouse.addresses import host_of
from warehouse.errors import UserError
from warehouse.postgres import LOCAL_HOSTS

SECONDS = 10


def check_webhook(url: str) -> None:
    """Refuse what is no address, or would be read on its way.

    Raises:
        UserError: it is such a one.
    """
    host = host_of(url)
    is_safe = url.lower().startswith("https:") or host in LOCAL_HOSTS
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
    host = host_of(url)
    try:
        response = requests.post(
            url,
            json={"text": escaped(text), "mrkdwn": False},
            timeout=SECONDS,
            allow_redirects=False,
            stream=True,  # nobody waits for what else it says
        )
        response.close()
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
