"""The known answers of the synthetic district, and the file ``planted.json`` that holds them.

``planted.json`` (UTF-8, sorted keys) has these keys; money is 万元, rows are spreadsheet rows counted from 1, a *place* is
``[file, sheet, row]`` (``sheet`` is "" where the format has none), node codes are written ``chain_code/node_code``:

=================  =================================================================================================
settings           seed, firms, months, supply_links, last_month: what :func:`liantu.demo.generate` was called with
chains             codes of the chain templates used
firms              uscc → name, former (names), park, chain ("" = off chain), nodes (the first is the main one),
                   also (nodes that own the same words, so that a text cannot tell them apart), industry_code, above_scale, output_2025, revenue_2025, longitude, latitude
missing_nodes      nodes at which no firm stands
weak_nodes         node → firms, output_2025: nodes with firms, none of them above scale
single_suppliers   node, uscc, share, firms, planted: one above-scale firm makes at least ``single_share`` of the output
single_share       the share (unit: 1) by which single suppliers were planted; a fact of this data set, not a policy
chain_masters      chain, uscc, name, node, revenue_2025, local_suppliers (firms of the district that supplied it in 2025)
duplicates         kind, names (2), places (2), uscc: two rows that are one firm under two spellings
broken_codes       place, kind (check, inner, float, length), seen, true, name
power_falls        uscc, first_month, share_left: firms whose electricity broke off
confirmed          uscc, node, role: placements on the sheet that people confirmed
unlisted_headers   file, sheet, header, means: headers that no alias list knows; a clerk has to say what they mean
dirt               place, code, column, seen, kept: cells of the sheets 15-25 and 31 that the desk must report; ``kept`` = the row goes in all the same
red_projects       name, why (neglect, late_start, late_finish): projects that show a red lamp on the first as-of day
yellow_projects    name, why (slow, paused): projects that show a yellow lamp on that day
unproven_stages    project, stage: stage events from 签约 on without evidence
cases              overdue, stalled, slow, suspended, no_proof, unsatisfied, due_soon, chief, general → case numbers (as of the first day)
expired_policies   names of policies whose validity ended before the first as-of day; ``unreviewed_policies`` have no fair-competition review
chokepoints        node, route, grasp: technology routes that choke
capacities         uscc, item, spare, switch_days, kind (ready, full = nothing left, stale = answered two years before): what firms could still supply
presence           node → cities: where each missing node of the district is made elsewhere
watch              found: kind → firms (uscc) that the watch must tell (slow_decline, stock_days, import_dependence, orders_fall, relocation_signs, stop_reports,
                   insured_fall, staff_cuts); not_found: kind → false friends that it must not tell (slack_season, planned_maintenance, spring_festival as of
                   February 2026, recovered_stock, old_sign, ended_stop)
attraction         what is planted about 招商, by part: verdicts, targets, pipeline, promises (each part's module in liantu.demo says its keys)
changes            what differs between the two formal editions, by the lists of ``liantu compare``; written by the second month
totals             distinct_firms, above_scale, output_2025 (all firms), park_output_2025 (park → 万元),
                   supply_rows, supply_rows_local (both ends in the register), records (table → rows of the sheets 15-25)
files              file → rows of data
=================  =================================================================================================
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

Place = tuple[str, str, int]


@dataclass
class Planted:
    """Known answers; the fields are described in the docstring of this module."""

    settings: dict[str, Any]
    chains: list[str] = field(default_factory=list)
    firms: dict[str, dict[str, Any]] = field(default_factory=dict)
    missing_nodes: list[str] = field(default_factory=list)
    weak_nodes: dict[str, dict[str, Any]] = field(default_factory=dict)
    single_suppliers: list[dict[str, Any]] = field(default_factory=list)
    single_share: float = 0.0
    chain_masters: list[dict[str, Any]] = field(default_factory=list)
    duplicates: list[dict[str, Any]] = field(default_factory=list)
    broken_codes: list[dict[str, Any]] = field(default_factory=list)
    power_falls: list[dict[str, Any]] = field(default_factory=list)
    confirmed: list[dict[str, Any]] = field(default_factory=list)
    unlisted_headers: list[dict[str, str]] = field(default_factory=list)
    dirt: list[dict[str, Any]] = field(default_factory=list)
    red_projects: list[dict[str, str]] = field(default_factory=list)
    yellow_projects: list[dict[str, str]] = field(default_factory=list)
    unproven_stages: list[list[str]] = field(default_factory=list)
    cases: dict[str, list[str]] = field(default_factory=dict)
    expired_policies: list[str] = field(default_factory=list)
    unreviewed_policies: list[str] = field(default_factory=list)
    chokepoints: list[dict[str, str]] = field(default_factory=list)
    capacities: list[dict[str, Any]] = field(default_factory=list)
    presence: dict[str, list[str]] = field(default_factory=dict)
    watch: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    attraction: dict[str, Any] = field(default_factory=dict)
    changes: dict[str, Any] = field(default_factory=dict)
    totals: dict[str, Any] = field(default_factory=dict)
    files: dict[str, int] = field(default_factory=dict)

    def save(self, path: Path) -> None:
        """Write ``planted.json``."""
        text = json.dumps(asdict(self), ensure_ascii=False, indent=1, sort_keys=True)
        path.write_text(text + "\n", encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Planted:
        """Read ``planted.json``."""
        return cls(**json.loads(path.read_text(encoding="utf-8")))
