"""Sheets 43–44: what signed projects promised and what came of it, with broken promises; and projects signed twice under changed names.

Double signings are added after all projects are made, so that nothing else of the district changes; they stand at 签约, move as they should and show no red lamp.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import replace
from random import Random
from typing import Any

from opencc import OpenCC

from liantu.demo import words
from liantu.demo.names import brand
from liantu.demo.register_sheets import World
from liantu.demo.sheets_out import Cell, Sheet
from liantu.demo.work import COMPLETED, FIRST_DAY, PRODUCING, SIGNED, STARTED, Project, Work
from liantu.demo.work_sheets import Dirt, said_day
from liantu.methods.signing_words import pinyin_of

PROMISE_FILE, ACTUAL_FILE = "43_承诺台账.xlsx", "44_承诺兑现核验.xlsx"
ONE_PER, LEAST = 16, 6  # projects per double signing; fewest
CHANGES = ("short", "project_company", "english", "traditional", "typo", "other_park", "other_amount", "renamed_project", "short", "renamed_project", "traditional", "project_company")
KINDS = ("总投资", "亩均投资", "年产值", "年税收", "就业", "开工", "投产")
PROMISED, BROKEN = 0.5, 0.3  # shares: of signed projects that do not produce yet, those with promises; of those that do, those that break theirs (unit: 1)
OFFICES = {"年产值": "统计局", "年税收": "税务局", "就业": "人社局", "总投资": "审计核验", "亩均投资": "审计核验"}


def double_signings(work: Work, seed: int) -> list[tuple[Project, Project, str]]:
    """Projects signed again under another name: (first, again, what was changed); equal seeds, equal pairs. None of them is in ``work`` yet."""
    rng, taken = Random(f"double:{seed}"), {p.name for p in work.projects}
    pool = [p for p in work.projects if p.stage >= SIGNED and p.days.get(SIGNED) and p.category == "招商" and not p.why and p.node and (FIRST_DAY - p.days[SIGNED]).days > 25]
    made: list[tuple[Project, Project, str]] = []
    for at, first in enumerate(rng.sample(pool, min(len(pool), max(LEAST, round(len(work.projects) / ONE_PER))))):
        kind = CHANGES[at % len(CHANGES)]
        again = _again(first, kind, rng, work, f"XM2026-{len(work.projects) + at + 1:04d}")
        if again.name not in taken:
            taken.add(again.name)
            made.append((first, again, kind))
    return made


def _again(first: Project, kind: str, rng: Random, work: Work, code: str) -> Project:
    """The same project signed later: 签约 only, planned ahead, other words."""
    own = next((b for b in (first.investor[:2],) if b), brand(rng))
    day = first.days[SIGNED] + dt.timedelta(days=rng.randint(12, max(13, min(400, (FIRST_DAY - first.days[SIGNED]).days - 6))))
    total = float(round(first.total * rng.uniform(0.7, 1.4), -2)) if kind in ("other_amount", "renamed_project") else first.total
    plain = replace(first, code=code, stage=SIGNED, days={SIGNED: day}, updated=FIRST_DAY - dt.timedelta(days=rng.randint(2, 20)), done=0.0, arrived=0.0, plan_year=0.0, side="正常", formal=True, total=total,
                    start_plan=FIRST_DAY + dt.timedelta(days=rng.randint(50, 150)), finish_plan=FIRST_DAY + dt.timedelta(days=rng.randint(330, 600)), firm=None, firm_name="", problem="", why="", name=_named(first, kind, own, work))
    return replace(plain, **_parties(first, kind, own, rng))


def _named(first: Project, kind: str, own: str, work: Work) -> str:
    told = {"english": first.name.replace(own, pinyin_of(own).upper(), 1), "traditional": OpenCC("s2t").convert(first.name), "renamed_project": f"{own}{work.node(first.node).zh}生产基地建设项目",
            "typo": next((first.name.replace(c, words.TWINS[c], 1) for c in own if c in words.TWINS), first.name)}.get(kind, first.name)
    return told if told != first.name else f"{words.DISTRICT}{first.name}"


def _parties(first: Project, kind: str, own: str, rng: Random) -> dict[str, Any]:
    group = first.investor
    if kind == "short":
        return {"investor": group.removesuffix("有限公司").removesuffix("集团")}
    if kind == "project_company":
        return {"investor": f"澄岚{own}{rng.choice(('项目管理', '制造', '产业发展'))}有限公司"}
    if kind == "english":
        return {"investor": f"{pinyin_of(own).capitalize()} Group Co., Ltd."}
    if kind == "traditional":
        return {"investor": OpenCC("s2t").convert(group)}
    if kind == "typo":
        return {"investor": next((group.replace(c, words.TWINS[c], 1) for c in own if c in words.TWINS), f"{group}（筹）")}
    return {"content": f"建设{own}生产线及配套设施"} if kind == "renamed_project" else {}


def make_doubles(work: Work, seed: int) -> list[tuple[Project, Project, str]]:
    """Add the double signings to the district's projects."""
    made = double_signings(work, seed)
    work.projects += [again for _, again, _ in made]
    return made


def books(world: World, work: Work) -> dict[str, list[Sheet]]:
    """File → sheets; ``planted.attraction["promises"]`` says what must be found."""
    rng, dirt = world.rng("promises"), Dirt(world.plants)
    promised = Sheet("承诺台账", [f"{words.DISTRICT_TITLE}招商项目承诺台账（{words.LABEL}）", "区商务局　2026年10月"], [["序号", "项目名称", "承诺指标", "约定值", "约定时限", "协议条款"]])
    kept = Sheet("兑现核验", [f"{words.DISTRICT_TITLE}承诺兑现核验表（{words.LABEL}）", "区商务局　2026年10月"], [["序号", "项目名称", "兑现事项", "截止日期", "完成值", "来源部门", "佐证", "是否核实"]])
    answer: dict[str, list[list[str]]] = {"broken": [], "kept": []}
    signed = [p for p in work.projects if p.stage >= SIGNED and p.land_mu and p.days.get(SIGNED)]
    built = [p for p in signed if p.stage >= PRODUCING]
    going = [p for p in signed if p.stage < PRODUCING]
    chosen = sorted([*built, *rng.sample(going, round(PROMISED * len(going)))], key=lambda p: p.code)
    broken = {p.code for p in rng.sample(built, min(len(built), max(1, round(BROKEN * len(built)))))}
    for project in chosen:
        breaks = project.code in broken
        for at, kind in enumerate(KINDS):
            _promise(project, kind, f"第{'三四五六七八九'[at]}条", breaks, (promised, kept), answer, rng)
    dirt.row(PROMISE_FILE, promised, [len(promised.rows) + 1, chosen[0].name, "带动乡村", 5, "2027-12-31", "第十条"], "not-a-choice", "承诺事项", "带动乡村")
    dirt.row(ACTUAL_FILE, kept, [len(kept.rows) + 1, "查无此项目", "年产值", "2026-09-30", 100, "统计局", None, "是"], "unknown-reference", "项目名称", "查无此项目")
    doubles = [[first.name, again.name, kind] for first, again, kind in work.doubles]
    world.plants.planted.attraction["promises"] = {"doubles": doubles, **answer, "counts": {"promise": len(promised.rows) - 1, "promise_actual": len(kept.rows) - 1}}
    return {PROMISE_FILE: [promised], ACTUAL_FILE: [kept]}


def _promise(p: Project, kind: str, clause: str, breaks: bool, sheets: tuple[Sheet, Sheet], answer: dict[str, list[list[str]]], rng: Random) -> None:
    """One promise, and its figures where its day has come."""
    value, due = _value(p, kind), _due(p, kind)
    broken = kind in ("年产值", "年税收") and breaks and due <= FIRST_DAY
    share = rng.uniform(0.3, 0.7) if broken else rng.uniform(1.02, 1.3)
    sheets[0].add([len(sheets[0].rows) + 1, p.name, kind, None if kind in ("开工", "投产") else value, said_day(due, rng), clause])
    if kind in ("开工", "投产"):
        return
    if due <= FIRST_DAY:
        cells: list[Cell] = [p.name, kind, "2026-09-30", round(value * share, 2), OFFICES[kind], f"云核〔2026〕{rng.randint(100, 999)}号", "是"]
        sheets[1].add([len(sheets[1].rows) + 1, *cells])
        if kind == "年产值":  # the firm tells more than statistics know: both stand
            sheets[1].add([len(sheets[1].rows) + 1, p.name, kind, "2026-09-30", round(value * 1.4, 2), "企业自报", None, "否"])
        answer["broken" if broken else "kept"].append([p.name, kind])


def _value(p: Project, kind: str) -> float:
    return {"总投资": p.total, "亩均投资": round(p.total / max(p.land_mu, 1.0), 2), "年产值": p.output, "年税收": round(p.output * 0.035, 2), "就业": float(p.jobs)}.get(kind, 0.0)


def _due(p: Project, kind: str) -> dt.date:
    """Day by which a promise is due, counted from the signing: start after 8 months, production after 30, output and tax a year later; past for what is built."""
    if kind == "开工":
        return p.days.get(STARTED, FIRST_DAY) + dt.timedelta(days=60)
    if kind == "投产":
        return p.days.get(PRODUCING, FIRST_DAY) + dt.timedelta(days=90)
    if kind in ("总投资", "亩均投资"):
        return p.days[COMPLETED] if p.stage >= COMPLETED else FIRST_DAY + dt.timedelta(days=400)
    return min(p.days[PRODUCING] + dt.timedelta(days=20), FIRST_DAY - dt.timedelta(days=1)) if p.stage >= PRODUCING else FIRST_DAY + dt.timedelta(days=800)
