"""Importing files from the command line: several at once, in the order in which they need each other."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from liantu.chains.follow import follow
from liantu.kernel.desk import Opened, accept, discard, inspect, open_draft, tables_in
from liantu.kernel.models import Batch, Draft
from liantu.kernel.plan import Plan
from liantu.kernel.problems import UserError
from liantu.kernel.tables import models_by_table, table_of

SHOWN = 40
LEFT_OUT, UNUSABLE = 4, 2


def in_order(drafts: Sequence[Draft]) -> list[Draft]:
    """Drafts so that registers come before the figures and relations that refer to them."""
    order = {name: at for at, name in enumerate(models_by_table())}
    return sorted(drafts, key=lambda d: min((order[table] for table in tables_in(d)), default=99))


def import_paths(paths: Sequence[Path], *, as_table: str | None, yes: bool, say: Callable[[str], Any], ask: Callable[[str], bool], by: Any = None) -> int:
    """Import files; returns the exit code (0 all rows in, 2 a file could not be read, 4 rows with errors were left out)."""
    code, drafts, batches = 0, [], []
    for path in paths:
        try:
            draft = open_draft(_bytes(path), path.name, by=by, as_table=as_table)
            drafts.append(draft)
        except UserError as error:
            say(f"{path.name}：{error}")
            code = UNUSABLE
    for draft in in_order(drafts):
        try:
            opened = inspect(draft)
        except UserError as error:
            say(str(error))
            code = UNUSABLE
            continue
        report(opened, say)
        if not yes and not ask("导入无误的行？" if opened.plan.bad else "导入？"):
            discard(draft)
            continue
        batch = take(draft, by)
        if opened.plan.bad and code == 0:
            code = LEFT_OUT
        say(f"批次 {batch.number}：新增 {batch.created}，更新 {batch.updated}" if batch else "名录里已经都有，没有变化")
        batches += [batch] if batch else []
    for line in follow(*batches, by=by):
        say(line)
    return code


def take(draft: Draft, by: Any = None, told: Callable[[Plan], None] | None = None) -> Batch | None:
    """Accept the good rows of a draft; ``told`` hears the plan that was written."""
    return accept(draft, by=by, good_only=True, told=told)


def _bytes(path: Path) -> bytes:
    try:
        return path.read_bytes()
    except OSError as error:
        raise UserError(f"文件打不开：{error.strerror}", code="file-unreadable", hint="请检查路径。") from None


def report(opened: Opened, say: Callable[[str], Any]) -> None:
    """What was read, what was guessed and why, and all problems (the first :data:`SHOWN` in words)."""
    reading, counts = opened.reading, opened.plan.counts()
    say(f"── {reading.file}")
    for layout in reading.layouts:
        say(f"  〔{layout.sheet}〕按「{table_of(layout.table).zh}」读，表头第 {'、'.join(str(r + 1) for r in layout.header_rows)} 行" + (f"，单位 {layout.unit}" if layout.unit else ""))
        for guess in layout.guesses:
            if guess.how not in ("alias", "none"):
                say(f"    「{guess.source}」→ {guess.column or '不取'}：{guess.why}")
        unknown = [g.source for g in layout.guesses if g.how == "none" and g.source]
        if unknown:
            say(f"    未取的列：{'、'.join(unknown[:12])}")
    for sheet, why in reading.skipped_sheets:
        say(f"  〔{sheet}〕跳过：{why}")
    say(f"  读到 {len(reading.rows)} 行，无误 {len(reading.rows) - len(opened.plan.bad)} 行，有错 {len(opened.plan.bad)} 行；将新增 {counts['created']}，更新 {counts['updated']}，不变 {opened.plan.unchanged}")
    problems = opened.problems
    for problem in [p for p in problems if p.severity != "info"][:SHOWN]:
        say("  " + problem.line())
    if len(problems) > SHOWN:
        say(f"  ……共 {len(problems)} 条，全部见网页导入台或标注工作簿")


