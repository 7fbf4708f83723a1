"""What has landed as files that Spark reads, in LAKE_URL.

Files cannot be updated by row, in transactions, as loads do. So those land in a file of
DuckDB, and then what has changed is written from there: of a table with a `day` in
contract.yml one Parquet file per UTC day, of any other one. A file is named after its
content and never changed. Which files count says the manifest, which is replaced last
and at once: a run that is killed leaves nothing but files that nothing names.
"""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Self

from adbc_driver_manager.dbapi import Connection, Cursor
from pyarrow import fs

from loaders.lake_table import FILE, STAMP, LakeTable, lake_tables
from warehouse.connection import connect, duckdb_path, is_spark
from warehouse.errors import UserError, explained
from warehouse.files import open_folder, write_whole
from warehouse.progress import doing
from warehouse.settings import Settings
from warehouse.tables import existing_tables

LANDING_URL = "duckdb:///data/landing.duckdb"
MANIFEST = "manifest.json"
SPARK_NAMES = {"local": "file:", "s3": "s3a://"}  # it reads S3 by a client of its own

Manifest = dict[str, dict[str, str]]  # by table and day, the digest of its rows


@dataclass(frozen=True)
class Lake:
    """A folder or a bucket.

    Attributes:
        root: its path in its file system.
    """

    files: fs.FileSystem
    root: str

    @classmethod
    def at(cls, url: str) -> Self:
        """Open the lake of a LAKE_URL.

        Raises:
            UserError: it is neither a folder nor a bucket.
        """
        lake = cls(*open_folder(url, "LAKE_URL"))
        if lake.files.type_name not in SPARK_NAMES:
            raise UserError(
                f"LAKE_URL: {lake.root} is on {lake.files.type_name}: use a folder, or "
                "s3://bucket/folder"
            )
        return lake

    @property
    def location(self) -> str:
        """What Spark calls it."""
        return f"{SPARK_NAMES[self.files.type_name]}{self.root}"

    def read_manifest(self) -> Manifest:
        """Return which files count; none if nothing was written yet.

        Raises:
            UserError: it cannot be read.
        """
        path = f"{self.root}/{MANIFEST}"
        try:
            if self.files.get_file_info(path).type is fs.FileType.NotFound:
                return {}
            with self.files.open_input_stream(path) as file:
                return json.loads(file.read())
        except OSError as error:
            raise _refusal(self, error) from error
        except ValueError as error:
            raise UserError(
                f"LAKE_URL: {MANIFEST} in {self.root} is no manifest: remove it and "
                "load again, which writes all files anew"
            ) from error

    def write_manifest(self, manifest: Manifest) -> None:
        """Let other files count, all of them at once."""
        path, text = f"{self.root}/{MANIFEST}", json.dumps(manifest, indent=1)
        if isinstance(self.files, fs.LocalFileSystem):
            write_whole(Path(path), [text])
            return
        with self.files.open_output_stream(path) as file:
            file.write(text.encode())

    def put(self, path: Path, folder: str) -> None:
        """Take in a file."""
        place = f"{self.root}/{folder}"
        self.files.create_dir(place)
        fs.copy_files(
            str(path),
            f"{place}/{FILE}",
            source_filesystem=fs.LocalFileSystem(),
            destination_filesystem=self.files,
        )

    def sweep(self, *manifests: Manifest) -> None:
        """Remove what none of some manifests names."""
        for table in lake_tables():
            named = {
                f"{self.root}/{table.folder(day, digest)}"
                for manifest in manifests
                for day, digest in manifest.get(table.name, {}).items()
            }
            selector = fs.FileSelector(
                f"{self.root}/{table.name.replace('.', '/')}", allow_not_found=True
            )
            for found in self.files.get_file_info(selector):
                if found.path not in named:
                    self.files.delete_dir(found.path)


def landed_in(settings: Settings) -> Settings:
    """Return settings whose warehouse is where loads land: for Spark, a file."""
    if not is_spark(settings.warehouse_url):
        return settings
    return replace(settings, warehouse_url=LANDING_URL)


def publish(landing_url: str, lake_url: str, spark: Connection) -> int:
    """Write what has changed since the last time, and let Spark read it.

    Returns:
        How many files were written.

    Raises:
        UserError: the lake cannot be written.
    """
    lake = Lake.at(lake_url)
    before = lake.read_manifest()
    after = update(lake, landing_url, before)
    register(spark, lake.location, after)
    if after != before:  # what counted before may still be read
        lake.sweep(before, after)
    return sum(
        digest != before.get(name, {}).get(day)
        for name, digests in after.items()
        for day, digest in digests.items()
    )


def update(lake: Lake, landing_url: str, before: Manifest) -> Manifest:
    """Write the files that a manifest lacks, and let them count; return the new one.

    Raises:
        UserError: the lake cannot be written.
    """
    tables, manifest = lake_tables(), {}
    path = duckdb_path(landing_url).with_suffix(".parquet")
    try:
        with (
            connect(landing_url, is_read_only=True) as landing,
            landing.cursor() as cursor,
        ):
            for done, table in enumerate(tables):
                doing(f"lake: {table.name}", done, len(tables))
                known = before.get(table.name, {})
                manifest[table.name] = table.digests(cursor)
                for day, digest in manifest[table.name].items():
                    if known.get(day) != digest:
                        table.copy(cursor, day, path)
                        lake.put(path, table.folder(day, digest))
        if manifest != before:
            lake.write_manifest(manifest)
    except OSError as error:
        raise _refusal(lake, error) from error
    finally:
        path.unlink(missing_ok=True)
    return manifest


def check_lake(landing_url: str, lake_url: str) -> None:
    """Refuse to let a landing file that begins anew overwrite a lake.

    Raises:
        UserError: it would, or there can be no lake.
    """
    lake, path = Lake.at(lake_url), duckdb_path(landing_url)
    try:
        lake.files.create_dir(lake.root)
    except OSError as error:
        raise _refusal(lake, error) from error
    if lake.read_manifest() and not _has_landed(landing_url):
        raise UserError(
            f"LAKE_URL: {lake.root} was written from {path}, which is gone or new, and "
            "holds what sources may have forgotten: restore that file, or name another "
            f"LAKE_URL; to begin anew, remove {MANIFEST} there"
        )


def _has_landed(landing_url: str) -> bool:
    """Tell whether a load was ever made into a landing file."""
    if not duckdb_path(landing_url).exists():
        return False
    with connect(landing_url, is_read_only=True) as landing:
        return bool(existing_tables(landing) & {one.name for one in lake_tables()})


def register(spark: Connection, location: str, manifest: Manifest) -> None:
    """Let Spark read exactly the files of a manifest."""
    with spark.cursor() as cursor:
        tables = behind(cursor, location, manifest)
        for schema in sorted({table.schema for table in tables}):
            cursor.execute(f"create schema if not exists {schema}")
        for done, table in enumerate(tables):
            doing(f"Spark: {table.name}", done, len(tables))
            for statement in table.creation(manifest[table.name], location):
                cursor.execute(statement)


def behind(cursor: Cursor, location: str, manifest: Manifest) -> list[LakeTable]:
    """Return the tables that Spark does not read as a manifest has them."""
    cursor.execute("show schemas")
    existing = {schema for (schema,) in cursor.fetchall()}
    stamps: dict[str, str] = {}
    for schema in existing & {table.schema for table in lake_tables()}:
        cursor.execute(f"show table extended in {schema} like '*'")
        for _, name, _, described in cursor.fetchall():
            if stamp := STAMP.search(described):
                stamps[f"{schema}.{name}"] = stamp[1]
    return [
        table
        for table in lake_tables()
        if stamps.get(table.name) != table.stamp(manifest[table.name], location)
    ]


def _refusal(lake: Lake, error: OSError) -> UserError:
    told = explained(error, "mend its name, or the rights there")
    return UserError(f"LAKE_URL: {lake.root} cannot be used: {told}")
