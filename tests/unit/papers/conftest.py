"""A hand-made district with figures, in two formal editions, for the tests of the papers."""

from __future__ import annotations

from datetime import date

import pytest

from liantu.kernel.edition import Edition
from liantu.kernel.home import folder
from tests.unit.maps_and_lists.district import District, two_chains


def with_figures() -> District:
    """Two chains with a chief, figures of firms, projects and cases in several lamps, a policy of all chains."""
    made = two_chains()
    made.row("chain", 1).update(chain_chief="区长 王某", lead_office="工信局")
    for node in range(1, 4):
        made.row("chain_node", node).update(stage="mid", stage_code="cells", stage_name="中游·电芯", stage_name_en="Cells", group_code="core", group_name="核心", group_name_en="Core")
    for firm in range(1, 6):
        made.put("annual_figure", enterprise=firm, year=2025, output=1234.5 * firm, revenue=1000.25 * firm, tax=40.0 * firm, employees=30 * firm)
    made.row("enterprise", 1).update(name="=甲（澄岚）新能源动力电池系统集成股份有限公司", products="方形铝壳电池、储能电芯、动力电池系统")
    made.put("project", name="电芯扩产", chain=1, chain_node=2, stage="started", signed_on=date(2025, 6, 1), started_on=date(2025, 9, 1), finish_plan=date(2025, 12, 31), invest_total=52_000.0,
             invest_done=9_000.0, funds_arrived=8_000.0, formal_contract=True, updated_on=date(2026, 3, 1))
    made.put("case", code="W2", title="用电增容没有排期，影响扩产", ask="请链长召集供电公司定方案", chain=1, state="doing", level="chief", due_on=date(2026, 2, 1), lead_office="发改局", updated_on=date(2026, 3, 20))
    return made


@pytest.fixture
def district() -> District:
    return with_figures()


@pytest.fixture
def editions(site, district) -> tuple[Edition, Edition]:
    """The editions of the last meeting (1.0) and of now (2.0): one firm more, one project further."""
    before = district.edition(folder("editions"), "1.0", date(2026, 2, 28))
    firm = district.put("enterprise", name="己", status="active", above_scale=True)
    district.put("placement", enterprise=firm, chain_node=2, grade="confirmed", score=1.0)
    district.put("annual_figure", enterprise=firm, year=2025, output=900.0, revenue=800.0)
    district.row("project", 1).update(stage="started", started_on=date(2026, 3, 10))
    return before, district.edition(folder("editions"), "2.0")


@pytest.fixture
def now(editions) -> Edition:
    return editions[1]
