"""Cell accuracy over the folder of ugly sheets: ``python -m tests.intake.accuracy`` prints the table; ``--write`` puts it into docs."""

from __future__ import annotations

import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from liantu.kernel.intake import read_tables
from liantu.kernel.problems import UserError
from liantu.kernel.sheets import read_workbook
from tests.intake import make_sheets
from tests.intake.make_sheets import BAD, GOOD, Case
from tests.intake.tables import TABLES

PAGE = Path(__file__).parents[2] / "docs" / "intake-accuracy.md"
START, END = "<!-- table: python -m tests.intake.accuracy --write -->", "<!-- end of table -->"


@dataclass
class Count:
    """Cells of one file: expected, right, wrong, missed, and read although nothing was expected."""

    expected: int = 0
    right: int = 0
    wrong: int = 0
    missed: int = 0
    extra: int = 0
    problems_expected: int = 0
    problems_right: int = 0
    problems_extra: int = 0

    def add(self, other: Count) -> None:
        for name, value in vars(other).items():
            setattr(self, name, getattr(self, name) + value)


def count(case: Case) -> Count:
    """Compare what is read with what is expected, cell by cell; rows that repeat a number are met in order."""
    reading = read_tables(read_workbook(case.make(), case.file), TABLES, **case.options)
    result = Count()
    read: dict[tuple[str, int], list[dict[str, Any]]] = {}
    for row in reading.rows:
        read.setdefault((row.sheet, row.number), []).append({c: v for c, v in row.values.items() if v is not None})
    for block in case.blocks:
        for sheet, number, values in block.cells():
            rows = read.get((sheet, number), [])
            got = rows.pop(0) if rows else {}
            result.expected += len(values)
            for column, value in values.items():
                if column not in got:
                    result.missed += 1
                elif got[column] == value and type(got[column]) is type(value):
                    result.right += 1
                else:
                    result.wrong += 1
            result.extra += len(got.keys() - values.keys())
    result.extra += sum(len(values) for rows in read.values() for values in rows)
    found = [f"{p.code}@{p.cell}" for p in reading.problems]
    for wanted in (code.replace("!", "@").split("@")[0] + "@" + code.replace("!", "@").split("@")[-1] for code in case.problems):
        result.problems_expected += 1
        if wanted in found:
            found.remove(wanted)
            result.problems_right += 1
    result.problems_extra = len(found)
    return result


def table() -> str:
    """The whole table as Markdown."""
    make_sheets.load()
    lines = ["| sheet | file | cells expected | right | wrong | missed | extra | problems expected | found | extra |", "|---|---|--:|--:|--:|--:|--:|--:|--:|--:|"]
    total = Count()
    for name, case in GOOD.items():
        one = count(case)
        total.add(one)
        lines.append(_line(name, case.file, one))
    lines.append(_line("**all**", "", total))
    refused = 0
    for case in BAD.values():
        try:
            read_workbook(case.make(), case.file)
        except UserError as refusal:
            refused += refusal.code == case.code
    lines.append("")
    lines.append(f"Bad files refused with the right code: {refused} of {len(BAD)}.")
    return "\n".join(lines)


def _line(name: str, file: str, one: Count) -> str:
    return "| " + " | ".join([name, file, *(str(v) for v in vars(one).values())]) + " |"


def main() -> None:
    """Print the table, or write it between the marks of the page."""
    made = table()
    if "--write" in sys.argv:
        page = PAGE.read_text(encoding="utf-8")
        before, rest = page.split(START)
        PAGE.write_text(f"{before}{START}\n{made}\n{END}{rest.split(END)[1]}", encoding="utf-8")
    else:
        print(made)


if __name__ == "__main__":
    main()
