"""Where a site keeps its things, how a file is written whole or not at all, and how Django is set up once."""

from __future__ import annotations

import os
import tempfile
import time
from functools import cache
from pathlib import Path

UNFINISHED = ".unfinished-"
DAY_SECONDS = 86_400


def home() -> Path:
    """The folder of this site (``LIANTU_DIR``, else ``./var``)."""
    return Path(os.environ.get("LIANTU_DIR", "var")).resolve()


def folder(name: str) -> Path:
    """A sub-folder of :func:`home`, made when missing."""
    path = home() / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def write_atomic(path: Path, data: bytes, *, lasting: bool = True) -> None:
    """Write a file whole or not at all; a reader sees the old bytes or the new ones. ``lasting`` waits until the disk has them."""
    temporary = unfinished(path, data, lasting=lasting)
    try:
        os.replace(temporary, path)
    except OSError:
        temporary.unlink(missing_ok=True)
        raise


def unfinished(path: Path, data: bytes, *, lasting: bool = True) -> Path:
    """The bytes in a temporary file beside ``path``, to be renamed or linked to it; what a crash left there a day ago is swept."""
    _sweep(path.parent)
    handle, name = tempfile.mkstemp(prefix=UNFINISHED, dir=path.parent)
    with os.fdopen(handle, "wb") as out:
        out.write(data)
        out.flush()
        if lasting:
            os.fsync(out.fileno())
    return Path(name)


@cache
def _sweep(where: Path) -> None:
    """Remove temporary files older than a day, once per folder and process."""
    limit = time.time() - DAY_SECONDS
    for left in where.glob(f"{UNFINISHED}*"):
        try:
            if left.stat().st_mtime < limit:
                left.unlink()
        except FileNotFoundError:
            continue


def setup(folder: Path | None = None) -> None:
    """Make the records of the site (``folder``, else ``LIANTU_DIR``) usable in this process; does nothing the second time."""
    from django.apps import apps

    if folder is not None:
        os.environ["LIANTU_DIR"] = str(folder.resolve())
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.settings")
    if not apps.ready:
        import django

        django.setup()
