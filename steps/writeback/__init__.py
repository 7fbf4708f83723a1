"""What leaves for PostHog: `python -m steps.writeback`.

`events` are made of the marts by the `allow_list`, `capture` sends them to the
`destination`, and the `ledger` knows what has arrived there.
"""
