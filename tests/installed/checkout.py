"""A copy of the repository, as somebody would have it who checked it out."""

import shutil
import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]


def checked_out(to: Path) -> Path:
    """Copy what git knows or would take in, as it is now."""
    listed = subprocess.run(
        ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"],  # noqa: S607  # whichever git there is
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=True,
    )
    for name in filter(None, listed.stdout.split("\0")):
        source, target = ROOT / name, to / name
        if source.is_file():
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(source, target)
    return to
