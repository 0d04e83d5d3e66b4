"""From rows read off a sheet to rows to write: references found, existing rows met, companions split off.

Blank cells never erase; columns declared ``accumulate`` (former names, qualifications) gather values instead of replacing
them. Everything is decided against the register as it stands inside the writer's transaction.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from liantu.kernel.batch import Planned, same, set_planned, stored_name
from liantu.kernel.columns import Column, Table
from liantu.kernel.pause import collection_paused
from liantu.kernel.plan_companion import CompanionPlan
from liantu.kernel.plan_fit import Fit, fits
from liantu.kernel.plan_lookup import identify, nearest, rows_with, share_within, text_of
from liantu.kernel.problems import Problem, catalogue
from liantu.kernel.tables import model_of, models_by_table, table_of
from liantu.kernel.word_lists import gathered, join_words, split_words

if TYPE_CHECKING:
    from liantu.kernel.intake import Reading, Row

catalogue("unknown-reference", "error", "「{column}」填写的「{seen}」不在{table}里。", "{column} {seen} is not in the register {table}.",
          "请改成名录里的名称，或先导入{table}。{near}", "Use a registered name or import {table} first. {near}")
catalogue("unknown-reference-blank", "warning", "「{column}」填写的「{seen}」不在{table}里，这一格留空，其余照导。", "{column} {seen} is not in the register {table}; left blank.",
          "请改成名录里的名称，或先导入{table}。{near}", "Use a registered name or import {table} first. {near}")
catalogue("needs-key", "error", "缺少「{column}」，无法认定是哪一行。", "{column} is missing, so the row cannot be told.", "请补填「{column}」，或在标题里写明。", "Fill in {column}.")
catalogue("renamed", "warning", "信用代码相同而名称不同：名录为「{before}」，本表为「{seen}」。", "Same code, other name: {before} → {seen}.",
          "将按更名处理，旧名存为曾用名。", "Treated as a change of name.")
catalogue("code-conflict", "error", "「{seen}」在名录里的信用代码是 {before}，本表写的是 {now}。", "{seen} has code {before} in the register, {now} here.",
          "请核对两处代码，改正后再导入。", "Check both codes.")
catalogue("code-repaired", "warning", "信用代码被表格软件损坏（{seen}），按校验位和企业名称还原为 {now}。", "Damaged code repaired by check digits and name: {now}.",
          "请核对还原的代码；以后请把该列设为文本。", "Please verify; format the column as text.")
catalogue("same-firm", "info", "与「{before}」（{where}）是同一家企业。", "The same firm as {before} ({where}).", "两行合并为一家。", "The rows are merged into one.")
catalogue("possible-duplicate", "error", "「{seen}」没有可用的信用代码，名称与「{before}」极近，疑为同一家。", "{seen} has no usable code and is nearly {before}: perhaps one firm.",
          "是同一家请改用该名称；不是请补填信用代码。", "If it is the same firm use that name; if not, give its code.")
catalogue("said-twice", "warning", "与上面某行说的是同一条记录，「{column}」却不同：那里是「{first}」，这里是「{seen}」。", "The same record stands above with another {column}: {first}, here {seen}.",
          "将按后一行保存，请核对。", "The later row is taken; please check.")
catalogue("ambiguous-name", "error", "叫「{seen}」的企业不止一家（{codes}），没有信用代码不能认定是哪一家。", "More than one firm is called {seen} ({codes}); without a code none can be told.",
          "请补填信用代码。", "Fill in the credit code.")
catalogue("no-year", "error", "这些数字没有年份。", "These figures have no year.", "请在标题或表头写明年份，如「2025年营业收入」。", "State the year in the title or header.")
catalogue("changed-meanwhile", "warning", "这一行在读表之后被别人改过。", "Someone changed this row meanwhile.", "请重新打开核对。", "Reopen and check.")

UNSTATED = "未注明"
SOURCES = {"供电": "供电公司", "电力": "供电公司", "用电": "供电公司", "税务": "税务局", "税收": "税务局", "统计": "统计局", "工信": "工信局", "科技": "科技局", "商务": "商务局", "人社": "人社局"}


@dataclass
class Plan:
    """What accepting a reading would do. ``rows`` are in writing order; ``unchanged`` counts rows already as stored.

    ``met`` tells for each good sheet row (sheet, row number) the planned row it became; ``outside`` counts names kept as
    units outside the register; ``fresh`` finds new rows of this plan by code or name, for references inside one file.
    """

    rows: list[Planned] = field(default_factory=list)
    problems: list[Problem] = field(default_factory=list)
    unchanged: int = 0
    bad: set[tuple[str, int]] = field(default_factory=set)
    outside: int = 0
    fresh: dict[str, dict[str, Planned]] = field(default_factory=dict)
    met: list[tuple[str, int, Planned]] = field(default_factory=list)

    def counts(self) -> dict[str, int]:
        """Rows to create and to update."""
        return {"created": sum(1 for p in self.rows if p.record is None), "updated": sum(1 for p in self.rows if p.record is not None)}


def make_plan(reading: Reading) -> Plan:
    """Plan all good rows of a reading. Rows with error problems are left out and listed in ``bad``."""
    with share_within(), collection_paused():
        return _make_plan(reading)


def _make_plan(reading: Reading) -> Plan:
    plan = Plan()
    by_table: dict[str, list[Row]] = defaultdict(list)
    layouts = {layout.sheet: layout for layout in reading.layouts}
    for read in reading.rows:
        row = replace(read, values=dict(read.values), problems=list(read.problems))
        if row.ok:
            by_table[layouts[row.sheet].table].append(row)
        else:
            plan.bad.add((row.sheet, row.number))
    for name, rows in sorted(by_table.items(), key=lambda item: list(models_by_table()).index(item[0])):
        _TablePlan(plan, reading, name, layouts).take(rows)
    return plan


class _TablePlan:
    """Planning of all rows of one table: references first, then existing rows, then differences."""

    def __init__(self, plan: Plan, reading: Reading, name: str, layouts: dict[str, Any]) -> None:
        self.plan, self.reading, self.name, self.layouts = plan, reading, name, layouts
        self.table: Table = table_of(name)
        self.model = model_of(name)
        self.accumulate = set(getattr(self.model.Table, "accumulate", ()))
        self.has_source = "source" in self.table.names
        self.fits = fits(name)
        self.titled: dict[str, list[tuple[str, str]]] = {}
        self.sources: dict[str, str] = {}
        self.on_list: set[int] = set()
        self.said: dict[int, dict[str, Any]] = {}
        self.companions = [CompanionPlan(self, c, f"{c}.") for c in self.table.companions]

    # -- problems -------------------------------------------------------------------------------------------------
    def problem(self, row: Row, code: str, column: Column | None, seen: str = "", **details: Any) -> None:
        name = column.name if column else ""
        problem = Problem(code, self.reading.file, row.sheet, row.number, row.cells.get(name, ""), column.zh if column else "", seen,
                          tuple((k, str(v)) for k, v in details.items()))
        self.plan.problems.append(problem)
        row.problems.append(problem)
        if problem.severity == "error":
            self.plan.bad.add((row.sheet, row.number))

    # -- the walk -------------------------------------------------------------------------------------------------
    def take(self, rows: list[Row]) -> None:
        values = [self._own_values(row) for row in rows]
        self._settle(rows, values, "settle_codes")
        self._references(rows, values)
        self._settle(rows, values, "settle")
        for row, value in zip(rows, values, strict=True):
            self.fit(row, value, self.fits)
        for companion in self.companions:
            companion.faults(rows)
        keep = [i for i, row in enumerate(rows) if row.ok]
        rows, values = [rows[i] for i in keep], [values[i] for i in keep]
        existing = self._existing(rows, values)
        pending: dict[Any, Planned] = {}
        firsts: list[tuple[Row, Planned]] = []
        for row, value, (record, key, current) in zip(rows, values, existing, strict=True):
            if row.ok:
                item = self._plan_row(row, value, record, key, current, pending)
                firsts.append((row, item))
                self.plan.met.append((row.sheet, row.number, item))
        self.close(pending.values())
        for companion in self.companions:
            companion.take(firsts)
        self.plan.rows = [p for p in self.plan.rows if p.record is None or p.values or p.links]

    def fit(self, row: Row, values: dict[str, Any], limits: dict[str, tuple[Column, Fit]], prefix: str = "") -> bool:
        """Make values fit their columns (decimal places); what cannot fit is a problem at its cell. Answers whether all fit."""
        good = True
        for name, value in values.items():
            if name in limits and value is not None:
                column, fit = limits[name]
                values[name], fault = fit(value)
                if fault is not None:
                    place = next((k for k in (f"{prefix}{name}", name.removesuffix("_name")) if k in row.cells), name)
                    self.problem(row, fault[0], column.renamed(place), str(row.seen.get(place, value))[:200], **fault[1])
                    good = False
        return good

    def _own_values(self, row: Row) -> dict[str, Any]:
        own = {c: text_of(v) for c, v in row.values.items() if v is not None and "." not in c}
        if self.has_source and not own.get("source"):
            own["source"] = self.source_of(row.sheet)
        for column, value in getattr(self.model.Table, "import_defaults", {}).items():
            own.setdefault(column, value)
        for column, value in self._title_values(row.sheet):
            own[column] = join_words((*split_words(own.get(column)), value))
        return own

    def _title_values(self, sheet: str) -> list[tuple[str, str]]:
        if sheet not in self.titled:
            title = self._title(sheet)
            self.titled[sheet] = [told for words, told in getattr(self.model.Table, "title_values", {}).items() if words in title]
        return self.titled[sheet]

    def _title(self, sheet: str) -> str:
        layout = self.layouts.get(sheet)
        return f"{self.reading.file} {sheet} {layout.context.get('title', '') if layout else ''}"

    def source_of(self, sheet: str) -> str:
        if sheet not in self.sources:
            layout = self.layouts.get(sheet)
            title = self._title(sheet)
            told = layout.context.get("source") if layout else None
            self.sources[sheet] = str(told) if told else next((office for word, office in SOURCES.items() if word in title), UNSTATED)
        return self.sources[sheet]

    def _settle(self, rows: list[Row], values: list[dict[str, Any]], hook: str) -> None:
        """Let the model settle what only its room knows: codes before references are looked up, the rest after."""
        settle = getattr(self.model, hook, None)
        if settle:
            settle(self, rows, values)

    def _references(self, rows: list[Row], values: list[dict[str, Any]]) -> None:
        for column in self.table.columns:
            if column.reference is None:
                continue
            wanted, at = [], []
            second_name = getattr(model_of(column.reference).Table, "second_identifier", None)
            second_key = f"{column.name}.{second_name}"
            for index, (row, value) in enumerate(zip(rows, values, strict=True)):
                name = value.pop(column.name, None)
                second = {str(second_name): str(row.values[second_key])} if second_name and row.values.get(second_key) is not None else {}
                if name is None and not second:
                    continue
                wanted.append({"name": str(name) if name is not None else None, **second, "_chain": _text(value.get("chain"))})
                at.append(index)
            found = identify(column.reference, wanted)
            keep_name = self.model._meta.get_field(column.name).keep_name
            for want, index, record in zip(wanted, at, found, strict=True):
                self._take_reference(rows[index], values[index], column, want, record, keep_name)

    def _take_reference(self, row: Row, value: dict[str, Any], column: Column, want: dict[str, str | None], record: int | None, keep_name: str | None) -> None:
        seen = want["name"] or next((v for k, v in want.items() if v and not k.startswith("_") and k != "name"), "") or ""
        if keep_name:
            value[keep_name] = seen
        fresh = self.plan.fresh.get(column.reference or "", {}).get(seen) if record is None else None
        if record is not None or fresh is not None:
            value[column.name] = record if fresh is None else fresh
        elif keep_name:
            self.plan.outside += 1
        else:
            near = nearest(column.reference or "", seen)
            self.problem(row, "unknown-reference" if column.required else "unknown-reference-blank", column, seen, table=table_of(column.reference or "").zh,
                         near=f"是不是「{near}」？" if near else "")

    def _key(self, value: dict[str, Any]) -> tuple[Any, ...] | None:
        key = tuple(value.get(k) for k in self.table.key)
        return None if any(k is None for k in key) else key

    def _existing(self, rows: list[Row], values: list[dict[str, Any]]) -> list[tuple[int | None, Any, dict[str, Any]]]:
        identify = getattr(self.model.Table, "identify_rows", None)
        if identify:
            return list(getattr(self.model, identify)(self, rows, values))
        columns = [c.name for c in self.table.columns]
        stored = [stored_name(self.name, c) for c in columns]
        found: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
        first = self.table.key[0]
        mine = {v.get(first) for v in values}
        at = columns.index(first)
        for pk, *current in rows_with(self.model, stored_name(self.name, first), mine, stored):
            if current[at] in mine:
                entry = dict(zip(columns, current, strict=True))
                found[tuple(entry[k] for k in self.table.key)] = (pk, entry)
        result: list[tuple[int | None, Any, dict[str, Any]]] = []
        for row, value in zip(rows, values, strict=True):
            key = self._key(value)
            if key is None:
                missing = next(self.table.column(k) for k in self.table.key if value.get(k) is None)
                self.problem(row, "needs-key", missing)
            pk, current_row = found.get(key, (None, {})) if key else (None, {})
            result.append((pk, key, current_row))
        return result

    def _plan_row(self, row: Row, value: dict[str, Any], record: int | None, key: Any, current: dict[str, Any], pending: dict[Any, Planned]) -> Planned:
        earlier = pending.get(key)
        if earlier is not None:
            self._add_to(earlier, row, value, current)
            return earlier
        merged = self._merged(row, value, current)
        wanted = {c: v for c, v in merged.items() if not same(v, current.get(c))} if record else merged
        links = {c: v for c, v in wanted.items() if isinstance(v, Planned)}
        item = Planned(self.name, {c: v for c, v in wanted.items() if c not in links} if links else wanted, record=record, links=links,
                       before={c: current.get(c) for c in wanted} if record else {}, sheet=row.sheet, row=row.number)
        pending[key] = item
        self.said[id(item)] = value
        if record is None:
            index = self.plan.fresh.setdefault(self.name, {})
            index.update({str(item.values[c]): item for c in (self.table.key[0], getattr(self.model.Table, "caption", None)) if c and item.values.get(c)})
        self.enlist(item)
        return item

    def _add_to(self, earlier: Planned, row: Row, value: dict[str, Any], current: dict[str, Any]) -> None:
        """A later row of the file that means the same record: what it says differently holds, told from its own cells."""
        base = {**current, **earlier.values, **earlier.links}
        changed = {c: v for c, v in self._merged(row, value, base).items() if not same(v, base.get(c))}
        said = self.said[id(earlier)]
        for column in (changed.keys() & said.keys()) - self.accumulate:
            self.differs(row, self.table.column(column), said[column], changed[column])
        said.update(value)
        for column, new in changed.items():
            earlier.links.pop(column, None)
            set_planned(earlier, column, new, current)
        earlier.cells = {**(earlier.cells or {}), **{c: f"{row.sheet}!{row.cells[c]}" for c in changed if c in row.cells}} or None
        self.enlist(earlier)

    def differs(self, row: Row, column: Column, first: Any, now: Any, place: str = "") -> None:
        """Say that two rows of one file mean the same record and disagree."""
        if column.reference is None:
            self.problem(row, "said-twice", column.renamed(place or column.name), str(now)[:100], first=str(first)[:100])

    def enlist(self, item: Planned) -> None:
        """Put a row on the list of rows to write, once, when it is new or says something new."""
        if not self.listed(item) and (item.record is None or item.values or item.links):
            self.on_list.add(id(item))
            self.plan.rows.append(item)

    def listed(self, item: Planned) -> bool:
        """Whether a row stands on the list of rows to write."""
        return id(item) in self.on_list

    def close(self, pending: Iterable[Planned]) -> None:
        """Count the known rows of which nothing is to be written; a row that later rows brought back to what is stored is one of them."""
        self.plan.unchanged += sum(1 for item in pending if item.record is not None and not item.values and not item.links)

    def _merged(self, row: Row, value: dict[str, Any], current: dict[str, Any]) -> dict[str, Any]:
        """What the row says beside what is known: word lists gather, and a month or year does not overwrite the day inside it."""
        rough = {p.cell for p in row.problems if p.code == "date-incomplete"}
        merged = {c: v for c, v in value.items() if not (rough and row.cells.get(c) in rough and current.get(c) and current[c].year == v.year)}
        for column in self.accumulate & merged.keys():
            merged[column] = gathered(self.model, column, current.get(column), merged[column])
        return merged


def _text(value: Any) -> str | None:
    return None if value is None else str(value)
