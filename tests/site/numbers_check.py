"""Take numbers at random from exported workbooks and walk each back: passport, rows, source cells, recomputation.

Usage: python numbers_check.py FOLDER COUNT SEED. Prints one JSON line.
"""

import json
import random
import sys
from pathlib import Path

import openpyxl

from liantu.kernel.columns import Column
from liantu.kernel.home import setup

setup()

from liantu.kernel.edition import open_edition  # noqa: E402
from liantu.kernel.history import origins_of_many  # noqa: E402
from liantu.kernel.output import output_of  # noqa: E402
from liantu.kernel.passport import find, recompute, why  # noqa: E402
from liantu.kernel.tables import table_of  # noqa: E402
from liantu.kernel.values import parse_value  # noqa: E402
from liantu.papers.cells import header  # noqa: E402

HANDED_IN = ("enterprise", "annual_figure", "supply_link", "park")
ROWS_LOOKED_AT = 25


def cells(folder):
    """(output, column, value, passport id) of every number in the exported lists."""
    for path in sorted(folder.glob("*.xlsx")):
        output = output_of(path.name.split("-")[0])
        by_header = {header(c): c for c in output.columns}
        sheet = openpyxl.load_workbook(path).worksheets[0]
        rows = list(sheet.iter_rows(values_only=True))
        heads = rows[3]
        for row in rows[4:]:
            for head, value in zip(heads[:-1], row[:-1], strict=True):
                column = by_header.get(head)  # marks beside the row are no columns
                if column and column.numeric and isinstance(value, (int, float)) and column.unit not in ("号", "位"):
                    yield output, column, value, row[-1]


def source_faults(passport):
    """Rows handed in by somebody must lead to a cell of a stored file whose text says the stored value."""
    found, looked = [], 0
    for table, frame in passport.rows.items():
        if table not in HANDED_IN:
            continue
        declared = {c.name: c for c in table_of(table).columns}
        for record, origins in origins_of_many(table, frame["id"].to_list()[:ROWS_LOOKED_AT], upto_change=passport.edition.manifest.last_change).items():
            with_cell = [o for o in origins if o.cell]
            if not with_cell:
                found.append(f"{table} {record}: no cell")
            for origin in with_cell:
                looked += 1
                if origin.seen is None:
                    found.append(f"{table} {record} {origin.column}: {origin.file} {origin.sheet} {origin.cell} is empty")
                elif declared[origin.column].kind == "integer" and not says(origin, declared[origin.column]):
                    found.append(f"{table} {record} {origin.column}: cell says {origin.seen}, record {origin.value}")
    return found, looked


def says(origin, column: Column) -> bool:
    """Whether the text of the cell is the stored value (counts, which no unit changes)."""
    return str(parse_value(origin.seen, column).value) == str(origin.value)


def main() -> None:
    folder, count, seed = Path(sys.argv[1]), int(sys.argv[2]), int(sys.argv[3])
    edition = open_edition()
    every = list(cells(folder))
    sample = random.Random(seed).sample(every, count)
    faults, looked, rows = [], 0, 0
    for output, column, value, passport_id in sorted(sample, key=lambda drawn: drawn[3]):  # figures of one row one after another
        _, name, key, _ = find(passport_id, edition)
        passport = why(name, key, edition, column=column.name)
        rows += passport.row_count
        if name != output.name or abs(passport.value - value) > 1e-9 * max(1.0, abs(value)):
            faults.append(f"{name} {key} {column.name}: file {value}, edition {passport.value}")
        again = recompute(passport)[column.name]
        if again != passport.value:
            faults.append(f"{name} {key} {column.name}: {passport.value} recomputed as {again}")
        found, seen = source_faults(passport)
        faults += found
        looked += seen
    print(json.dumps({"numbers": len(sample), "of": len(every), "rows": rows, "cells": looked, "faults": faults[:20], "fault_count": len(faults)}, ensure_ascii=False))


if __name__ == "__main__":
    main()
