"""Which files of a scheduled export are complete.

PostHog numbers the files of a set that may have several (`<start>-<end>-0.parquet`)
and lists them in `<start>-<end>_manifest.json` once all are there: where there are
manifests, a numbered file that none of them lists is left over from an attempt that
failed or still runs.
"""

import json
import logging
import posixpath
import re
from collections.abc import Collection
from concurrent.futures import ThreadPoolExecutor

from pyarrow.fs import FileSystem

from warehouse.errors import UserError

logger = logging.getLogger(__name__)

# The name may end with the compression, which is one inside of the file.
PARQUET = re.compile(r"(.*/)?[^./][^/]*\.parquet(\.(zst|gz|br|sz|lz4))?")
MANIFEST = "_manifest.json"
# Its name ends with the end of its interval: it is the only file of its set.
SINGLE = re.compile(r".*[+-]\d\d:\d\d\.parquet(\.\w+)?")


def complete_files(filesystem: FileSystem, paths: Collection[str]) -> list[str]:
    """Return the Parquet files without those that are left over.

    Args:
        filesystem: where they are.
        paths: of all files of a folder.

    Raises:
        UserError: a manifest cannot be read, or lists a file that is not there.
    """
    files = sorted(path for path in paths if PARQUET.fullmatch(path))
    manifests = [path for path in paths if path.endswith(MANIFEST)]
    if not manifests:
        return files
    with ThreadPoolExecutor() as pool:
        listed = set().union(
            *pool.map(lambda path: _listed(filesystem, path), manifests)
        )
    missing = sorted(listed.difference(paths))
    if missing:
        raise UserError(
            f"posthog: a manifest lists {missing[0]}, which is not there; copy the "
            "whole export to POSTHOG_EXPORT_DIR, or load again"
        )
    left_over = [
        path for path in files if path not in listed and not SINGLE.fullmatch(path)
    ]
    if left_over:
        logger.warning(
            "posthog: %d files in no manifest, such as %s, are left out: their export "
            "failed or still runs",
            len(left_over),
            left_over[0],
        )
    return sorted(set(files).difference(left_over))


def _listed(filesystem: FileSystem, manifest: str) -> list[str]:
    """Return the paths of the files that a manifest lists."""
    try:
        with filesystem.open_input_file(manifest) as content:
            keys = json.loads(content.read())["files"]
        # They are keys of the bucket PostHog wrote to, which may have been copied.
        names = [posixpath.basename(key) for key in keys]
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise UserError(
            f"posthog: {manifest} is no manifest ({type(error).__name__}); export or "
            "copy it again"
        ) from None
    return [posixpath.join(posixpath.dirname(manifest), name) for name in names]
