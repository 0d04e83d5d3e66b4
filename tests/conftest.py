"""Fixtures shared by all tests. A test that writes files of a site takes ``site``: a folder of its own, nothing remembered."""

from __future__ import annotations

from pathlib import Path

import pytest

# Files that take longest, begun first, so that no process is left alone with one at the end. `make test` gives whole files to processes in this order.
LONG = ("site/test_demo_site.py", "robust/test_disclosure.py", "robust/test_killed.py", "unit/kernel/test_passport.py", "robust/test_disclosure_editions.py", "site/test_packs.py", "site/test_story.py")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    places = {str(Path(__file__).parent / name): at for at, name in enumerate(LONG)}
    items.sort(key=lambda item: places.get(str(item.path), len(LONG)))


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "own_database: a process of the test's own writes records, on the database that LIANTU_DATABASE_URL names")


@pytest.fixture
def site(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A site folder for this test alone (``LIANTU_DIR``), with what earlier tests read forgotten."""
    from liantu.kernel import desk

    monkeypatch.setenv("LIANTU_DIR", str(tmp_path))
    desk._readings.clear()
    desk.workbook_of.cache_clear()
    return tmp_path


@pytest.fixture
def take(site: Path, db: None):
    """Import a file as a clerk does: bytes and name in, batch (or None) out."""
    from liantu.kernel.desk import accept, open_draft

    def import_file(data: bytes, name: str = "名录.csv", *, as_table: str | None = None, good_only: bool = False):
        return accept(open_draft(data, name, as_table=as_table), good_only=good_only)

    return import_file
