"""What the pages of target firms show: points as bars, the replay in a sentence, links in words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from functools import lru_cache
from typing import Any

from liantu.attraction.choices import LINKS
from liantu.attraction.lists.target_scores import COLUMNS
from liantu.attraction.replay import Replay, against_others, gaps_told, of_edition, sentence
from liantu.attraction.target_models import CandidateFirm
from liantu.attraction.targets import PARTS
from liantu.chains.models import Chain
from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.kernel.parameter import parameter
from liantu.web.context import language, say
from liantu.web.pipeline_view import told as word_of

WORDS = {c.name: c for c in COLUMNS}
SHORT = {"gap": ("缺口", "Gap"), "link": ("联系", "Links"), "size": ("规模", "Size"), "expansion": ("扩张", "Expansion"), "distance": ("距离", "Distance"), "technology": ("技术", "Technology"), "feasible": ("落地", "Feasible"), "risk": ("风险", "Risk")}


def part_words() -> list[dict[str, str]]:
    """The reasons in their order, in words."""
    return [{"name": p, "short": say(*SHORT[p]), "long": WORDS[f"{p}_points"].zh if language() == "zh" else WORDS[f"{p}_points"].en} for p in PARTS]


def bars(row: Mapping[str, Any], full: Mapping[str, float]) -> list[dict[str, Any]]:
    """Each reason: points of how many, on what, and the width of its bar in tenths."""
    told = [{"name": p, "short": say(*SHORT[p]), "word": WORDS[f"{p}_points"].zh if language() == "zh" else WORDS[f"{p}_points"].en, "points": row[f"{p}_points"], "full": full[p], "basis": row[f"{p}_basis"],
             "tenths": round(10 * (row[f"{p}_points"] or 0) / full[p])} for p in PARTS]
    risk = row["risk_points"]
    return [*told, *([{"name": "risk", "short": say(*SHORT["risk"]), "word": WORDS["risk_points"].zh if language() == "zh" else WORDS["risk_points"].en, "points": risk, "full": None, "basis": row["risk_basis"], "tenths": 0}] if risk else [])]


def strongest(row: Mapping[str, Any]) -> list[str]:
    """The three reasons that carry most of their full points, in words of what they rest on."""
    full = parameter("target_score").value["full"]
    order = sorted(PARTS, key=lambda p: -(row[f"{p}_points"] or 0) / full[p])
    return [f"{say(*SHORT[p])}：{row[f'{p}_basis']}" for p in order if row[f"{p}_points"] and not str(row[f"{p}_basis"]).startswith(("没有", "不知道"))][:3]


def chain_name(code: str) -> str:
    found = Chain.objects.filter(code=code).first() if code else None
    return "" if found is None else say(found.name, found.name_en or found.name)


def replay_of(edition: Edition) -> Replay | None:
    """The replay of an edition, worked out once."""
    return _replayed(edition.number, edition.manifest.content, Kept(edition))


@lru_cache(maxsize=4)
def _replayed(number: str, content: str, kept: Kept) -> Replay | None:
    return _replay(kept.value)


def _replay(edition: Edition) -> Replay | None:
    return of_edition(edition) if edition.has("candidate_firm") else None


def replay_aside(edition: Edition) -> str:
    """What else belongs to the record: other lists beside ours, whose gaps were used."""
    found = replay_of(edition)
    return f"{against_others(found, language())}{'' if language() == 'zh' else ' '}{gaps_told(found, language())}" if found and found.cuts else ""


def replay_sentence(edition: Edition) -> str:
    """The record of past lists in one sentence of the page's language."""
    found = replay_of(edition)
    return sentence(found, language()) if found else say("目标企业库还是空的。", "The pool is still empty.")


def links_of(rows: Iterable[Any], may_see: bool) -> list[dict[str, Any]]:
    """Links in words; amounts of single firms only for those who may see them."""
    return [{"row": r, "word": word_of(LINKS, r.kind), "firm": r.enterprise.name if r.enterprise else r.enterprise_name, "amount": r.amount if may_see else None} for r in rows]


def warnings_for(firm: CandidateFirm) -> list[Any]:
    """What to know before one more visit."""
    from liantu.web.lead_pages import warnings_for as known

    return list(known(firm.name, firm.pk))
