"""What a lead still lacks, and whether it is one that is known already: nine contents, least size, kinds not taken, twins."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from liantu.attraction.pipeline_models import Lead
from liantu.attraction.pipeline_shared import CONTENTS
from liantu.enterprises.lookalikes import Lookalikes, place_words
from liantu.kernel.names import name_key
from liantu.kernel.parameter import parameter
from liantu.kernel.problems import Refused
from liantu.projects.choices import STAGES
from liantu.projects.models import Project

STAGE_WORDS = {c.value: c.zh for c in STAGES}
OVER = ("producing", "above_scale", "full_capacity")


@dataclass(frozen=True)
class Quality:
    """What a lead lacks: contents not told, sizes below the least, words of kinds that are not taken; ``told`` of ``asked`` contents."""

    missing: tuple[tuple[str, str], ...]
    small: tuple[tuple[str, str], ...]
    excluded: tuple[str, ...]
    told: int
    asked: int

    @property
    def complete(self) -> bool:
        return not (self.missing or self.small or self.excluded)


def quality(lead: Any, on: date | None = None) -> Quality:
    """Hold a lead against the dated rule ``lead_quality``."""
    rule = parameter("lead_quality", on).value
    missing = tuple(CONTENTS[c][:2] for c in rule["contents"] if all(getattr(lead, a, None) in (None, "") for a in CONTENTS[c][2]))
    small = []
    for column, zh, en in (("invest_total", "总投资", "total investment"), ("fixed_assets", "固定资产投资", "fixed assets")):
        value, least = getattr(lead, column, None), rule[column]
        if value is not None and value < least:
            small.append((f"{zh} {value:,.0f} 万元，低于 {least:,} 万元", f"{en} {value:,.0f}, below {least:,} (10k yuan)"))
    words = tuple(w for w in rule["excluded_words"] if w in f"{getattr(lead, 'title', '') or ''}{getattr(lead, 'content', '') or ''}")
    return Quality(missing, tuple(small), words, len(rule["contents"]) - len(missing), len(rule["contents"]))


@dataclass(frozen=True)
class Twin:
    """A lead or project that may be the same: ``same`` when the investor's name is equal, else alike."""

    kind: str
    pk: int
    words: str
    state: str
    same: bool


def twins(investor: str, *, leave_out: int | None = None) -> list[Twin]:
    """Open leads and living projects whose investor bears this name or one so like it that they may be one firm; equal names first."""
    key = name_key(investor)
    if not key:
        return []
    leads = [(row.investor or "", Twin("lead", row.pk, f"{row.code} {row.title}", row.state or "new", False)) for row in
             Lead.objects.exclude(state__in=("dropped", "talks")).exclude(pk=leave_out) if row.investor]
    projects = []
    for row in Project.objects.exclude(side_state="ended").exclude(stage__in=OVER).select_related("enterprise"):
        names = {n for n in (row.investor, row.enterprise_name, row.enterprise.name if row.enterprise else None) if n}
        projects += [(n, Twin("project", row.pk, row.name, row.stage or "", False)) for n in names]
    known = [*leads, *projects]
    like = Lookalikes([investor], place_words())
    found: dict[tuple[str, int], Twin] = {}
    for name, twin in known:
        same = name_key(name) == key
        if (same or like.find(name) is not None) and (same or (twin.kind, twin.pk) not in found):
            found[twin.kind, twin.pk] = Twin(twin.kind, twin.pk, twin.words, twin.state, same)
    return sorted(found.values(), key=lambda t: (not t.same, t.kind, t.pk))


def refuse_twins(investor: str, different: str) -> str:
    """Refuse an investor whose lead is open or whose project is in talks or signed, unless a person says why this is another one; gives the words to keep."""
    equal = [t for t in twins(investor) if t.same]
    if not equal:
        return ""
    told = different.strip()
    named = "；".join(f"{'线索' if t.kind == 'lead' else '项目'}「{t.words}」{'' if t.kind == 'lead' else '（' + STAGE_WORDS.get(t.state, '') + '）'}" for t in equal[:3])
    if not told:
        raise Refused(f"同一投资方已有{named}，没有另立。下级已在谈、已签约的不得重复上报。", code="lead-twin", hint="确实是另一个项目的，请写明为何不是同一个。")
    return f"与{named}不是同一项目：{told}"
