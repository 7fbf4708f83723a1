"""Writing Arrow to a warehouse of either engine."""

from collections.abc import Callable

import pyarrow as pa
import pytest

from loaders.warehouse import append_rows, connect
from tests.conftest import ENGINES


@pytest.mark.parametrize("engine", ENGINES)
def test_many_long_texts_are_appended_and_read_back(
    engine: str, new_warehouse: Callable
) -> None:
    """Without care, DuckDB's driver loses its memory over more than 2,048 of them."""
    texts = [f"{number:064x}" for number in range(40_000)]
    with connect(new_warehouse(engine)) as connection, connection.cursor() as cursor:
        cursor.execute("create table words (word text)")
        cursor.execute("create temporary table new_words (word text)")
        for start in (0, 20_000):
            cursor.execute("delete from new_words")
            rows = pa.table({"word": texts[start : start + 20_000]})
            append_rows(cursor, "new_words", rows, temporary=True)
            cursor.execute(
                "insert into words "
                "select word from new_words except select word from words"
            )
        cursor.execute("select word from words order by word")
        assert cursor.fetch_arrow_table()["word"].to_pylist() == texts
