"""What a protocol is asked, what it answers, and how answers are printed.

>>> measure = share("products", "top-1", "liantu", 8, 10, group="L1", target=0.8)
>>> measure.n, measure.value, round(measure.low, 3), round(measure.high, 3)
(10, 0.8, 0.49, 0.943)
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from liantu.methods.intervals import bootstrap_mean, wilson


@dataclass(frozen=True)
class Asked:
    """``seeds`` counts random splits; ``quick`` means under a minute in all; ``file`` is a labelled file of the user's own, ``options`` further wishes of one evaluation by name."""

    data: Path
    seeds: int = 5
    quick: bool = False
    file: Path | None = None
    progress: Callable[[str], None] = field(default=lambda text: None)
    options: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Measure:
    """One figure. ``n`` counts the distinct things judged; ``low`` and ``high`` are a 95 % interval (``interval`` says which)."""

    protocol: str
    metric: str
    method: str
    value: float | None
    group: str = ""
    n: int = 0
    seeds: int = 1
    low: float | None = None
    high: float | None = None
    interval: str = ""
    target: float | None = None
    floor: float | None = None
    note: str = ""


def share(protocol: str, metric: str, method: str, right: int, n: int, **more: Any) -> Measure:
    """A share of ``n`` independent cases, with its Wilson interval."""
    low, high = wilson(right, n)
    return Measure(protocol, metric, method, right / n if n else None, n=n, low=low, high=high, interval="Wilson", **more)


def over_seeds(protocol: str, metric: str, method: str, by_case: dict[Any, list[float]], *, seeds: int, **more: Any) -> Measure:
    """A mean over cases that several splits judged: each case counts its own mean once per split, intervals draw cases anew."""
    weights = [float(len(v)) for v in by_case.values()]
    means = [sum(v) / len(v) for v in by_case.values()]
    value, low, high = bootstrap_mean(means, weights)
    return Measure(protocol, metric, method, value, n=len(means), seeds=seeds, low=low, high=high, interval="bootstrap over cases", **more)


def as_json(measures: Sequence[Measure], facts: dict[str, Any]) -> str:
    """The whole answer for scripts."""
    return json.dumps({**facts, "measures": [asdict(m) for m in measures]}, ensure_ascii=False, indent=2)


def as_table(measures: Sequence[Measure], facts: dict[str, Any]) -> str:
    """The answer for readers: one block per protocol."""
    lines = ["；".join(f"{k} {v}" for k, v in facts.items())]
    protocol = None
    for m in measures:
        if m.protocol != protocol:
            protocol = m.protocol
            lines += ["", f"【{protocol}】", f"  {'指标':<30}{'组':<14}{'方法':<34}{'数值':>8}  {'95% 区间':<18}{'n':>7}  {'轮':>2}  目标/底线"]
        value = "—" if m.value is None else f"{m.value:.4f}"
        between = "" if m.low is None or m.high is None else f"{m.low:.4f}–{m.high:.4f}"
        marks = " / ".join("—" if v is None else f"{v:g}" for v in (m.target, m.floor)) if (m.target, m.floor) != (None, None) else ""
        lines.append(f"  {m.metric:<30}{m.group:<14}{m.method:<34}{value:>8}  {between:<18}{m.n:>7}  {m.seeds:>2}  {marks}{'  ' + m.note if m.note else ''}")
    return "\n".join(lines)
