"""The product of the small world, read and made into a page once."""

import pytest

from steps.report.product.data import Product
from tests.steps.report.product_rows import page_of, world, write_world


@pytest.fixture(scope="session")
def product_page(tmp_path_factory: pytest.TempPathFactory) -> tuple[Product, str]:
    url = f"duckdb:///{tmp_path_factory.mktemp('product')}/warehouse.duckdb"
    write_world(url, world())
    return page_of(url)
