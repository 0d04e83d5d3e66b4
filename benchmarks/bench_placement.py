"""Speed and memory of placement, beside a plain substring loop over the same texts and words in the same run.

    LIANTU_DATA=<folder with registry_300k.parquet> python benchmarks/bench_placement.py [--firms 1000000]

The file is read in slices and never held whole. Every round after the first takes the names in another order and joins the first
half of one firm's scope with the second half of another's, so that no text comes twice. Without the folder, texts are put
together from the chains' own words (shorter and cleaner than real ones: told in the output). Times are CPU seconds of this
process, reading and evidence texts included; memory is the resident set in MB.
"""

from __future__ import annotations

import argparse
import cProfile
import os
import pstats
import random
import resource
import tempfile
import time
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice
from pathlib import Path
from typing import Any

from liantu.chains.template import builtin_templates, load_builtin
from liantu.methods.placement import FirmText, NodeText, Placer


def builtin_nodes(codes: Iterable[str]) -> list[NodeText]:
    """All nodes of some chains that come with liantu."""
    nodes = []
    for code in codes:
        chain = load_builtin(code)
        groups = {group.code: group.zh for group in chain.groups}
        nodes += [NodeText(f"{code}/{n.code}", n.zh, tuple(n.synonyms), tuple(n.products), tuple(n.excludes),
                           tuple(n.industry_codes), code, groups.get(n.group, "")) for n in chain.nodes]
    return nodes


SLICE = 10_000  # firms read at a time


def made_up(nodes: list[NodeText], firms: int = 50_000) -> list[tuple[str, str]]:
    """Names and scopes from the nodes' own words."""
    chance = random.Random(1)
    words = [word for node in nodes for word in node.products] + ["日用百货", "五金交电", "建筑材料"]
    return [(f"第{at}有限公司", "、".join(chance.choices(words, k=chance.randint(2, 20))) + chance.choice(["销售", "制造", "维修", ""])) for at in range(firms)]


class Texts:
    """Firms read slice by slice, from the registry file or made up."""

    def __init__(self, nodes: list[NodeText]) -> None:
        path = Path(os.environ.get("LIANTU_DATA", "")) / "registry_300k.parquet"
        self.path = path if os.environ.get("LIANTU_DATA") and path.exists() else None
        self.made = [] if self.path else made_up(nodes)
        self.origin = "real registry texts" if self.path else "MADE-UP texts (LIANTU_DATA is not set)"
        self.size = self._scan().select(self._count()).collect().item() if self.path else len(self.made)

    def _scan(self) -> Any:
        import polars

        return polars.scan_parquet(self.path).select("name", "scope")

    @staticmethod
    def _count() -> Any:
        import polars

        return polars.len()

    def slice(self, start: int, rows: int = SLICE) -> list[tuple[str, str]]:
        """``rows`` firms from ``start`` on."""
        if self.path is None:
            return self.made[start:start + rows]
        frame = self._scan().slice(start, rows).collect()
        return [(name or "", scope or "") for name, scope in frame.iter_rows()]

    def stream(self, firms: int) -> Iterator[tuple[str, str]]:
        """``firms`` firms; rounds after the first are mixed anew, see the head of the file."""
        given, turn = 0, 0
        while given < firms:
            chance = random.Random(turn)
            for start in chance.sample(range(0, self.size, SLICE), -(-self.size // SLICE)) if turn else range(0, self.size, SLICE):
                rows = self.slice(start)[: firms - given]
                given += len(rows)
                if turn:
                    other = chance.sample(rows, len(rows))
                    rows = [(o[0], f[1][: len(f[1]) // 2] + "、" + o[1][len(o[1]) // 2:]) for f, o in zip(rows, other, strict=True)]
                    chance.shuffle(rows)
                yield from rows
                if given >= firms:
                    return
            turn += 1


def resident() -> float:
    """Resident memory now, MB (peak where the system does not tell the present value)."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def words_of(nodes: list[NodeText]) -> dict[str, set[int]]:
    """Each word with the nodes that bear it."""
    words: dict[str, set[int]] = {}
    for row, node in enumerate(nodes):
        for word in (node.name, *node.synonyms, *node.products):
            words.setdefault(word, set()).add(row)
    return words


def naive(words: dict[str, set[int]], names: Sequence[str], scopes: Sequence[str]) -> int:
    """Every word looked for in every text: the plain loop."""
    found = 0
    for name, scope in zip(names, scopes, strict=True):
        text = name + "\n" + scope
        nodes: set[int] = set()
        for word, owners in words.items():
            if word in text:
                nodes |= owners
        found += bool(nodes)
    return found


def placed_of(placer: Placer, texts: Texts, firms: int) -> tuple[int, int, float]:
    """Firms' placements, likely ones among them, CPU seconds; one pass over the stream, a slice at a time."""
    began = time.process_time()
    placed = likely = 0
    stream = texts.stream(firms)
    while rows := list(islice(stream, 4 * SLICE)):
        for chunk in placer.place_arrays([r[0] for r in rows], [r[1] for r in rows]):
            placed, likely = placed + len(chunk.row), likely + int(chunk.likely.sum())
    return placed, likely, time.process_time() - began


def by_nodes(texts: Texts, firms: int, sample: list[tuple[str, str]], likely: float, verify: float) -> None:
    """How the cost grows with the nodes: one, two, five chains, beside the plain loop over the same nodes."""
    print(f"\nby nodes, {firms:,} firms\n   chains  nodes   words  CPU s  firms/CPU-s  plain loop  ratio")
    every = builtin_templates()
    for count in sorted({1, 2, len(every)}):
        nodes = builtin_nodes(every[:count])
        placer = Placer(nodes, likely=likely, verify=verify)
        placer.fit_background(FirmText(at, *row) for at, row in enumerate(sample))
        spent = placed_of(placer, texts, firms)[2]
        words = words_of(nodes)
        began = time.process_time()
        naive(words, *zip(*sample, strict=True))
        plain = len(sample) / (time.process_time() - began)
        print(f"{count:9} {len(nodes):6} {len(words):7,} {spent:6.2f} {firms / spent:12,.0f} {plain:11,.0f} {firms / spent / plain:6.1f}", flush=True)


def register(nodes: list[NodeText], firms: int) -> None:
    """``place_firms`` on a register of made-up firms: engine, reading and writing with history; where the time goes."""
    with tempfile.TemporaryDirectory() as folder:
        os.environ["LIANTU_DIR"] = folder
        from liantu.kernel.home import setup

        setup()
        from liantu.accounts import prepare
        from liantu.chains.models import Placement
        from liantu.chains.placing import place_firms
        from liantu.enterprises.models import Enterprise

        list(prepare())
        Enterprise.objects.bulk_create([Enterprise(name=f"{name}{at}", scope=scope) for at, (name, scope) in enumerate(made_up(nodes, firms))], batch_size=2_000)
        profile = cProfile.Profile()
        began = time.process_time()
        profile.runcall(place_firms)
        spent = time.process_time() - began
        print(f"\nplace_firms, register of {firms:,} made-up firms: {spent:.1f} CPU-s (with profiler), {firms / spent:,.0f} firms/CPU-s, {Placement.objects.count():,} placements")
        told = pstats.Stats(profile).get_stats_profile().func_profiles
        for name in ("place", "fit_background", "_plan", "write", "learned_grades"):
            if name in told:
                print(f"   {name:16} {told[name].cumtime:6.1f} s")


def main() -> None:
    """Print speed, ratio and how time and memory grow."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--firms", type=int, default=1_000_000, help="largest number of firms (mixed anew beyond the file)")
    options.add_argument("--sample", type=int, default=3_000, help="firms for the plain loop")
    options.add_argument("--register", type=int, default=20_000, help="firms for place_firms on a register; 0 leaves it out")
    options.add_argument("--likely", type=float, default=0.6)
    options.add_argument("--verify", type=float, default=0.35)
    chosen = options.parse_args()
    nodes = builtin_nodes(builtin_templates())
    texts = Texts(nodes)
    starts = range(0, texts.size, max(texts.size // 10, 1))
    sample = [row for start in starts for row in texts.slice(start, max(chosen.sample // len(starts), 1))]
    background = [row for start in starts for row in texts.slice(start, 3_000)]
    mean = sum(len(name) + len(scope) for name, scope in sample) / len(sample)
    print(f"{len(nodes)} nodes; {texts.size:,} firms, {texts.origin}, {mean:.0f} characters per firm with its name; resident {resident():.0f} MB")
    words = words_of(nodes)
    began = time.process_time()
    placer = Placer(nodes, likely=chosen.likely, verify=chosen.verify)
    print(f"build {time.process_time() - began:.2f} s for {len(words):,} words")
    began = time.process_time()
    placer.fit_background(FirmText(at, *row) for at, row in enumerate(background))
    print(f"fit_background on {len(background):,} firms {time.process_time() - began:.2f} s; resident {resident():.0f} MB")
    began = time.process_time()
    naive(words, *zip(*sample, strict=True))
    plain = len(sample) / (time.process_time() - began)
    print(f"plain substring loop: {plain:,.0f} firms/CPU-s (any word anywhere; no roles, no score, no evidence)")
    print("    firms   CPU s  firms/CPU-s  ratio   placed   likely  resident MB  peak MB")
    for size in [*(size for size in (25_000, 100_000, 300_000) if size < chosen.firms), chosen.firms]:
        placed, likely, spent = placed_of(placer, texts, size)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"{size:9,} {spent:7.2f} {size / spent:12,.0f} {size / spent / plain:6.1f} {placed:8,} {likely:8,} {resident():12.0f} {peak:8.0f}", flush=True)
    by_nodes(texts, min(100_000, chosen.firms), sample, chosen.likely, chosen.verify)
    if chosen.register:
        register(nodes, chosen.register)


if __name__ == "__main__":
    main()
