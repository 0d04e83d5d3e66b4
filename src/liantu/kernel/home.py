"""Where a site keeps its things, and how Django is set up once for commands, notebooks and tests."""

from __future__ import annotations

import os
from pathlib import Path


def home() -> Path:
    """The folder of this site (``LIANTU_DIR``, else ``./var``)."""
    return Path(os.environ.get("LIANTU_DIR", "var")).resolve()


def folder(name: str) -> Path:
    """A sub-folder of :func:`home`, made when missing."""
    path = home() / name
    path.mkdir(parents=True, exist_ok=True)
    return path


def setup() -> None:
    """Make the records usable in this process; does nothing the second time."""
    from django.apps import apps

    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "liantu.settings")
    if not apps.ready:
        import django

        django.setup()
