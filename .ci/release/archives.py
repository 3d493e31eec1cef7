"""Archives that have the same bytes whenever, wherever and by whomever they are made of the same files."""

import gzip
import io
import tarfile
import zipfile
from collections.abc import Mapping
from datetime import UTC, datetime
from pathlib import PurePosixPath

Files = Mapping[PurePosixPath, bytes]
"""What goes into an archive, by its path in it. A file is executable if its first two bytes say that it is a script."""


def tar_gz(files: Files, moment: int) -> bytes:
    """A compressed tar archive; owners, modes and times come from nowhere but here.

    Args:
        files: its content.
        moment: seconds since 1970, the time of every file.
    """
    whole = io.BytesIO()
    with tarfile.open(fileobj=whole, mode="w", format=tarfile.PAX_FORMAT) as archive:
        for path in sorted(files):
            entry = tarfile.TarInfo(str(path))
            entry.size, entry.mtime, entry.mode = len(files[path]), moment, _mode(files[path])
            archive.addfile(entry, io.BytesIO(files[path]))
    return gzip.compress(whole.getvalue(), compresslevel=9, mtime=moment)


def zip_(files: Files, moment: int) -> bytes:
    """A zip archive, as Composer takes it; see `tar_gz`."""
    whole = io.BytesIO()
    at = datetime.fromtimestamp(moment, UTC)
    with zipfile.ZipFile(whole, "w") as archive:
        for path in sorted(files):
            entry = zipfile.ZipInfo(str(path), (at.year, at.month, at.day, at.hour, at.minute, at.second))
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.create_system = 3  # Unix, whichever system this is
            entry.external_attr = (0o100000 | _mode(files[path])) << 16
            archive.writestr(entry, files[path], compresslevel=9)
    return whole.getvalue()


def read_tar_gz(data: bytes) -> Files:
    """The files in an archive."""
    with tarfile.open(fileobj=io.BytesIO(data), mode="r:gz") as archive:
        found = {}
        for entry in archive.getmembers():
            content = archive.extractfile(entry)
            if entry.isfile() and content is not None:
                found[PurePosixPath(entry.name)] = content.read()
        return found


def _mode(content: bytes) -> int:
    return 0o755 if content.startswith(b"#!") else 0o644
