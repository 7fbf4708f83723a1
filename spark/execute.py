"""What tests run on Spark by themselves."""

from warehouse.spark_connection import SparkConnection


def execute(connection: SparkConnection, statement: str) -> None:
    """Run a statement."""
    with connection.cursor() as cursor:
        cursor.execute(statement)
