"""An endpoint of the chat completions API on this machine: no language model.

It classifies by the words of `keywords.yml` and calls itself `stand-in-keywords`, so
that its results can be told from those of a model. It is as strict as a real one:

* `POST /v1/chat/completions` with a bearer key (401 else), the name of its model (404
  else), messages, and a `response_format` of `json_schema` (strict: every property is
  required, no others are allowed), `json_object` or none; `understands` takes some
  away.
* `usage` with prompt, completion and cached tokens, four characters each.
* Faults on the coming requests, in order (None lets one pass): see `faults.py`.

In a test:

    with StandIn(latency=0.2) as stand_in:
        stand_in.faults.extend([None, faults.rate_limited(1), faults.refuses])
        ...  # ask stand_in.address
        assert len(stand_in.journal.of("chat")) == 3

On its own: `python -m stand_ins.llm --help`.

Known differences from real endpoints: it understands nothing, and is always sure; it
streams nothing, and knows no tools, images or several choices.
"""

from stand_ins.llm.server import LlmAddress, StandIn

__all__ = ["LlmAddress", "StandIn"]
