"""What is true in the world, for those who check what an analysis finds."""

import numpy as np

from demo.world.columns import iso
from demo.world.deliveries import Sending


def truth_of(sendings: list[Sending]) -> dict:
    """Describe each campaign that is no test: its audience and its true effects.

    Returns:
        `campaigns`: title, layer_id, first_sent_at, audience (the rule), recipients,
        and `lifts`, the relative effect per metric.
    """
    return {
        "campaigns": [
            {
                "title": sending.campaign.title,
                "layer_id": sending.campaign.layer_id,
                "first_sent_at": iso(int(sending.sent_at[0])),
                "audience": sending.campaign.audience,
                "recipients": len(np.unique(sending.user)),
                "lifts": sending.campaign.lifts,
            }
            for sending in sendings
            if sending.campaign.has_result
        ],
    }
