"""All maps and lists of all chains as papers: seconds and peak memory, an unchanged second run, one changed case, and growth to ten times the firms.

Usage: LIANTU_DIR=<demo site> python benchmarks/bench_set.py [FACTOR …]      (default 1 10; without a site a demo of 5,000 firms is built first)
The larger edition holds the demo's firms, figures, projects and cases FACTOR times under new ids; chains, nodes, parks and policies stay.
The plain way, for comparison: every map and list of every chain computed from the Parquet files anew, nothing kept between them.
Each size runs in a process of its own, so that peak memory is its own.
"""

from __future__ import annotations

import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections import defaultdict
from datetime import date
from pathlib import Path

FIRMS = 5_000
MULTIPLIED = ("enterprise", "annual_figure", "monthly_figure", "placement", "supply_link", "project", "stage_event", "project_need", "case", "talent", "platform")
GROUPS = {"docx": "docx（简报、调度会材料）", "pptx": "pptx（汇报）", "xlsx": "xlsx（清单册）", "svg": "svg（图）", "png": "png（图）"}


def multiplied(edition, factor: int):
    """The edition's frames with every firm and what hangs on it ``factor`` times."""
    import polars as pl

    from liantu.kernel.tables import table_of

    frames = {name: edition.table(name) for name in edition.tables}
    steps = {name: int(frames[name]["id"].max() or 0) + 1 for name in MULTIPLIED if name in frames}
    for name, step in steps.items():
        columns = [c for c in table_of(name).columns if c.name in frames[name].columns]
        references = {c.name: c.reference for c in columns if c.kind == "reference" and c.reference in steps}
        copies = []
        for at in range(factor):
            moved = [(pl.col("id") + at * step).alias("id"), *((pl.col(c) + at * steps[to]).alias(c) for c, to in references.items())]
            if at:
                moved += [(pl.col(c) + f"（{at}）").alias(c) for c in ("name", "code") if c in frames[name].columns and name in ("enterprise", "project", "case")]
            copies.append(frames[name].with_columns(moved))
        frames[name] = pl.concat(copies)
    return frames


def peak() -> float:
    """Highest memory of this process so far, in MB."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def plain(edition) -> float:
    """Seconds for the rows of all maps and lists of all chains, each from scratch."""
    from liantu.kernel.edition import Edition
    from liantu.kernel.output import compute, output_of
    from liantu.papers.chain import chains_of
    from liantu.papers.parts import list_parts, map_parts

    started = time.perf_counter()
    for _ in chains_of(edition):
        for part in (*map_parts("internal"), *list_parts("internal")):
            compute(output_of(part.output), Edition(edition.manifest, edition.root))
    return time.perf_counter() - started


def rows(edition) -> float:
    """Seconds for the same rows in our way: an output once per content, filtered by chain."""
    from liantu.kernel.profile import part_result
    from liantu.papers.chain import chains_of
    from liantu.papers.parts import list_parts, map_parts

    started = time.perf_counter()
    for chain in chains_of(edition):
        for part in (*map_parts("internal"), *list_parts("internal")):
            part_result(part, edition, chain.code, "internal")
    return time.perf_counter() - started


def one(site: str, factor: int) -> dict:
    """Measure one size in a fresh site folder."""
    os.environ["LIANTU_DIR"] = site
    from liantu.kernel.home import setup

    setup()
    from liantu.kernel.edition import open_edition, save_edition

    source = open_edition()
    with tempfile.TemporaryDirectory() as name:
        os.environ["LIANTU_DIR"] = name
        frames = multiplied(source, factor)
        keep = {"root": Path(name) / "editions", "as_of": date.fromisoformat(source.manifest.as_of), "synthetic": source.manifest.synthetic}
        before = save_edition(frames, number="1", **keep)
        edition = save_edition(frames, number="2", **keep)
        measured: dict = {"firms": frames["enterprise"].height, "links": frames["supply_link"].height, "start_mb": peak(), "rows": rows(edition)}
        spent: dict[str, float] = defaultdict(float)
        last = [time.perf_counter(), ""]

        def tell(done: int, total: int, what: str) -> None:
            now = time.perf_counter()
            spent[str(last[1])] += now - float(last[0])
            last[:] = [now, what.rsplit(".", 1)[-1]]

        from liantu.papers.pack import make_packs

        started, worked = time.perf_counter(), time.process_time()
        packs = make_packs(edition, Path(name) / "out", since=before, tell=tell)
        measured |= {"first": time.perf_counter() - started, "first_cpu": time.process_time() - worked, "files": sum(len(p.files) for p in packs), "spent": {k: spent[k] for k in GROUPS}}
        started = time.perf_counter()
        again = make_packs(edition, Path(name) / "out", since=before)
        measured |= {"second": time.perf_counter() - started, "unchanged": all(p.unchanged for p in again)}
        frames["case"] = frames["case"].with_columns(lead_office=frames["case"]["lead_office"].reverse())
        started = time.perf_counter()
        rows(save_edition(frames, number="3", **keep))
        measured |= {"one_table": time.perf_counter() - started, "peak_mb": peak(), "plain": plain(edition)}
    return measured


def main() -> None:
    if sys.argv[1:2] == ["--one"]:
        print(json.dumps(one(sys.argv[2], int(sys.argv[3]))))
        return
    site = os.environ.get("LIANTU_DIR")
    if site is None:
        site = tempfile.mkdtemp()
        subprocess.run([sys.executable, "-m", "liantu.cli", "demo", "--dir", site, "--no-serve", "--firms", str(FIRMS)], check=True, stdout=subprocess.DEVNULL)
    sizes = []
    for factor in map(int, sys.argv[1:] or ("1", "10")):
        told = subprocess.run([sys.executable, __file__, "--one", site, str(factor)], check=True, stdout=subprocess.PIPE, text=True)
        sizes.append(json.loads(told.stdout.splitlines()[-1]))
        show(sizes[-1])
    if len(sizes) > 1:
        small, large = sizes[0], sizes[-1]
        print(f"growth: firms ×{large['firms'] / small['firms']:.1f} → packs ×{large['first_cpu'] / small['first_cpu']:.2f} (processor time), rows ×{large['rows'] / small['rows']:.2f}, peak memory ×{large['peak_mb'] / small['peak_mb']:.2f}")


def show(found: dict) -> None:
    """One size, in lines."""
    print(f"{found['firms']:,} firms, {found['links']:,} supply links")
    print(f"  rows of all maps and lists, all chains   {found['rows']:8.2f} s   plain way {found['plain']:.2f} s   ratio {found['plain'] / max(found['rows'], 1e-9):.1f}")
    for suffix, words in GROUPS.items():
        print(f"  {words:<36}{found['spent'][suffix]:8.2f} s")
    print(f"  all packs, first run                     {found['first']:8.2f} s   {found['first_cpu']:.1f} s of one processor   {found['files']} files")
    print(f"  second run, nothing changed              {found['second']:8.2f} s   unchanged: {found['unchanged']}")
    print(f"  rows after one table changed             {found['one_table']:8.2f} s")
    print(f"  peak memory                              {found['peak_mb']:8.0f} MB  (start {found['start_mb']:.0f} MB)", flush=True)


if __name__ == "__main__":
    main()
