"""What the pages of possible duplicates show: pairs with reasons, two records column by column, and what a merge would do."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from django.db.models import Count, Max, Min

from liantu.chains.models import Placement
from liantu.enterprises import merging
from liantu.enterprises.duplicates import PossibleDuplicate, possible_duplicates
from liantu.enterprises.merging_many import Foreseen, Group
from liantu.enterprises.models import AnnualFigure, Enterprise, MonthlyFigure
from liantu.enterprises.pair_models import KeptApart
from liantu.kernel.absorb import Absorption
from liantu.kernel.access import visible_columns
from liantu.kernel.batch import same
from liantu.kernel.columns import Column
from liantu.kernel.home import home
from liantu.kernel.models import Change
from liantu.kernel.tables import model_of, table_of
from liantu.web.cells import NOTHING, captions_for, show
from liantu.web.formats import heading, words

JOINED, FILLED, CHOICE, SAME = "joined", "filled", "choice", "same"


def found_pairs() -> tuple[PossibleDuplicate, ...]:
    """Pairs that look like one firm; worked out anew only when the register or what was said of pairs has changed."""
    last = Change.objects.filter(table__in=("enterprise", "kept_apart", "region", "park")).aggregate(last=Max("id"))["last"]
    return _found(str(home()), last or 0, Enterprise.objects.count())


@lru_cache(maxsize=2)
def _found(_home: str, _last: int, _count: int) -> tuple[PossibleDuplicate, ...]:
    return tuple(possible_duplicates())


def backed_by(ids: set[int]) -> dict[int, dict[str, Any]]:
    """What the records hold of each firm: years and months of figures, and nodes where it stands."""
    held: dict[int, dict[str, Any]] = {pk: {"years": 0, "months": 0, "nodes": 0} for pk in ids}
    for model, name in ((AnnualFigure, "years"), (MonthlyFigure, "months"), (Placement, "nodes")):
        rows = model.objects.filter(enterprise_id__in=ids)
        if model is Placement:
            rows = rows.exclude(grade="rejected")
        distinct = {"years": "year", "months": "period", "nodes": "chain_node"}[name]
        for pk, count in rows.values_list("enterprise_id").annotate(n=Count(distinct, distinct=True)):
            held[pk][name] = count
    for pk, first, last in AnnualFigure.objects.filter(enterprise_id__in=ids).values_list("enterprise_id").annotate(Min("year"), Max("year")):
        held[pk]["span"] = str(first) if first == last else f"{first}–{last}"
    return held


def better_kept(one: int, other: int) -> tuple[int, int]:
    """(keep, drop) as proposed: the one with a credit code, then with more figures, then registered first."""
    held = backed_by({one, other})
    codes = dict(Enterprise.objects.filter(pk__in=(one, other)).values_list("id", "uscc"))

    def weight(pk: int) -> tuple[bool, int, int]:
        return bool(codes.get(pk)), held[pk]["years"] + held[pk]["months"] + held[pk]["nodes"], -pk

    return (one, other) if weight(one) >= weight(other) else (other, one)


def grouped(members: tuple[int, ...], alike: Collection[frozenset[int]]) -> Group:
    """A group of records with the one that stays: as proposed for two, among those that all others look like."""
    centres = [pk for pk in members if all(frozenset((pk, other)) in alike for other in members if other != pk)] or members
    keep = centres[0]
    for other in centres[1:]:
        keep = better_kept(keep, other)[0]
    return Group(keep, tuple(pk for pk in members if pk != keep))


def told_group(foreseen: Foreseen, firms: dict[int, Enterprise], user: Any) -> dict[str, Any]:
    """A group as the page shows it: who stays, who goes, what the record that stays gains, what gives way, what moves."""
    group, lines = foreseen.group, []
    effects = [consequences(plan, user) for plan in foreseen.plans]
    now = merging.firm(group.keep)
    for drop in group.drops if not foreseen.refusal else ():
        lines += [{"drop": firms[drop], "line": li} for li in side_by_side(now, merging.firm(drop), set(), user) if li.how in (CHOICE, FILLED) and li.drop != NOTHING]
        now = {c: v if v not in (None, "") else merging.firm(drop).get(c) for c, v in now.items()}
    moved = Counter[str]()
    for effect in effects:
        moved.update({t["table"]: t["moved"] + t["twice"] for t in effect["tables"]})
    members = sorted(group.members)
    return {"keep": firms[group.keep], "drops": [firms[pk] for pk in group.drops], "refusal": foreseen.refusal, "lines": lines, "moved": sorted(moved.items()),
            "given": sum(len(e["given"]) + e["hidden"] for e in effects), "loops": sum(len(e["loops"]) for e in effects), "value": "-".join(map(str, group.members)),
            "pairs": [(one, other) for at, one in enumerate(members) for other in members[at + 1:]], "seen": [f"{pk}-{firms[pk].revision}" for pk in group.members]}


@dataclass(frozen=True)
class Line:
    """One column of two records side by side. ``how``: joined (both kept), filled (one is empty), choice (a person picks) or same."""

    column: Column
    keep: str
    drop: str
    how: str
    takes: bool


def side_by_side(keep: dict[str, Any], drop: dict[str, Any], take: set[str], user: Any) -> list[Line]:
    """The columns that a person may see, those on which the two differ first."""
    columns = visible_columns(user, table_of("enterprise").columns)
    names = captions_for(columns, [keep, drop])
    adding = set(Enterprise.Table.accumulate)
    lines = []
    for c in columns:
        one, two = keep[c.name], drop[c.name]
        if one in (None, "") and two in (None, ""):
            continue
        how = SAME if same(one, two) else FILLED if one in (None, "") or two in (None, "") else JOINED if c.name in adding else CHOICE
        lines.append(Line(c, show(one, c, names), show(two, c, names), how, c.name in take and how == CHOICE))
    return sorted(lines, key=lambda li: (li.column.name != "name", li.column.name != "uscc", [CHOICE, JOINED, FILLED, SAME].index(li.how)))


def consequences(plan: Absorption, user: Any) -> dict[str, Any]:
    """What a merge would do beyond the firm's own columns: rows that move, rows that join, values that give way, links that go."""
    twice = Counter(table for table, _, _ in plan.absorbed)
    tables = [{"table": words(table_of(t)), "moved": plan.moved.get(t, 0), "twice": twice.get(t, 0)} for t in sorted({*plan.moved, *twice})]
    given, hidden = [], 0
    for y in plan.yielded:
        if y.table == plan.table:
            continue
        column = table_of(y.table).column(y.column)
        if column not in visible_columns(user, table_of(y.table).columns):
            hidden += 1
            continue
        names = captions_for([column], [{y.column: y.value}, {y.column: y.kept}])
        given.append({"table": words(table_of(y.table)), "row": _row_words(y.table, y.into), "column": heading(column), "kept": show(y.kept, column, names), "value": show(y.value, column, names)})
    return {"tables": tables, "given": given, "hidden": hidden, "loops": [words(table_of(t)) for t, _ in plan.loops]}


def _row_words(table: str, record: int) -> str:
    """What tells a row among those of its firm: the rest of its natural key, such as the year and the source."""
    declared = table_of(table)
    columns = [declared.column(k) for k in declared.key if declared.column(k).reference != "enterprise"]
    row = model_of(table).objects.get(pk=record)
    values = {c.name: getattr(row, f"{c.name}_id" if c.reference else c.name) for c in columns}
    names = captions_for(columns, [values])
    return " · ".join(text for c in columns if (text := show(values[c.name], c, names)) != NOTHING) or f"#{record}"


def kept_rows(limit: int = 50) -> list[dict[str, Any]]:
    """The latest words that two are two firms."""
    rows = KeptApart.objects.select_related("enterprise", "other").order_by("-pk")[:limit]
    return [{"id": r.pk, "one": r.enterprise, "other": r.other, "other_name": r.other.name if r.other else r.other_name, "reason": r.reason, "who": r.who, "on": r.decided_on} for r in rows]


def counted() -> dict[str, int]:
    """How many were merged and told apart so far, and stand."""
    return {"merged": merging.standing_merges(), "apart": KeptApart.objects.count()}
