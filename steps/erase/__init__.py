"""The erase step: nothing of a person is left, and no load brings them back.

`person` finds out who it is, `removal` takes them out of what was loaded and
remembers that, `rebuild` makes anew what was made of it, `compaction` leaves no deleted
bytes, and `search` looks for what is left. `local_files` and `exports` do the same
outside the warehouse.
"""
