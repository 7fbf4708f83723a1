"""What stands beside the data of a version, for people: card and data dictionary."""

from pathlib import Path

import yaml
from jinja2 import Environment, FileSystemLoader, StrictUndefined

from steps.export.columns import Column
from steps.export.files import PARQUET
from steps.export.version import Version

SIZES = {
    1_000: "n<1K",
    10_000: "1K<n<10K",
    100_000: "10K<n<100K",
    1_000_000: "100K<n<1M",
}
LARGEST_SIZE = "n>1M"


def card(version: Version) -> str:
    """Write the dataset card."""
    template = _templates().get_template("README.md.j2")
    return template.render(version=version)


def dictionary(version: Version) -> str:
    """Write what every column means."""
    template = _templates().get_template("data_dictionary.md.j2")
    return template.render(version=version)


def hugging_face(version: Version) -> str:
    """Write which file is which split, in the form that Hugging Face reads."""
    rows = sum(version.rows.values())
    sizes = (size for limit, size in SIZES.items() if rows < limit)
    content_hash = version.hex_hashes["all"][:12]
    content = {
        "pretty_name": f"{version.dataset.name} {version.name}",
        "license": "other",
        "license_name": "proprietary",
        "size_categories": [next(sizes, LARGEST_SIZE)],
        "configs": [
            {
                # `datasets` tells what it has cached by this name, not by the files
                "config_name": f"{version.dataset.name}-{content_hash}",
                "data_files": [
                    {"split": split, "path": f"split={split}/{PARQUET}"}
                    for split in version.filled_splits
                ],
            }
        ],
    }
    return yaml.safe_dump(content, sort_keys=False)


def _templates() -> Environment:
    templates = Environment(  # noqa: S701 - Markdown, and nothing people write
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
    templates.filters["cell"] = _cell
    templates.filters["json_type"] = _json_type
    return templates


def _cell(text: object) -> str:
    """Write text into a cell of a Markdown table."""
    return " ".join(str(text).split()).replace("|", "\\|")


def _json_type(column: Column) -> str:
    return column.type.json_schema.get("format", column.type.json_schema["type"])
