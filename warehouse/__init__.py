"""What every command stands on; it knows no source and no statistics.

`settings` reads the environment, `connection` opens the warehouse, `tables` reads and
writes it, `one_writer` and `lock` keep commands apart; `console` and `errors` end a
command in one line.
"""
