"""An independent count of the matched cells, person by person.

Written from the specification of who is compared, with loops over Python lists; it
shares no SQL with the models. It begins at the facts of `core`, which other tests
compare with the sources: `people` reads them, `subject` looks at a person around an
instant, `cells` adds up.
"""
