"""Names against names: candidates, scores and duplicates, beside comparing every pair; ``python benchmarks/bench_recognition.py [DATA]``.

With DATA (a folder with registry_300k.parquet) the names are registered ones, else made up; asked names are the same with a slip each.
Every pair is compared on a sample and scaled up, since all of them would take hours.
"""

from __future__ import annotations

import resource
import sys
import time
from pathlib import Path

import numpy as np
from rapidfuzz import fuzz
from rapidfuzz.process import cdist

from liantu.enterprises.matching import name_index
from liantu.methods.duplicate_groups import groups, twins


def registered(folder: Path | None, n: int) -> list[str]:
    """``n`` different names."""
    if folder and (folder / "registry_300k.parquet").is_file():
        import polars as pl

        every = pl.read_parquet(folder / "registry_300k.parquet", columns=["name"])["name"].unique().sort()
        return [str(v) for v in every.sample(min(n, len(every)), seed=0).to_list()]
    chance = np.random.default_rng(0)
    signs = [chr(c) for c in range(0x4E00, 0x5A00)]
    trades = ("陶瓷", "机械制造", "电子科技", "新材料", "食品", "医药", "光电科技", "包装", "商贸", "物流", "建筑工程", "农业开发")
    places = ("南昌", "九江市", "赣州", "宜春市", "上饶", "福州", "苏州", "武汉市", "长沙", "合肥")
    return [f"{places[p]}{signs[a]}{signs[b]}{trades[t]}有限公司" for p, a, b, t in zip(*(chance.integers(0, k, n) for k in (10, len(signs), len(signs), 12)), strict=True)]


def slipped(names: list[str]) -> list[str]:
    """Each name with one slip: a character left out, another legal form, a blank."""
    chance = np.random.default_rng(1)
    ways = (lambda n, at: n[:at] + n[at + 1:], lambda n, at: n.replace("有限公司", "有限责任公司"), lambda n, at: n[:at] + " " + n[at:], lambda n, at: n)
    return [ways[w](n, int(at * len(n))) for n, w, at in zip(names, chance.integers(0, 4, len(names)), chance.random(len(names)), strict=True)]


def main() -> None:
    """Print times for growing sizes."""
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else None
    for n in (5_000, 50_000, 200_000):
        names = registered(folder, n)
        asked = slipped(names)
        started, cpu = time.perf_counter(), time.process_time()
        index = name_index(names)
        found = index.match(asked)
        wall, used = time.perf_counter() - started, time.process_time() - cpu
        right = float((found.at == np.arange(len(names)))[found.probability >= 0.85].mean())
        part = asked[:200]
        started = time.perf_counter()
        cdist(part, names, scorer=fuzz.ratio, workers=2, dtype=np.uint8).argmax(axis=1)
        naive = (time.perf_counter() - started) * len(names) / len(part)
        peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
        print(f"{len(names):>7} × {len(names):<7} {wall:6.1f} s（CPU {used:.1f}）；逐对 {naive:8.1f} s，{naive / wall:6.1f} 倍；采纳中正确 {right:.4f}；峰值 {peak:.2f} GB")
    names = registered(folder, 300_000)
    started = time.perf_counter()
    index = name_index(names)
    pairs = twins(index, least=0.85)
    sets = groups(len(names), pairs, [None] * len(names))
    print(f"查重 {len(names)} 个名称：{time.perf_counter() - started:.1f} s，{len(pairs)} 对，{len(sets)} 组；峰值 {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6:.2f} GB")


if __name__ == "__main__":
    main()
