"""Planted single suppliers of the synthetic district stand high in the list of systemic risk."""

import json

from tests.site.conftest import liantu


def test_planted_single_suppliers_rank_high(demo_site):
    """Measured: the rank of every planted single supplier among all firms, by the share of output lost when it alone closes; and, since size alone lifts
    a firm, how many of the 50 firms nearest in output take at least as much from others (one half by chance)."""
    site = demo_site[0]
    told = json.loads(liantu("run", "systemic_risk", "--format", "json", site=site).stdout)
    planted = json.loads(next(site.rglob("planted.json")).read_text(encoding="utf-8"))
    wanted = {row["uscc"] for row in planted["single_suppliers"] if row["planted"]}
    rows = told["rows"]
    ranks = sorted(row["rank"] for row in rows if row["uscc"] in wanted)
    assert len(ranks) >= 2, "too few planted firms were taken in to measure anything"
    assert max(ranks) <= 0.1 * len(rows), (ranks, len(rows))
    alike = [_above(row, [other for other in rows if other["uscc"] not in wanted]) for row in rows if row["uscc"] in wanted]
    assert sum(alike) / len(alike) < 0.5, alike


def _own(row):
    return row["output_at_stake"] - row["spread_output"]


def _above(row, others):
    """The share of the 50 firms nearest in own output whose stop takes at least as much from other firms."""
    near = sorted(others, key=lambda other: abs(_own(other) - _own(row)))[:50]
    return sum(other["spread_output"] >= row["spread_output"] for other in near) / len(near)
