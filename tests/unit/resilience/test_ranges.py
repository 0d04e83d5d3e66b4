"""The interval of a shock: drawn once, kept, wider where nothing is told, and silent where it cannot speak."""

from __future__ import annotations

import pytest

pytest.importorskip("liantu.methods.ensemble_losses")

from liantu.resilience import ranges, scenarios
from liantu.resilience.exposure import exposure_of
from liantu.resilience.network import firm_network
from tests.unit.resilience.trade_district import district


def town(listed):
    """24 firms in three steps 料 → 芯 → 车; the first ``listed`` buyers told their suppliers."""
    firms = {f"{node}{n}": node for node in ("料", "芯", "车") for n in range(8)}
    trade = []
    for n in range(listed):
        trade += [(f"料{n}", f"芯{n}", "料", 20.0), (f"料{(n + 1) % 8}", f"芯{n}", "料", 5.0), (f"芯{n}", f"车{n}", "芯", 30.0), (f"芯{(n + 3) % 8}", f"车{n}", "芯", 6.0)]
    return district({"料": True, "芯": True, "车": False}, [("料", "芯", 1), ("芯", "车", 1)], firms, trade, {name: 60.0 + 3 * at for at, name in enumerate(firms)})


def test_networks_are_drawn_once_and_kept(tmp_path, site):
    edition = town(4).edition(tmp_path)
    exposure = exposure_of(edition, {1: 0.0})
    assert not ranges.ready(edition) and ranges.range_of(edition, exposure) is None
    told = []
    draws = ranges.prepare(edition, lambda done, total: told.append((done, total)))
    assert draws == firm_network(edition).rule["draws"] and ranges.ready(edition) and told
    found = ranges.range_of(edition, exposure)
    assert found.draws == draws and found.low <= exposure.totals["output"] <= found.high and found.low >= exposure.totals["output_own"]
    assert ranges.with_range(edition, exposure).interval == (found.low, found.high)
    ranges.prepare(edition, lambda done, total: pytest.fail("drawn twice"))


def test_what_nobody_told_widens_it(tmp_path, site):
    widths = []
    for listed in (7, 2):
        edition = town(listed).edition(tmp_path, number=f"n{listed}")
        ranges.prepare(edition)
        found = [ranges.range_of(edition, exposure_of(edition, {firm: 0.0})) for firm in range(1, 9)]
        widths.append(sum(one.high - one.low for one in found))
    assert widths[1] > 1.5 * widths[0] > 0


def test_shocks_to_links_have_none(tmp_path, site):
    edition = town(3).edition(tmp_path)
    ranges.prepare(edition)
    assert ranges.range_of(edition, exposure_of(edition, scenario=scenarios.item_banned(firm_network(edition), 1))) is None


def test_firms_whose_lists_narrow_it_come_first_on_the_phone_list(tmp_path, site):
    from liantu.resilience.phone_list import CUSTOMERS, LIST, phone_list

    edition = town(3).edition(tmp_path)
    ranges.prepare(edition)
    exposure = exposure_of(edition, {1: 0.0})
    lists = ranges.lists_to_ask(edition, exposure)
    assert lists and [one.left for one in lists] == sorted((one.left for one in lists), reverse=True)
    calls = phone_list(exposure, lists)
    assert [call.enterprise for call in calls[:len(lists)]] == [one.enterprise for one in lists] and calls[0].left == lists[0].left
    assert {CUSTOMERS, LIST} & {question.kind for question in calls[0].questions}
    assert len({call.enterprise for call in calls}) == len(calls) <= 10
    assert all(call.left is None for call in phone_list(exposure))


def test_networks_outlive_what_is_no_trade(tmp_path, site):
    from dataclasses import replace

    from liantu.resilience.network import trade_mark

    edition = town(4).edition(tmp_path)
    ranges.prepare(edition)
    tables = edition.manifest.tables
    later = replace(edition, manifest=replace(edition.manifest, number="W000009", as_of="2026-12-31", tables={**tables, "risk_event": {"rows": 1, "sha256": "0" * 64}}))
    moved = replace(edition, manifest=replace(edition.manifest, tables={**tables, "supply_link": {**tables["supply_link"], "sha256": "0" * 64}}))
    assert later.manifest.content != edition.manifest.content and trade_mark(later) == trade_mark(edition) and ranges.ready(later)
    assert trade_mark(moved) != trade_mark(edition)
