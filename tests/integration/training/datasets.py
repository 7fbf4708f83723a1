"""The training datasets as their documentation states them."""

import pandas as pd

from tests.dbt.project import models
from tests.integration.conftest import Warehouse

KEYS = {
    "ai_activation": ["user_key", "as_of_at"],
    "ai_engagement": ["user_key", "as_of_at"],
    "ai_churn": ["user_key", "as_of_at"],
    "ai_push_response": ["user_key", "campaign_key", "as_of_at"],
    "ai_return": ["user_key", "as_of_at"],
}


def columns_of(dataset: str, role: str) -> list[str]:
    """Return the names of a dataset's columns of a role."""
    [model] = [model for model in models() if model.name == dataset]
    return [
        column["name"]
        for column in model.properties["columns"]
        if column["config"]["meta"]["role"] == role
    ]


def read(warehouse: Warehouse, dataset: str) -> pd.DataFrame:
    """Return all rows of a dataset, ordered by their key."""
    keys = KEYS[dataset]
    table = warehouse.table(f"select * from ai.{dataset} order by {', '.join(keys)}")
    return table.to_pandas()


def known(warehouse: Warehouse, dataset: str, until: pd.Timestamp) -> bytes:
    """Return keys and features of the rows until an instant, as bytes."""
    rows = read(warehouse, dataset)
    rows = rows[rows.as_of_at <= until]
    assert len(rows), dataset
    columns = columns_of(dataset, "key") + columns_of(dataset, "feature")
    return rows[columns].to_csv(index=False).encode()
