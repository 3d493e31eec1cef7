"""The files of the repository that a release is made of."""

import fnmatch
import os
import subprocess
from pathlib import Path, PurePosixPath

from archives import Files

ROOT = Path(__file__).parents[2]
LEFT_OUT = ("__pycache__", "*.pyc", "*.egg-info")


def below(*folders: str) -> Files:
    """The files in folders of the repository, or single files, by their path in it."""
    found: dict[PurePosixPath, bytes] = {}
    for name in folders:
        start = ROOT / name
        files = [start] if start.is_file() else [path for path in start.rglob("*") if path.is_file()]
        for path in files:
            inside = PurePosixPath(path.relative_to(ROOT).as_posix())
            if not any(fnmatch.fnmatch(part, pattern) for part in inside.parts for pattern in LEFT_OUT):
                found[inside] = path.read_bytes()
    return found


def image_context() -> Files:
    """What .dockerignore lets through: it begins by ignoring everything."""
    lines = (ROOT / ".dockerignore").read_text(encoding="utf-8").splitlines()
    return below(*(line[1:] for line in lines if line.startswith("!")))


def moment() -> int:
    """The time that everything in the release has: SOURCE_DATE_EPOCH, else that of the last commit.

    See reproducible-builds.org/docs/source-date-epoch.
    """
    told = os.environ.get("SOURCE_DATE_EPOCH") or _git("log", "-1", "--format=%ct")
    return int(told) if told else 1_577_836_800  # 2020-01-01, where there is neither


def uncommitted() -> bool:
    """Whether the files differ from the last commit."""
    return bool(_git("status", "--porcelain"))


def _git(*arguments: str) -> str:
    try:
        ended = subprocess.run(["git", *arguments], cwd=ROOT, capture_output=True, text=True, check=False)  # noqa: S603, S607  # whichever git there is
    except FileNotFoundError:
        return ""
    return ended.stdout.strip()
