"""The assistant: a product that makes things for credits when people talk to it.

`users` draws who they are, `days` what they try and get on each day, which is the
truth of the labels, `personal` what they should not have written, and `rows` writes
it as conversations, jobs and actions.
"""

from demo.world.assistant.rows import assistant_world

__all__ = ["assistant_world"]
