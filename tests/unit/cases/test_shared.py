"""A case's days left and lamp at the edges of the dated rule."""

from __future__ import annotations

from datetime import date

import narwhals as nw
import polars as pl
import pytest

from liantu.cases.choices import STATES
from liantu.cases.shared import SETTLED, with_lamp
from liantu.kernel.edition import schema_of
from liantu.kernel.parameter import parameter
from liantu.kernel.tables import table_of

DAY = date(2026, 10, 31)


def told(**case) -> tuple:
    row = {"id": 1, "code": "W1", "title": "缺电", "state": "doing", "raised_on": date(2026, 10, 20), "updated_on": date(2026, 10, 30), **case}
    frame = nw.from_native(pl.DataFrame([row], schema=schema_of(table_of("case"))).lazy())
    found, = nw.to_native(with_lamp(frame, parameter("case_lamps", DAY).value, DAY)).collect().rows(named=True)
    return found["lamp_rule"], found["lamp"], found["days_left"]


@pytest.mark.parametrize(("case", "answer"), [
    ({"due_on": date(2026, 12, 31)}, ("on_schedule", "green", 61)),
    ({"due_on": DAY, "progress_share": 0.9}, ("on_schedule", "green", 0)),
    ({"due_on": date(2026, 10, 30)}, ("overdue", "red", -1)),
    ({"due_on": date(2026, 10, 30), "state": None}, ("overdue", "red", -1)),
    ({"due_on": date(2026, 10, 30), "state": "suspended"}, ("overdue", "red", -1)),
    ({"due_on": date(2026, 12, 31), "state": "suspended"}, ("suspended", "yellow", 61)),
    ({"due_on": date(2026, 10, 30), "state": "done"}, ("settled", "green", None)),
    ({"due_on": date(2026, 10, 30), "state": "called_back", "satisfaction": "unsatisfied"}, ("unsatisfied", "yellow", None)),
    ({"state": "closed", "closing_proof": "回执"}, ("closed", "green", None)),
    ({"state": "closed"}, ("closed_without_proof", "yellow", None)),
    ({"state": "closed", "closing_proof": "回执", "satisfaction": "unsatisfied"}, ("unsatisfied", "yellow", None)),
    ({"updated_on": date(2026, 8, 31), "raised_on": None}, ("stale", "yellow", None)),
    ({"updated_on": date(2026, 9, 1), "raised_on": None}, ("on_schedule", "green", None)),
    ({"updated_on": date(2026, 7, 31), "raised_on": None}, ("stalled", "red", None)),
    ({"updated_on": None, "raised_on": date(2026, 7, 31)}, ("stalled", "red", None)),
    ({"updated_on": None, "raised_on": None}, ("undated", "none", None)),
    ({"raised_on": date(2026, 10, 1), "due_on": date(2026, 11, 10), "progress_share": 0.49}, ("slow", "yellow", 10)),
    ({"raised_on": date(2026, 10, 1), "due_on": date(2026, 11, 10)}, ("slow", "yellow", 10)),
    ({"raised_on": date(2026, 10, 1), "due_on": date(2026, 11, 10), "progress_share": 0.5}, ("on_schedule", "green", 10)),
    ({"raised_on": date(2026, 10, 10), "due_on": date(2026, 11, 10), "progress_share": 0.1}, ("on_schedule", "green", 10)),
])
def test_lamp(case, answer):
    assert told(**case) == answer


def test_settled_states_are_states():
    assert set(SETTLED) < {c.value for c in STATES}
