"""What every command stands on; it knows no source and no statistics.

`settings` reads the environment, `connection` opens the warehouse, `tables` reads and
writes it, `one_writer` and `lock` keep commands apart, `files` are whole or not there;
`console` and `errors` end a command in one line.
"""

import os

# DuckDB writes blocks with gaps, and a gap holds what that memory held before: texts
# that a load had read and dropped. Its allocator reads this when DuckDB is imported.
ALLOCATOR = "DUCKDB_JE_MALLOC_CONF"
os.environ[ALLOCATOR] = f"{os.environ.get(ALLOCATOR, '')},zero:true".lstrip(",")
