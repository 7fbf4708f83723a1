"""PostHog's capture endpoint: a batch of events counts once PostHog says it took it.

Not by the SDK's client: it adds properties of this machine, and drops events silently
when its queue is full, when they are large, and on errors in sync mode.
"""

from dataclasses import dataclass
from datetime import UTC, datetime

from loaders.posthog.api.failures import REMEDIES, TransientError, reason, refusal
from loaders.posthog.api.http import Api, Json

KEY_REMEDY = "check POSTHOG_PROJECT_KEY, the project API key (phc_...) in its settings"


@dataclass(frozen=True)
class PostHogProject:
    """Where the events go.

    Attributes:
        api: its key is that of the project, which may only write to it.
    """

    api: Api

    def capture(self, batch: list[Json]) -> None:
        """Send events; return when PostHog has accepted all of them.

        Raises:
            UserError: PostHog refuses them, or never answered soundly.
        """
        self.api.retrying(lambda: self._capture_once(batch))

    def _capture_once(self, batch: list[Json]) -> None:
        """Take no answer for a yes but the one that says so."""
        key = self.api.api_key
        sent_at = datetime.now(UTC).isoformat()
        body = {"api_key": key, "sent_at": sent_at, "batch": batch}
        response = self.api.send("POST", f"{self.api.host}/batch/", json=body)
        content = self.api.read(response)
        status = response.status_code
        if status == 200 and content.get("status") in ("Ok", 1):
            return
        if status in (200, 408):
            raise TransientError(reason(status, content, key))
        remedies = REMEDIES | {401: KEY_REMEDY, 403: KEY_REMEDY}
        raise refusal(response, content, key, remedies)
