"""The status: what the last runs took, and what is unlike itself, in one screen.

`dashboards` says what is shown, `series` and `alerts` read it from the marts, `status`
puts it together, and `screen` and `files` write it. `prune` is about old samples.
"""
