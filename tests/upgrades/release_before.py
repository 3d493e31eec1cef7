"""The code as it was before the newest migration, out of the repository's own history."""

import subprocess
from pathlib import Path

ROOT = Path(__file__).parents[2]
MIGRATIONS = "sidecar/adapters/store_sql/migrations"


class NoHistoryError(Exception):
    """The repository's history is not here."""


def commit_before(migration: str) -> str:
    """The newest commit that has every migration as it is now, but for the newest one.

    Before the first release migrations were edited, which is why the one before is not simply taken.

    Args:
        migration: the newest one's name.

    Raises:
        NoHistoryError: this is no clone, or a shallow one.
    """
    now = _listed(f"HEAD:{MIGRATIONS}")
    before = {name: blob for name, blob in now.items() if name != f"{migration}.sql"}
    commits = _git("rev-list", "HEAD").split()
    trees = _git("cat-file", "--batch-check=%(objectname)", said="".join(f"{each}:{MIGRATIONS}\n" for each in commits))
    fits: dict[str, bool] = {}
    for commit, tree in zip(commits, trees.splitlines(), strict=True):
        if "missing" in tree:
            continue
        if tree not in fits:
            fits[tree] = _listed(tree) == before
        if fits[tree]:
            return commit
    raise NoHistoryError(f"no commit is known from just before {migration}")


def _listed(tree: str) -> dict[str, str]:
    """The files of a folder, and what is in them."""
    entries = (line.split(None, 3) for line in _git("ls-tree", tree).splitlines())
    return {name: blob for _, _, blob, name in entries}


def unpack(commit: str, folder: Path) -> None:
    """Put the packages of that commit into a folder, from where Python can import them."""
    archive = subprocess.run(  # noqa: S603  # our own history
        ["git", "archive", commit, "sidecar", "consumers", "schemas"],  # noqa: S607  # whichever is there
        cwd=ROOT,
        capture_output=True,
        check=True,
    )
    folder.mkdir()
    subprocess.run(["tar", "-x", "-C", str(folder)], input=archive.stdout, check=True)  # noqa: S603, S607  # likewise


def _git(*arguments: str, said: str = "") -> str:
    try:
        found = subprocess.run(  # noqa: S603  # reads our own history
            ["git", *arguments],  # noqa: S607  # whichever is there
            cwd=ROOT,
            input=said,
            capture_output=True,
            text=True,
            check=True,
        )
    except (OSError, subprocess.CalledProcessError) as error:
        raise NoHistoryError(str(error)) from None
    return found.stdout.strip()
