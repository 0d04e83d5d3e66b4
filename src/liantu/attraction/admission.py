"""准入评审: a project scored on a scorecard, item by item with the basis, veto items apart; the review is held by people and kept.

The sheet judges whether a project fits here. It is no ground for support: whether and what support a firm gets must not
hang on the tax it pays (:data:`LAW`).
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from math import ceil
from typing import Any

from liantu.attraction.admission_forms import MEASURES, Form, Item, form_of, forms, read_form
from liantu.attraction.choices import ADMISSION_RESULTS
from liantu.attraction.clocks import day_of
from liantu.attraction.pipeline_models import AdmissionSheet
from liantu.attraction.pipeline_write import changed, enough, filled, fresh, name_of, next_code, require_assess, row_after, save
from liantu.attraction.stages import SIDE_WORDS
from liantu.kernel.batch import Planned, writing
from liantu.kernel.problems import Refused, UserError
from liantu.projects.models import Project, StageEvent
from liantu.projects.shared import RANKS

LAW = ("本表只用来判断项目是否适合落户，不是给予支持的依据。任何支持不得与企业缴纳的税收、社保挂钩（《公平竞争审查条例》第十条），不得要求企业采购本地产品。",
       "This sheet only judges whether a project fits here; it is no ground for support. No support may hang on the tax or insurance that a firm pays (Fair Competition Review Regulation, article 10).")
RESULT_WORDS = {c.value: c.zh for c in ADMISSION_RESULTS}
DIGITS = 2


@dataclass(frozen=True)
class ScoredItem:
    """One item as scored: what was told, the points (None: not yet), and the basis in words."""

    number: int
    item: Item
    told: str
    points: float | None
    basis: str


@dataclass(frozen=True)
class Scored:
    """A sheet as scored: its items, the total of what is scored, veto items that hold (in words), and items not yet scored."""

    form: Form
    items: tuple[ScoredItem, ...]
    total: float
    vetoed_by: tuple[str, ...]
    open: tuple[str, ...]

    @property
    def full_marks(self) -> float:
        return self.form.full_marks


def score(form: Form | str, told: Mapping[str, Any]) -> Scored:
    """Score a project. ``told`` holds measures (``output_expected``, ``land_mu``, … in 万元, 亩), for assessed items the points and for choices the option by the item's key, and ``veto_<key>`` where a veto holds.

    Raises UserError for what is no number, points out of range and unknown options, all of them at once.

    >>> score("shouxian", {"output_expected": 40000, "land_mu": 120, "industry": "allowed"}).total
    14.3
    """
    card = form_of(form) if isinstance(form, str) else form
    wrong: list[str] = []
    items = tuple(_scored(at, item, told, wrong) for at, item in enumerate(card.items, 1))
    if wrong:
        raise UserError("打分表有填错的：" + "；".join(wrong) + "。", code="bad-score", hint="改好后再保存。")
    vetoed = tuple(v.zh for v in card.vetoes if told.get(f"veto_{v.value}") not in (None, "", "0", 0, False))
    return Scored(card, items, round(sum(i.points or 0.0 for i in items), DIGITS), vetoed, tuple(i.item.zh for i in items if i.points is None))


def _number(told: Mapping[str, Any], key: str, zh: str, wrong: list[str]) -> float | None:
    text = str(told.get(key) if told.get(key) is not None else "").replace(",", "").strip()
    if not text:
        return None
    try:
        value = float(text)
    except ValueError:
        value = float("nan")
    if not 0 <= value < float("inf"):
        wrong.append(f"{zh}看到「{text[:20]}」，应为不小于 0 的数")
        return None
    return value


def _scored(number: int, item: Item, told: Mapping[str, Any], wrong: list[str]) -> ScoredItem:
    if item.how == "assessed":
        points = _number(told, item.key, item.zh, wrong)
        if points is not None and points > item.max:
            wrong.append(f"{item.zh} {points:g} 分，超过满分 {item.max:g} 分")
        shown = "，".join(f"{MEASURES[m][0]} {float(told[m]):,g} {MEASURES[m][2]}" for m in item.shows if _number(told, m, MEASURES[m][0], []) is not None)
        return ScoredItem(number, item, shown, points, f"评审人给分（0–{item.max:g}）" + (f"；{item.note}" if item.note else ""))
    if item.how == "choice":
        chosen = str(told.get(item.key) or "")
        option = next((o for o in item.options if o.value == chosen), None)
        if chosen and option is None:
            wrong.append(f"{item.zh}没有「{chosen[:20]}」，可选：{'、'.join(o.zh for o in item.options)}")
        return ScoredItem(number, item, option.zh if option else "", None if option is None else option.points, "、".join(f"{o.zh} {o.points:g} 分" for o in item.options))
    return _computed(number, item, told, wrong)


def _computed(number: int, item: Item, told: Mapping[str, Any], wrong: list[str]) -> ScoredItem:
    """Points of an item with a scale, from what the project told."""
    value = _number(told, item.of, MEASURES[item.of][0], wrong)
    if item.per and value is not None:
        per = _number(told, item.per, MEASURES[item.per][0], wrong)
        value = value / per if per else None
    if value is None:
        needed = "、".join(MEASURES[m][0] for m in (item.of, item.per) if m)
        return ScoredItem(number, item, "", None, f"待填：{needed}")
    if item.how == "line":
        share = (value - item.floor_at) / (item.full_at - item.floor_at)
        points = item.max * min(1.0, max(0.0, share))
    else:
        short = max(0.0, item.full_at - value)
        points = max(0.0, item.max - item.minus * ceil(round(short / item.step, 9)))
    return ScoredItem(number, item, f"{value:,.2f} {item.unit}", round(points, DIGITS), item.note)


def hold(user: Any, project: Any, form: Form | str, told: Mapping[str, Any], *, result: str, held_on: Any = None, evidence: str = "", note: str = "") -> AdmissionSheet:
    """Keep a review: all items scored, the result that the assessors gave, the papers. Admitted projects reach the stage 评审.

    Raises Refused when the person may not, an item is open, a veto stands against 同意准入, or the papers or the reason are missing.
    """
    require_assess(user, "准入评审")
    if result not in RESULT_WORDS:
        raise UserError(f"没有结论「{result[:20]}」。", code="unknown-word", hint="可选：" + "、".join(RESULT_WORDS.values()))
    scored = score(form, told)
    if scored.open and result != "more":
        raise Refused(f"还有 {len(scored.open)} 项没有打分：{'、'.join(scored.open)}。", code="items-open", hint="打完再下结论；材料不全的结论写“补充材料再审”。")
    if scored.vetoed_by and result == "passed":
        raise Refused(f"有一票否决项：{'、'.join(scored.vetoed_by)}，不能同意准入。", code="vetoed", hint="否决项整改后再次评审。")
    if result == "passed" and not evidence.strip():
        raise Refused("同意准入还缺评审材料。", code="evidence-missing", hint="如评审会议纪要的名称或文号。")
    opinion = enough(note, RESULT_WORDS[result]) if result != "passed" else note.strip()
    with writing():
        row: Project = fresh(Project, project, "项目")
        if row.side_state in ("paused", "ended"):
            raise Refused(f"项目现在是「{SIDE_WORDS[row.side_state]}」，不能评审。", code="project-stopped", hint="请先登记重启，写明理由。")
        day = day_of(held_on, "评审日期")
        code = next_code(AdmissionSheet, "PS", day)
        sheet = Planned("admission_sheet", filled({
            "code": code, "project": row.pk, "form": scored.form.name, "held_on": day, "total": _kept(scored.total), "full_marks": _kept(scored.full_marks), "vetoed_by": "、".join(scored.vetoed_by),
            "result": result, "who": name_of(user), "evidence": evidence.strip(), "note": opinion}))
        items = [Planned("admission_item", filled({"number": i.number, "item": i.item.zh, "told": i.told, "points": _kept(i.points), "full_marks": _kept(i.item.max), "basis": i.basis[:300]}), links={"sheet": sheet})
                 for i in scored.items]
        batch = save(f"项目「{row.name}」准入评审 {code}：{scored.total:g}/{scored.full_marks:g} 分，{RESULT_WORDS[result]}", user, [sheet, *items, *_stage(row, result, day, code, evidence.strip())])
        made: AdmissionSheet = row_after(batch, "admission_sheet")
    return made


def _kept(value: float | None) -> Decimal | None:
    return None if value is None else Decimal(str(value))


def _stage(row: Project, result: str, day: Any, code: str, evidence: str) -> list[Planned]:
    """The stage 评审, where the project was admitted and nobody recorded it before."""
    moves = result == "passed" and RANKS.get(row.stage or "", -1) < RANKS["admitted"]
    planned = changed("project", row.pk, {"updated_on": max(day, row.updated_on or day), **({"stage": "admitted"} if moves else {})})
    if result == "passed" and not StageEvent.objects.filter(project=row, stage="admitted").exists():
        planned.append(Planned("stage_event", filled({"project": row.pk, "stage": "admitted", "happened_on": day, "evidence": f"准入评审 {code}（{evidence}）", "evidence_number": code, "verified": "to_verify"})))
    return planned


__all__ = ["LAW", "Form", "Scored", "ScoredItem", "form_of", "forms", "hold", "read_form", "score"]
