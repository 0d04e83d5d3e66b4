"""A pytest plugin of ``run_on_postgres.py``: of the tests chosen, only those that touch the records run; the others do the same on any database.

A test touches the records when it asks for the database, or carries the mark ``own_database`` because a process that it starts does.
"""

from __future__ import annotations

import pytest

ASKING = {"db", "transactional_db", "django_db_reset_sequences", "django_db_serialized_rollback", "live_server"}


def touches(item: pytest.Item) -> bool:
    """Whether a test could go another way on another database."""
    return bool(ASKING & set(getattr(item, "fixturenames", ()))) or any(item.get_closest_marker(mark) for mark in ("django_db", "own_database"))


def pytest_collection_modifyitems(config: pytest.Config, items: list[pytest.Item]) -> None:
    """Leave out the tests that touch no records, and say how many."""
    left = [item for item in items if not touches(item)]
    items[:] = [item for item in items if touches(item)]
    config.hook.pytest_deselected(items=left)
