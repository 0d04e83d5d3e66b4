"""Speed and memory of placement, beside a plain substring loop over the same texts and words in the same run.

    LIANTU_DATA=<folder with registry_300k.parquet> python benchmarks/bench_placement.py [--firms 1000000]

Without the folder, texts are put together from the chains' own words (shorter and cleaner than real ones: told in the
output). Times are CPU seconds of this process; memory is the resident set in MB.
"""

from __future__ import annotations

import argparse
import os
import random
import resource
import time
from collections.abc import Iterator
from itertools import cycle, islice
from pathlib import Path

from liantu.chains.template import builtin_templates, load_builtin
from liantu.methods.placement import FirmText, NodeText, Placer


def builtin_nodes() -> list[NodeText]:
    """All nodes of the chains that come with liantu."""
    nodes = []
    for code in builtin_templates():
        chain = load_builtin(code)
        groups = {group.code: group.zh for group in chain.groups}
        nodes += [NodeText(f"{code}/{n.code}", n.zh, tuple(n.synonyms), tuple(n.products), tuple(n.excludes),
                           tuple(n.industry_codes), code, groups.get(n.group, "")) for n in chain.nodes]
    return nodes


def texts(nodes: list[NodeText]) -> tuple[list[str], list[str], str]:
    """Names, scopes and where they come from."""
    path = Path(os.environ.get("LIANTU_DATA", "")) / "registry_300k.parquet"
    if os.environ.get("LIANTU_DATA") and path.exists():
        import polars

        table = polars.read_parquet(path, columns=["name", "scope"])
        names, scopes = (table[column].fill_null("").to_list() for column in ("name", "scope"))
        return names, scopes, "real registry texts"
    chance = random.Random(1)
    words = [word for node in nodes for word in node.products] + ["日用百货", "五金交电", "建筑材料"]
    scopes = ["、".join(chance.choices(words, k=chance.randint(2, 20))) + chance.choice(["销售", "制造", "维修", ""])
              for _ in range(50_000)]
    return [f"第{at}有限公司" for at in range(len(scopes))], scopes, "MADE-UP texts (LIANTU_DATA is not set)"


def resident() -> float:
    """Resident memory now, MB (peak where the system does not tell the present value)."""
    status = Path("/proc/self/statm")
    if status.exists():
        return int(status.read_text().split()[1]) * resource.getpagesize() / 1e6
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3


def naive(words: dict[str, set[int]], names: list[str], scopes: list[str]) -> int:
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


def stream(names: list[str], scopes: list[str], firms: int) -> tuple[Iterator[str], Iterator[str]]:
    """The texts over and over until ``firms`` of them have been given."""
    return islice(cycle(names), firms), islice(cycle(scopes), firms)


def main() -> None:
    """Print speed, ratio and how time and memory grow."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--firms", type=int, default=300_000, help="largest number of firms (texts repeat beyond the file)")
    options.add_argument("--sample", type=int, default=3_000, help="firms for the plain loop")
    options.add_argument("--likely", type=float, default=0.6)
    options.add_argument("--verify", type=float, default=0.35)
    chosen = options.parse_args()
    nodes = builtin_nodes()
    names, scopes, origin = texts(nodes)
    mean = sum(map(len, names)) / len(names) + sum(map(len, scopes)) / len(scopes)
    print(f"{len(nodes)} nodes; {len(names):,} firms, {origin}, {mean:.0f} characters per firm with its name")

    words: dict[str, set[int]] = {}
    for row, node in enumerate(nodes):
        for word in (node.name, *node.synonyms, *node.products):
            words.setdefault(word, set()).add(row)
    began = time.process_time()
    placer = Placer(nodes, likely=chosen.likely, verify=chosen.verify)
    print(f"build {time.process_time() - began:.2f} s for {len(words):,} words; resident {resident():.0f} MB (texts included)")
    began = time.process_time()
    placer.fit_background(FirmText(at, names[at], scopes[at]) for at in range(0, len(names), 10))
    print(f"fit_background on every tenth firm {time.process_time() - began:.2f} s")

    step = max(len(names) // chosen.sample, 1)
    few_names, few_scopes = names[::step], scopes[::step]
    began = time.process_time()
    naive(words, few_names, few_scopes)
    plain = len(few_names) / (time.process_time() - began)
    print(f"plain substring loop: {plain:,.0f} firms/CPU-s (any word anywhere; no roles, no score, no evidence)")

    print("    firms   CPU s  firms/CPU-s  ratio   placed   likely  resident MB  peak MB")
    sizes = [size for size in (25_000, 50_000, 100_000, 200_000, 300_000, 1_000_000) if size < chosen.firms]
    for size in [*sizes, chosen.firms]:
        began = time.process_time()
        placed = likely = 0
        for chunk in placer.place_arrays(*stream(names, scopes, size)):
            placed, likely = placed + len(chunk.row), likely + int(chunk.likely.sum())
        spent = time.process_time() - began
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e3
        print(f"{size:9,} {spent:7.2f} {size / spent:12,.0f} {size / spent / plain:6.1f} {placed:8,} {likely:8,} {resident():12.0f} {peak:8.0f}")


if __name__ == "__main__":
    main()
