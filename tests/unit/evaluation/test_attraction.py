"""The attraction protocol on made-up tables: which columns and years it takes, what it counts, what it answers when it cannot judge."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import polars as pl
import pytest

from liantu.evaluation import attraction_entry as protocol
from liantu.evaluation.attraction_panel import read
from liantu.evaluation.report import Asked
from liantu.kernel.problems import UserError

REGIONS, ITEMS = 45, 30


def table(folder: Path, years: list[int], *, columns: tuple[str, str, str, str] = ("fips", "naics4", "year", "estab"), sparse_from: int = 9999, name: str = "panel.csv") -> Path:
    """Amounts that drift from year to year; from ``sparse_from`` on small cells are withheld, as offices do."""
    chance = np.random.default_rng(1)
    fit = chance.normal(size=(REGIONS, 3)) @ chance.normal(size=(3, ITEMS)) / 1.7
    taste, rows = chance.normal(0, 1.2, fit.shape), []
    for year in years:
        amounts = chance.poisson(20 * np.exp(fit + taste))
        rows += [(f"{r:05d}", f"{31 + i // 10}{i % 10:02d}", year, int(n)) for (r, i), n in np.ndenumerate(amounts) if n > 0 and not (year >= sparse_from and n < 15)]
        taste = 0.7 * taste + chance.normal(0, 0.9, fit.shape)
    pl.DataFrame(rows, schema=list(columns), orient="row").write_csv(folder / name)
    return folder / name


def test_columns_years_level_and_groups_are_found(tmp_path: Path) -> None:
    found = read(table(tmp_path, [2011, 2016, 2021]), {})
    assert found.panel.values.shape == (3, REGIONS, ITEMS) and found.panel.years.tolist() == [2011, 2016, 2021] and found.panel.level == 5
    assert [int(g.max()) + 1 for g in found.panel.item_groups] == [3, 3] and found.regions[1] == "00001"
    named = read(table(tmp_path, [2011, 2016], columns=("甲", "乙", "丙", "丁")), {"region": "甲", "industry": "乙", "year": "丙", "value": "丁", "level": "7"})
    assert named.panel.level == 7 and len(named.panel.years) == 2


def test_many_years_are_cut_into_two_equal_spans_within_one_way_of_counting(tmp_path: Path) -> None:
    assert read(table(tmp_path, list(range(2010, 2017))), {}).panel.years.tolist() == [2010, 2013, 2016]
    broken = read(table(tmp_path, list(range(2010, 2019)), sparse_from=2015), {})
    assert broken.panel.years.tolist() == [2010, 2012, 2014] and any("口径不同" in n for n in broken.notes)
    blanked = read(table(tmp_path, [2010, 2014, 2018], sparse_from=2015), {})
    assert blanked.panel.years.tolist() == [2010, 2014, 2018] and any("当作 0" in n for n in blanked.notes)
    assert min(v[v > 0].min() for v in blanked.panel.values) >= 15
    told = read(table(tmp_path, list(range(2010, 2019)), sparse_from=2015), {"years": "2010,2014,2018"})
    assert told.panel.years.tolist() == [2010, 2014, 2018] and any("当作 0" in n for n in told.notes) and told.panel.breaks == (2,)
    assert read(table(tmp_path, [2010, 2012, 2013, 2014]), {"years": "2010,2013"}).panel.years.tolist() == [2010, 2013]


def test_figures_of_a_made_up_panel(tmp_path: Path) -> None:
    file = table(tmp_path, [2011, 2016, 2021])
    found = {(m.metric, m.method): m for m in protocol.run(Asked(Path(), seeds=1, quick=True, options={"panel": str(file)}))}
    for method in ("随机", "热门行业", "现有区位商", "关联密度", protocol.NEIGHBOURS, "EASE", protocol.OURS):
        area = found["AUC", method]
        assert area.low <= area.value <= area.high and area.n == REGIONS and area.target is None
    assert 0.4 < found["AUC", "随机"].value < 0.6 and found["AUC", protocol.OURS].value > 0.65
    assert found["平均精度", protocol.OURS].value > found["平均精度", "随机"].value
    gap = found["平均精度之差", f"{protocol.OURS} 减 EASE"]
    assert gap.value == pytest.approx(found["平均精度", protocol.OURS].value - found["平均精度", "EASE"].value)
    assert found["校准误差", protocol.OURS].value < 0.06 and "最高 1%" in found["校准误差", protocol.OURS].note
    assert "列：" in found["CPU 秒（全部）", protocol.OURS].note


def test_two_years_are_judged_out_of_fold_and_say_so(tmp_path: Path) -> None:
    found = protocol.run(Asked(Path(), seeds=1, quick=True, options={"panel": str(table(tmp_path, [2011, 2016]))}))
    assert any(m.method == protocol.OURS and "只有两个年份" in m.note for m in found)


@pytest.mark.parametrize(("years", "options", "code"), [
    ([2011], {}, "panel-too-short"), ([2011, 2016], {"region": "nowhere"}, "no-panel-column"), ([2011, 2016], {"years": "2016,2011"}, "no-panel-year"),
    ([2011, 2016, 2021], {"level": "1e9"}, "panel-without-entries"),
])
def test_what_cannot_be_judged_is_said(tmp_path: Path, years: list[int], options: dict[str, str], code: str) -> None:
    with pytest.raises(UserError) as found:
        protocol.run(Asked(Path(), seeds=1, quick=True, options={"panel": str(table(tmp_path, years)), **options}))
    assert found.value.code == code


def test_no_file_no_folder(tmp_path: Path) -> None:
    for options in ({}, {"panel": str(tmp_path / "nothing.csv")}):
        with pytest.raises(UserError):
            protocol.run(Asked(tmp_path, options=options))
