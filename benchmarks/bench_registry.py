"""300,000 registry firms imported through the desk, placed and frozen: seconds and peak memory per step, beside a bare loader.

Usage: LIANTU_DATA=<folder with registry_300k.parquet> python benchmarks/bench_registry.py [ROWS]
The bare loader reads the same csv files and inserts the rows into SQLite without any check, history or placement.
"""

from __future__ import annotations

import csv
import os
import resource
import sqlite3
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

FILE_ROWS = 100_000
HEADERS = {"name": "企业名称", "uscc": "统一社会信用代码", "established": "成立日期", "capital": "注册资本", "address": "地址", "scope": "经营范围"}


def peak() -> float:
    """Highest memory of this process so far, in GB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024**2


def timed(what: str, action: Callable[[], Any]) -> tuple[Any, float]:
    """Run one step and print its seconds and the peak memory after it."""
    started = time.perf_counter()
    value = action()
    seconds = time.perf_counter() - started
    print(f"{what:<26}{seconds:8.1f} s   peak {peak():.2f} GB", flush=True)
    return value, seconds


def write_files(source: Path, folder: Path, rows: int) -> list[Path]:
    """The registry as csv files in the column names of a register, at most FILE_ROWS rows each."""
    import polars as pl

    frame = pl.read_parquet(source).head(rows)
    picked = {}
    for column in frame.columns:
        low = column.lower()
        for key, words in {"name": ("name", "企业名称"), "uscc": ("uscc", "code", "信用代码"), "established": ("date", "found", "成立"), "address": ("address", "地址"),
                           "scope": ("scope", "经营范围")}.items():
            if key not in picked and any(w in low for w in words) and not (key == "uscc" and "authority" in low):
                picked[key] = column
                break
    table = frame.select(pl.col(column).cast(pl.String).alias(HEADERS[key]) for key, column in picked.items())
    paths = []
    for start in range(0, table.height, FILE_ROWS):
        path = folder / f"市场监管_存量企业名录_{start // FILE_ROWS + 1}.csv"
        table.slice(start, FILE_ROWS).write_csv(path)
        paths.append(path)
    return paths


def bare(paths: list[Path], folder: Path) -> int:
    """What loading costs when nothing is checked, remembered or placed."""
    connection = sqlite3.connect(folder / "bare.sqlite3")
    total = 0
    for path in paths:
        with path.open(encoding="utf-8") as handle:
            rows = list(csv.reader(handle))
        connection.execute(f"create table if not exists firm ({', '.join(f'c{i} text' for i in range(len(rows[0])))})")
        connection.executemany(f"insert into firm values ({', '.join('?' * len(rows[0]))})", rows[1:])
        connection.commit()
        total += len(rows) - 1
    return total


def main() -> None:
    source = Path(os.environ.get("LIANTU_DATA", "")) / "registry_300k.parquet"
    if not source.is_file():
        print("没有测：请把 LIANTU_DATA 设为含 registry_300k.parquet 的目录。")
        return
    rows = int(sys.argv[1]) if len(sys.argv) > 1 else 300_000
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        os.environ["LIANTU_DIR"] = str(folder / "site")
        from liantu.kernel.home import setup

        setup()
        from liantu.accounts import prepare
        from liantu.chains.placing import place_firms
        from liantu.kernel.desk import accept, open_draft
        from liantu.kernel.edition import freeze
        from liantu.kernel.output import run

        list(prepare())
        paths = write_files(source, folder, rows)
        loaded, plain = timed("bare loader", lambda: bare(paths, folder))
        counts = []
        _, desk = timed("import through the desk", lambda: [accept(open_draft(p.read_bytes(), p.name), good_only=True, told=lambda plan: counts.append((len(plan.met), len(plan.bad)))) for p in paths])
        good, bad = sum(c[0] for c in counts), sum(c[1] for c in counts)
        batch, placing = timed("place", place_firms)
        edition, freezing = timed("freeze", freeze)
        _, listing = timed("chain_map + firm_list", lambda: [run(n, edition) for n in ("chain_map", "firm_list")])
        total = desk + placing + freezing
        print(f"rows {loaded:,}: {good:,} taken, {bad:,} held; {batch.created if batch else 0:,} placements")
        print(f"import + place + freeze {total:.1f} s = {loaded / total:,.0f} rows/s; ratio to the bare loader {total / plain:.1f}; import alone {desk / plain:.1f}; outputs {listing:.1f} s")


if __name__ == "__main__":
    main()
