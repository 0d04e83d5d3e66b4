"""What papers say about a chain, sentence by sentence: how it stands, what is good, what is wrong.

Numbers are figures of outputs, never counted here. A sentence whose figure the version may not show, or that nobody has
handed in, is left out or says so.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Any

import polars as pl

from liantu.kernel.edition import Edition
from liantu.kernel.output import Result, Version, shows
from liantu.papers.blocks import Figure, Paragraph, figure
from liantu.papers.cells import is_hidden
from liantu.papers.chain import Chain
from liantu.papers.figures import released
from liantu.papers.paper_words import day_words

Said = tuple[str | Figure, ...]
_HOLE = re.compile(r"\{(\w+)\}")
NAMED = 5  # names in a sentence before it says 等
LAMP_ORDER = {"red": 0, "yellow": 1, "green": 2}
SETTLED = ("done", "called_back", "closed")


@dataclass(frozen=True)
class Telling:
    """One chain on one edition, for whom, in which language."""

    edition: Edition
    chain: Chain
    version: Version = "internal"
    language: str = "zh"

    def say(self, zh: str, en: str) -> str:
        return zh if self.language == "zh" else en

    def tell(self, zh: str, en: str, **holes: str | Figure | Said | None) -> Said:
        """A sentence with figures in its holes; nothing at all when a hole cannot be filled."""
        if any(value is None for value in holes.values()):
            return ()
        parts: list[str | Figure] = []
        for at, piece in enumerate(_HOLE.split(self.say(zh, en))):
            value = holes[piece] if at % 2 else piece
            parts += value if isinstance(value, tuple) else [value]  # type: ignore[list-item]
        return tuple(p for p in parts if p != "")

    def listed(self, names: Iterable[str], limit: int = NAMED) -> str:
        """Names in a row: A、B、C等."""
        known = [n for n in dict.fromkeys(names) if n]
        if self.language == "zh":
            return "、".join(known[:limit]) + ("等" if len(known) > limit else "")
        return ", ".join(known[:limit]) + (" and others" if len(known) > limit else "")

    @property
    def day(self) -> str:
        return day_words(date.fromisoformat(self.edition.manifest.as_of), self.language)

    def rows(self, output: str, **where: Any) -> Result | None:
        """The chain's rows of an output as the version may show them; None when it may not, or when there is no such output."""
        result = released(output, self.edition, self.version)
        if result is None:
            return None
        if "chain_code" in result.frame.columns:
            where = {"chain_code": self.chain.code, **where}
        return replace(result, frame=result.frame.filter(*(pl.col(k) == v for k, v in where.items())))

    def figures(self, output: str) -> Figures:
        """The chain's own row of an output that has one row per chain."""
        found = self.rows(output)
        return Figures(found, found.frame.row(0, named=True) if found is not None and found.frame.height else None, self.language)


@dataclass(frozen=True)
class Figures:
    """One row whose cells become figures."""

    result: Result | None
    row: dict[str, Any] | None
    language: str = "zh"

    def __call__(self, column: str) -> Figure | None:
        """The cell as a figure; None when the version does not show the column or nobody has told the value. A hidden cell is ※."""
        if self.result is None or self.row is None or not shows(self.result.version, self.result.output.column(column)):
            return None
        if self.row[column] is None and not is_hidden(self.result, self.result.key_of(self.row), self.result.output.column(column)):
            return None
        return figure(self.result, self.row, column, language=self.language)

    def value(self, column: str) -> Any:
        """The plain value where it is shown, for choosing words; None otherwise."""
        return self.row[column] if self(column) is not None and self.row is not None else None


def paragraph(*said: Said) -> list[Paragraph]:
    """A paragraph of the sentences that could be told; none when none could."""
    parts = [part for one in said for part in one]
    if parts and isinstance(parts[0], str):
        parts[0] = parts[0].lstrip(" ")
    return [Paragraph(tuple(parts))] if parts else []


def stand(telling: Telling) -> list[Paragraph]:
    """How the chain stands: nodes by status and completeness, firms and output, projects and rates."""
    f, p = telling.figures("chain_summary"), telling.figures("project_rates")
    return [*paragraph(_nodes(telling, f)), *paragraph(*_firms(telling, f)), *paragraph(*_projects(telling, p))]


def _nodes(telling: Telling, f: Figures) -> Said:
    if f.row is None or f.value("nodes") == 0:
        return (telling.say(f"截至{telling.day}，{telling.chain.zh}尚未梳理环节。", f"As of {telling.day}, no nodes of the {telling.chain.title('en')} are known."),)
    words = (("strong", "优势", "strong"), ("fair", "基本", "fair"), ("weak", "薄弱", "weak"), ("at_risk", "风险", "at risk"), ("missing", "缺失", "missing"))
    kinds = [telling.tell(f"{zh}环节{{n}}", f"{{n}} {en}", n=f(name)) for name, zh, en in words if f.value(name)]
    split = _joined([k for k in kinds if k], telling.say("、", ", "))
    said = telling.tell("截至{day}，{chain}共梳理环节{nodes}", "As of {day}, the {chain} has {nodes} nodes", day=telling.day, chain=telling.chain.title(telling.language), nodes=f("nodes"))
    said += telling.tell("，其中{split}", ": {split}", split=split) if split else ()
    said += telling.tell("，产业链完整度{share}", "; completeness {share}", share=f("completeness"))
    return (*said, telling.say("。", ".")) if said else ()


def _joined(parts: Sequence[Said], mark: str) -> Said:
    return tuple(piece for at, part in enumerate(parts) for piece in ((mark, *part) if at else part))


def _firms(telling: Telling, f: Figures) -> list[Said]:
    if f.row is None:
        return []
    if f.value("firms") == 0:
        return [(telling.say("区内尚无企业入链。", "No firm of the district stands on it yet."),)]
    above = telling.tell("，其中规上企业{n}", ", {n} of them above scale", n=f("above_scale_firms")) if f.value("above_scale_firms") else (
        (telling.say("，其中没有规上企业", ", none of them above scale"),) if f.value("above_scale_firms") == 0 else ())
    firms = telling.tell("入链企业{n}", " {n} firms stand on it", n=f("firms"))
    told = [(*firms, *above, telling.say("。", "."))] if firms else []
    if f.value("output") == 0:
        told.append((telling.say("企业产值尚未报送，暂不汇总。", " Their output has not been handed in."),))
    else:
        told.append(telling.tell("入链企业最近一年产值{n}（按首要环节归集）。", " Their latest yearly output is {n}.", n=f("output")))
    if f.value("to_verify"):
        told.append(telling.tell("另有{n}入链关系待核，未计入上述数字。", " {n} further placements are still to be verified and not counted.", n=f("to_verify")))
    return told


def _projects(telling: Telling, p: Figures) -> list[Said]:
    if p.row is None:
        return []
    if p.value("projects") == 0:
        return [(telling.say("本链目前没有在库项目。", "No projects are registered for it."),)]
    told = [telling.tell("在库项目{n}，总投资{money}", "It has {n} projects of {money} in total", n=p("projects"), money=p("invest_total"))]
    told.append(telling.tell("，累计完成投资{n}", ", of which {n} is invested", n=p("invest_done")))
    told.append((telling.say("。", "."),))
    steps = [telling.tell(f"{zh}{{n}}", f"{{n}} {en}", n=p(name)) for name, zh, en in (("signed", "签约", "signed"), ("started", "开工", "started"), ("producing", "投产", "producing")) if p.value(name)]
    rates = [telling.tell(f"{zh}{{n}}", f"{en} {{n}}", n=p(name)) for name, zh, en in (
        ("performance_rate", "履约率", "performance rate"), ("start_rate", "开工率", "start rate"), ("funds_rate", "资金到位率", "funds rate"))]
    mark, stop = telling.say("、", ", "), telling.say("。", ".")
    for lead, group in ((telling.say("累计", " So far "), steps), ("" if telling.language == "zh" else " ", rates)):
        known = _joined([s for s in group if s], mark)
        told.append((lead, *known, stop) if known else ())
    return told


def first_words(text: str, most: int = 30) -> str:
    """The first clause of a long text, for a sentence that names several."""
    clause = re.split(r"[，,。；;]", str(text).strip())[0]
    return clause if len(clause) <= most else clause[:most] + "…"


def worst_first(result: Result, *keep: pl.Expr) -> Result:
    """Rows that pass, red lamps first, then yellow; within a lamp as they stood."""
    lamp = pl.col("lamp").replace_strict(LAMP_ORDER, default=3, return_dtype=pl.Int64)
    return replace(result, frame=result.frame.filter(*keep).sort(lamp, maintain_order=True))


def open_cases(telling: Telling) -> Result | None:
    """The chain's cases that are still open, worst lamp first; None where the version has no cases."""
    found = telling.rows("case_list")
    return None if found is None else worst_first(found, pl.col("state").is_null() | ~pl.col("state").is_in(SETTLED))
