"""Files are there whole or not at all."""

import errno
from collections.abc import Iterator
from pathlib import Path

import pytest

from warehouse.errors import UserError
from warehouse.files import write_whole


def test_what_does_not_fit_on_the_disk_leaves_nothing(tmp_path: Path) -> None:
    def lines() -> Iterator[str]:
        yield "new"
        raise OSError(errno.ENOSPC, "No space left on device")

    page = tmp_path / "reports" / "night.md"
    write_whole(page, ["old"])
    with pytest.raises(UserError, match=r"night.md cannot be written: No space left"):
        write_whole(page, lines())
    assert [path.name for path in page.parent.iterdir()] == ["night.md"]
    assert page.read_text() == "old"
