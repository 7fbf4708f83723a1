"""The daily summary: ten lines over all systems, with what they rest on below.

`figures` are those lines, from published marts alone; `details` says more; `prose` may
put a paragraph of a model above them, and `slack` sends them on.
"""
