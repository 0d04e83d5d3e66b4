"""Series of firms over months: cumulative output taken apart, one source of employees, gaps kept."""

from datetime import date
from decimal import Decimal

import pytest

from liantu.kernel.batch import Planned
from liantu.kernel.output import run
from liantu.methods.monthly_rows import rows_array, split_february
from liantu.resilience.detecting import changes
from liantu.resilience.series import axis, series_of
from tests.unit.resilience import kit


@pytest.fixture
def one(site, db):
    kit.chain()
    return kit.firm(1)


def rows(one, **by_period):
    return [Planned("monthly_figure", {"enterprise": one.record, "period": period.replace("_", "-")[1:], **values}) for period, values in by_period.items()]


def test_output_of_a_month_out_of_cumulative_figures(one):
    kit.write_rows(*rows(one, m2026_02={"output_cumulative": Decimal(200), "source": "工信"}, m2026_03={"output_cumulative": Decimal(310), "source": "工信"},
                         m2026_04={"output": Decimal(90), "output_cumulative": Decimal(400), "source": "工信"}, m2026_06={"output_cumulative": Decimal(650), "source": "工信"}))
    months = axis(date(2026, 6, 30), 6)
    assert series_of(kit.edition(), "output", months)[one.record] == [None, 200.0, 110.0, 90.0, None, None]  # without May, June alone is not known


def test_a_cumulative_figure_that_falls_gives_no_month(one):
    kit.write_rows(*rows(one, m2026_08={"output_cumulative": Decimal(800), "source": "工信"}, m2026_09={"output_cumulative": Decimal(700), "source": "工信"},
                         m2026_10={"output_cumulative": Decimal(790), "source": "工信"}))
    edition = kit.edition()
    assert series_of(edition, "output", axis(kit.OCTOBER, 2))[one.record] == [None, 90.0]
    assert run("cumulative_drops", edition).frame.select("period", "value", "baseline").row(0) == ("2026-09", 700.0, 800.0)


def test_january_and_february_handed_in_apart(one):
    kit.write_rows(*rows(one, m2026_01={"output": Decimal(70), "source": "工信"}, m2026_02={"output": Decimal(50), "source": "工信"}))
    assert series_of(kit.edition(), "output", axis(date(2026, 2, 28), 2))[one.record] == [None, 120.0]
    spread = split_february(rows_array([[None, 120.0]]), ["2026-01", "2026-02"])
    assert spread.tolist() == [[60.0, 60.0]]


def test_employees_come_from_one_source(one):
    kit.write_rows(*(Planned("monthly_figure", {"enterprise": one.record, "period": kit.month(back), "employees": 100, "source": "工信"}) for back in range(12)))
    kit.write_rows(*(Planned("monthly_figure", {"enterprise": one.record, "period": kit.month(back), "employees": 60 if back == 0 else 90, "source": "人社"}) for back in range(4)))
    months, edition = axis(kit.OCTOBER, 12), kit.edition()
    assert series_of(edition, "employees", months)[one.record] == [100.0] * 12
    assert series_of(edition, "employees", months, steepest=True)[one.record] == [None] * 8 + [90.0] * 3 + [60.0]


def test_the_detector_sees_a_break_and_no_season(one):
    season = {back: 0.3 for back in range(48) if kit.month(back)[5:] in ("08", "09", "10")}
    other = kit.firm(2)
    kit.power(one, {0: 0.3}, months=48)
    kit.power(other, season, months=48)
    for number in range(3, 40):
        kit.power(kit.firm(number), months=48)
    found = changes(kit.edition())
    assert [(f.enterprise, f.item, f.period, f.level) for f in found] == [(one.record, "power_kwh", "2026-10", "orange")]
    assert found[0].change == pytest.approx(-0.7, abs=0.03)
