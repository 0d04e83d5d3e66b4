"""Figures that stand beside a row on its sheet (a firm's revenue of the year) as rows of their own table."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from liantu.kernel.batch import Planned, same, set_planned, stored_name
from liantu.kernel.plan_fit import fits
from liantu.kernel.plan_lookup import rows_with, text_of
from liantu.kernel.tables import model_of, table_of

if TYPE_CHECKING:
    from liantu.kernel.intake import Row


class CompanionPlan:
    """Figures that stand beside a firm on its own sheet become rows of the companion table."""

    def __init__(self, parent: Any, name: str, prefix: str) -> None:
        self.parent, self.name, self.prefix = parent, name, prefix
        self.table = table_of(name)
        self.back = next(c.name for c in self.table.columns if c.reference == parent.name)
        self.period = next((c for c in self.table.columns if c.kind in ("year", "month")), None)
        self.period_key = f"{prefix}{self.period.name}" if self.period else ""
        self.has_source = "source" in self.table.names
        self.fits = fits(name)
        self.said: dict[str, tuple[dict[str, Any], Any]] = {}
        self.split: dict[int, dict[Any, dict[str, Any]]] = {}

    def faults(self, rows: list[Row]) -> None:
        """Split the figures off each row and check them, before anything of the row is planned."""
        for row in rows:
            if row.ok and any(c.startswith(self.prefix) and v is not None for c, v in row.values.items()):
                found = self._by_period(row)
                for when, values in found.items():
                    self._complete(row, when, values)
                self.split[id(row)] = found

    def _complete(self, row: Row, when: Any, values: dict[str, Any]) -> None:
        if self.period is not None:
            if not when:
                column = self.table.column(next(iter(values)))
                self.parent.problem(row, "no-year", column.renamed(f"{self.prefix}{column.name}"))
                return
            values[self.period.name] = int(str(when)[:4]) if self.period.kind == "year" else str(when)
        if self.has_source:
            values.setdefault("source", self.parent.source_of(row.sheet))
        self.parent.fit(row, values, self.fits, self.prefix)

    def take(self, rows: list[tuple[Row, Planned]]) -> None:
        """Plan the figures of all rows that were planned themselves."""
        holding = [(row, parent) for row, parent in rows if id(row) in self.split]
        stored = [stored_name(self.name, c) for c in self.table.names]
        records = {parent.record for _, parent in holding if parent.record}
        existing: dict[tuple[Any, ...], tuple[int, dict[str, Any]]] = {}
        at, names = self.table.names.index(self.back), self.table.names
        for pk, *current in rows_with(model_of(self.name), f"{self.back}_id", records, stored):
            if current[at] in records:
                entry = dict(zip(names, current, strict=True))
                existing[tuple(entry[k] for k in self.table.key)] = (pk, entry)
        pending: dict[Any, Planned] = {}
        for row, parent in holding:
            for values in self.split[id(row)].values():
                self._one(row, parent, values, existing, pending)
        self.parent.close(pending.values())

    def _by_period(self, row: Row) -> dict[Any, dict[str, Any]]:
        if row.sheet not in self.said:
            layout = self.parent.layouts[row.sheet]
            self.said[row.sheet] = ({g.column: g.period for g in layout.guesses if g.column}, layout.context.get(self.period.name) if self.period else None)
        said, title = self.said[row.sheet]
        own = row.values.get(self.period_key) if self.period else None
        result: dict[Any, dict[str, Any]] = {}
        for column, value in row.values.items():
            if value is not None and column.startswith(self.prefix) and column != self.period_key:
                when = str(own) if own is not None else said.get(column) or title
                result.setdefault(when, {})[column[len(self.prefix):]] = text_of(value)
        return result

    def _one(self, row: Row, parent: Planned, values: dict[str, Any], existing: dict[Any, tuple[int, dict[str, Any]]], pending: dict[Any, Planned]) -> None:
        rest = tuple(values.get(k) for k in self.table.key if k != self.back)
        key = (parent.record or id(parent), *rest)
        record, current = existing.get((parent.record, *rest), (None, {})) if parent.record else (None, {})
        earlier = pending.get(key)
        if earlier is not None:
            self._add_to(earlier, row, values, current)
            return
        changed = {c: v for c, v in values.items() if not same(v, current.get(c))} if record else values
        item = Planned(self.name, changed, record=record, before={c: current.get(c) for c in changed} if record else {}, sheet=row.sheet, row=row.number,
                       cells=self._cells(row, changed) or None)
        if record is None and parent.record is None:
            item.links[self.back] = parent
        elif record is None:
            item.values[self.back] = parent.record
        pending[key] = item
        self.parent.said[id(item)] = dict(values)
        self.parent.enlist(item)

    def _cells(self, row: Row, changed: dict[str, Any], where: str = "") -> dict[str, str]:
        return {c: where + row.cells[f"{self.prefix}{c}"] for c in changed if f"{self.prefix}{c}" in row.cells}

    def _add_to(self, earlier: Planned, row: Row, values: dict[str, Any], current: dict[str, Any]) -> None:
        base = {**current, **earlier.values}
        changed = {c: v for c, v in values.items() if not same(v, base.get(c))}
        if not changed:
            return
        said = self.parent.said[id(earlier)]
        for column, new in changed.items():
            if column in said:
                self.parent.differs(row, self.table.column(column), said[column], new, f"{self.prefix}{column}")
            set_planned(earlier, column, new, current)
        said.update(values)
        earlier.cells = {**(earlier.cells or {}), **self._cells(row, changed, f"{row.sheet}!")}
        self.parent.enlist(earlier)
