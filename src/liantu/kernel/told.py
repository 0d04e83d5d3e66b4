"""A passport told in lines, for the command line and for print."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from liantu.kernel.history import origins_of_many
from liantu.kernel.parameter import BASES
from liantu.kernel.passport import Passport, agreement, figure_id
from liantu.kernel.tables import table_of


def passport_lines(passport: Passport, rows: int = 5, marks: Iterable[str] = ()) -> Iterator[str]:
    """The walk from a number to its cells. ``rows`` limits the rows listed per table; the counts are always whole. ``marks`` say by whose rule and whether checked."""
    output = passport.output
    shown_marks = "".join(f"〔{mark}〕" for mark in marks if mark)
    number = figure_id(output, passport.key, passport.column, passport.edition.number) if passport.column else passport.id
    yield f"{output.zh}（{output.name}）　{passport.key}　凭证号 {number}{shown_marks}"
    yield passport.edition.label()
    shown = [output.column(passport.column)] if passport.column else [c for c in output.columns if c.numeric]
    for column in shown:
        yield f"  {column.zh} = {passport.row[column.name]} {'' if column.unit == '1' else column.unit or ''}　{column.help}".rstrip()
    yield output.doc.splitlines()[0]
    for rule in passport.rules.values():
        yield f"规则 {rule.zh}〔{BASES[rule.basis]}〕{rule.since} 起；{rule.source}；" + "；".join(f"{k} {v}" for k, v in rule.figures())
    yield f"由 {passport.row_count} 行记录算出；只用这些行重算：" + ("一致" if agreement(passport).equal else "不一致！")
    for table, frame in passport.rows.items():
        yield f"── {table_of(table).zh}（{table}）{frame.height} 行"
        chosen = frame.head(rows)["id"].to_list()
        for record, found in origins_of_many(table, chosen, upto_change=passport.edition.manifest.last_change).items():
            yield f"  #{record}"
            for origin in found:
                where = f"{origin.file}〔{origin.sheet}〕{origin.cell}" if origin.cell else origin.note or ""
                seen = f"　原文「{origin.seen}」" if origin.seen is not None else ""
                yield f"    {table_of(table).column(origin.column).zh} = {origin.value}　← {origin.batch} {origin.by or '命令行'} {where}{seen}"
        if frame.height > rows:
            yield f"  ……另有 {frame.height - rows} 行"
