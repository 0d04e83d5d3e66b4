"""What a version may show of an output: whole outputs, columns and, of sums over firms, the cells that betray no firm.

Internal: everything. Department: no single firm's figures. Public: what is declared public and free of source limits. Sums
over firms (``Column.sums``) stand in all three; outside the internal version their small cells are null and named in
``Result.hidden`` (:mod:`liantu.kernel.small_cells`).
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import replace

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.output import Output, Result, Version, output_of, run, shows
from liantu.kernel.problems import UserError
from liantu.kernel.small_cells import labels_of, withheld

VERSIONS = {"internal": "内部版", "department": "部门版", "public": "公开版"}


def may_have(output: Output, version: Version) -> bool:
    """Whether a version holds an output at all."""
    return version == "internal" or output.secrecy == "public" or (version == "department" and output.secrecy == "internal")


def release(name: str, edition: Edition, version: Version = "internal") -> Result:
    """An output as a version may show it. What may not be shown is not in the frame: such figures are null, and rows stand in an
    order that tells nothing about them.

    Raises UserError (``not-in-version``) when the version does not hold the output at all.
    """
    output = output_of(name)
    if not may_have(output, version):
        raise UserError(f"「{output.zh}」不进{VERSIONS[version]}。", code="not-in-version", hint="这张表只供内部使用。" if output.secrecy == "confidential" else "请改用部门版或内部版。")
    whole = run(name, edition)
    if version == "internal":
        return whole
    hidden = _hidden(output, whole.frame, edition, version)
    secret = [c for c in output.columns if not shows(version, c) and c.name not in output.key]
    frame = whole.frame.with_columns(pl.lit(None, dtype=whole.frame.schema[c.name]).alias(c.name) for c in secret)
    frame = frame.with_columns(_without(frame[column], rows) for column, rows in hidden.items())
    keys = [whole.key_of(row) for row in whole.frame.select(output.key).iter_rows(named=True)]
    told = frozenset((keys[at], column) for column, rows in hidden.items() for at in rows)
    return replace(whole, frame=_ordered(output, frame, {c.name for c in secret}), version=version, hidden=told)


def _without(values: pl.Series, rows: Collection[int]) -> pl.Series:
    """The values with null in these places."""
    gone = pl.Series([at in rows for at in range(len(values))], dtype=pl.Boolean)
    return values.to_frame().select(pl.when(gone).then(None).otherwise(pl.col(values.name)).alias(values.name)).to_series()


def _ordered(output: Output, frame: pl.DataFrame, secret: set[str]) -> pl.DataFrame:
    """Sorted as the output says, by what is left of the values, then by key."""
    seen = [s for s in output.sort if s.removeprefix("-") not in secret]
    names = [s.removeprefix("-") for s in seen] + list(output.key)
    return frame.sort(names, descending=[s.startswith("-") for s in seen] + [False] * len(output.key), nulls_last=True)


def _hidden(output: Output, frame: pl.DataFrame, edition: Edition, version: Version) -> dict[str, set[int]]:
    """Places of the rows whose figure is withheld, by column. Nulls are no secret.

    Of what follows from a withheld figure, the department version keeps back numbers and the public one words as well.
    """
    if not any(c.sums for c in output.columns):
        return {}
    small = withheld(edition, version)
    gone: dict[str, set[int]] = {}
    for column in output.columns:
        found = gone.setdefault(column.name, set())
        for part in column.sums:
            cells = small.cells.get((part.rows, part.column))
            if cells is None or (output.name, column.name) in small.wrong:  # nothing is known of its parts: nothing is shown
                found |= set(range(frame.height))
            else:
                found |= {at for at, label in enumerate(labels_of(frame, part)) if label in cells}
    for column in output.columns:
        if version == "public" or column.numeric:
            gone[column.name] |= set().union(*(gone[other] for other in column.follows))
    return {c.name: {at for at in gone[c.name] if frame[c.name][at] is not None} for c in output.columns if gone[c.name] and shows(version, c)}
