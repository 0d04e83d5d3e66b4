"""阶段: how a project of the pipeline goes on, by what proof; side states with reasons; nothing goes backwards silently."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cache
from importlib.resources import files
from typing import Any

import yaml

from liantu.attraction.clocks import day_of
from liantu.attraction.pipeline_models import AdmissionSheet
from liantu.attraction.pipeline_write import changed, enough, filled, fresh, money, name_of, require_assess, row_after, save
from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, writing
from liantu.kernel.home import home
from liantu.kernel.problems import Refused, UserError
from liantu.projects.choices import SIDE_STATES, STAGES
from liantu.projects.models import Project, StageEvent
from liantu.projects.shared import RANKS

FILE = "stage_evidence.yaml"
STAGE_WORDS = {c.value: c.zh for c in STAGES}
SIDE_WORDS = {c.value: c.zh for c in SIDE_STATES}
DATES = {"signed": "signed_on", "started": "started_on", "completed": "finished_on"}
SIDE_STEPS = {"paused": ("normal", "restarted"), "restarted": ("paused", "ended"), "ended": ("normal", "restarted", "paused")}
ENDINGS = ("终止", "出库")


@dataclass(frozen=True)
class Proof:
    """What proves a stage: kinds of paper, words that such a paper's name holds, words that it must not hold, and an amount to be reached (万元)."""

    stage: str
    kinds: tuple[str, ...]
    words: tuple[str, ...]
    refused: tuple[str, ...]
    why: str
    column: str
    amount: float
    measure: str
    measure_en: str
    confidence: str


@cache
def _shipped() -> dict[str, Any]:
    found: dict[str, Any] = yaml.safe_load((files("liantu.data") / "forms" / FILE).read_text(encoding="utf-8"))
    return found


def proofs() -> dict[str, Proof]:
    """What proves each stage: the package's, with the site's own stages in their place. Raises UserError when the site's file cannot be read."""
    stages, path = dict(_shipped()["stages"]), home() / FILE
    if path.exists():
        try:
            own = yaml.safe_load(path.read_text(encoding="utf-8"))["stages"]
            wrong = [name for name, told in own.items() if name not in RANKS or not isinstance(told.get("kinds"), list) or not isinstance(told.get("words"), list)]
            if wrong:
                raise ValueError("、".join(map(str, wrong)))
        except (yaml.YAMLError, KeyError, TypeError, ValueError, AttributeError) as broken:
            raise UserError(f"{FILE} 读不懂：{broken}", code="bad-stage-file", hint="stages 下每个阶段写 kinds（材料名称）和 words（佐证里要有的词）。") from None
        stages |= own
    return {name: _proof(name, told) for name, told in stages.items()}


def _proof(name: str, told: dict[str, Any]) -> Proof:
    least = told.get("least") or {}
    return Proof(name, tuple(told["kinds"]), tuple(told["words"]), tuple(told.get("refused", ())), told.get("why", ""), least.get("column", ""), float(least.get("amount", 0)), least.get("zh", ""),
                 least.get("en", ""), told.get("confidence", ""))


def reach_stage(user: Any, project: Any, stage: str, happened_on: Any, evidence: str, number: str | None = None, verified: bool = False, amount: Any = None) -> StageEvent:
    """A project comes to a stage, by proof; an earlier stage without a record may be recorded afterwards. ``amount`` (万元) is told where the stage asks for one.

    Raises Refused without the stage's kind of evidence, below its amount, out of order, or when the stage is recorded already.
    """
    require_write(user)
    if verified:
        require_assess(user, "核实佐证")
    if stage not in RANKS:
        raise UserError(f"没有阶段「{stage[:20]}」。", code="unknown-stage", hint="可选：" + "、".join(STAGE_WORDS.values()))
    with writing():
        row: Project = fresh(Project, project, "项目")
        day = day_of(happened_on, "到达日期")
        told = _proven(row, stage, evidence, money(amount, "金额"))
        _in_order(row, stage, day)
        planned = [Planned("stage_event", filled({"project": row.pk, "stage": stage, "happened_on": day, "evidence": told[:300], "evidence_number": (number or "").strip(),
                                                  "verified": "verified" if verified else "to_verify", "who": name_of(user) if verified else None}))]
        planned += changed("project", row.pk, _moved(row, stage, day))
        batch = save(f"项目「{row.name}」{STAGE_WORDS[stage]}：{told}", user, planned)
        made: StageEvent = row_after(batch, "stage_event")
    return made


def _moved(row: Project, stage: str, day: date) -> dict[str, Any]:
    """What changes on the project itself."""
    values: dict[str, Any] = {"updated_on": max(day, row.updated_on or day)}
    if RANKS[stage] > RANKS.get(row.stage or "", -1):
        values["stage"] = stage
    if stage in DATES:
        values[DATES[stage]] = day
    if stage == "signed":
        values["formal_contract"] = True
    return values


def _proven(row: Project, stage: str, evidence: str, amount: Decimal | None) -> str:
    """The evidence with the amount told, or Refused in words."""
    proof, told, word = proofs()[stage], evidence.strip(), STAGE_WORDS[stage]
    kinds = "、".join(proof.kinds)
    if not told:
        raise Refused(f"「{word}」还缺佐证。", code="evidence-missing", hint=f"要有：{kinds}。")
    bad = [w for w in proof.refused if w in told]
    if bad:
        raise Refused(f"「{told[:40]}」不能作为「{word}」的佐证。", code="evidence-refused", hint=f"{proof.why}；要有：{kinds}。")
    if not any(w in told for w in proof.words):
        raise Refused(f"「{told[:40]}」看不出是「{word}」的佐证。", code="evidence-kind", hint=f"要有：{kinds}。材料名称里请写明是哪一种。")
    if stage == "signed":
        _admitted(row)
    if not proof.amount:
        return told
    value = amount if amount is not None else getattr(row, proof.column) if proof.column else None
    if value is None:
        raise Refused(f"「{word}」要写明{proof.measure}（万元）。", code="amount-missing", hint=f"{proof.why}。")
    if float(value) < proof.amount:
        raise Refused(f"{proof.measure} {value:,.0f} 万元，不到 {proof.amount:,.0f} 万元，不能「{word}」。", code="below-threshold", hint=f"{proof.why}。")
    return told if amount is None else f"{told}（{proof.measure} {value:,.0f} 万元）"


def _admitted(row: Project) -> None:
    """A project that its last review did not admit is not signed."""
    sheet = AdmissionSheet.objects.filter(project=row).order_by("-held_on", "-id").first()
    if sheet is not None and sheet.result != "passed":
        why = f"一票否决：{sheet.vetoed_by}" if sheet.vetoed_by else "结论不是同意准入"
        raise Refused(f"准入评审 {sheet.code} {why}，不能签约。", code="not-admitted", hint="请补充材料再次评审。")


def _in_order(row: Project, stage: str, day: date) -> None:
    """Refuse a project that stands still, a stage that is recorded already, and days against the order of stages."""
    if row.side_state in ("ended", "paused"):
        raise Refused(f"项目「{row.name}」现在是「{SIDE_WORDS[row.side_state]}」，不能登记阶段。", code="project-stopped", hint="请先登记重启，写明理由。")
    events = list(StageEvent.objects.filter(project=row))
    if any(e.stage == stage for e in events):
        raise Refused(f"「{STAGE_WORDS[stage]}」已经登记过。", code="stage-recorded", hint="填错了请撤回那一步；要退回请用“退回阶段”并写明理由。")
    for event in (e for e in events if e.happened_on and e.stage in RANKS):
        earlier = RANKS[event.stage] < RANKS[stage]
        if (earlier and day < event.happened_on) or (not earlier and day > event.happened_on):
            raise UserError(f"「{STAGE_WORDS[stage]}」{day} {'早' if earlier else '晚'}于「{STAGE_WORDS[event.stage]}」{event.happened_on}。", code="bad-day", hint="阶段的日期要按先后。")


def verify_stage(user: Any, event: Any) -> StageEvent:
    """A person checked the evidence of a stage; not the one who handed it in unless staff."""
    require_assess(user, "核实佐证")
    with writing():
        row: StageEvent = fresh(StageEvent, event, "阶段")
        if not row.evidence:
            raise Refused("这个阶段没有佐证，不能核实。", code="evidence-missing", hint="请先补上佐证。")
        save(f"核实「{row.project.name}」{STAGE_WORDS[row.stage]}", user, changed("stage_event", row.pk, {"verified": "verified", "who": name_of(user)}))
    return fresh(StageEvent, row.pk, "阶段")  # type: ignore[no-any-return]


def step_back(user: Any, project: Any, stage: str, *, reason: str) -> Project:
    """Put a project back to an earlier stage, with the reason; the stages after it lose their records, the history keeps them."""
    require_assess(user, "退回阶段")
    told = enough(reason, "退回阶段")
    with writing():
        row: Project = fresh(Project, project, "项目")
        if stage not in RANKS or RANKS[stage] >= RANKS.get(row.stage or "", -1):
            raise Refused(f"「{STAGE_WORDS.get(stage, stage)}」不在现在的「{STAGE_WORDS.get(row.stage or '', '—')}」之前。", code="not-back", hint="请选更早的阶段。")
        later = [e for e in StageEvent.objects.filter(project=row) if RANKS.get(e.stage, -1) > RANKS[stage]]
        values: dict[str, Any] = {"stage": stage, "problem": _line(row.problem, f"退回{STAGE_WORDS[stage]}：{told}")}
        values |= {column: None for name, column in DATES.items() if RANKS[name] > RANKS[stage]}
        if RANKS[stage] < RANKS["signed"]:
            values["formal_contract"] = None
        gone = [Planned("stage_event", {}, record=e.pk, delete=True) for e in later]
        save(f"项目「{row.name}」退回{STAGE_WORDS[stage]}：{told}", user, [*changed("project", row.pk, values), *gone])
    return fresh(Project, row.pk, "项目")  # type: ignore[no-any-return]


def _line(before: str | None, told: str) -> str:
    return "\n".join(t for t in (before, f"{day_of(None)} {told}") if t)


def set_side(user: Any, project: Any, side: str, *, reason: str, word: str = "") -> Project:
    """Pause, restart or end a project, with the reason. ``word`` says how it ends: 终止, or 出库 (it leaves the pool)."""
    require_write(user)
    if side not in SIDE_STEPS:
        raise UserError(f"没有状态「{side[:20]}」。", code="unknown-side", hint="可选：" + "、".join(SIDE_WORDS[s] for s in SIDE_STEPS))
    said = word if side == "ended" and word in ENDINGS else SIDE_WORDS[side]
    told = enough(reason, said)
    with writing():
        row: Project = fresh(Project, project, "项目")
        now = row.side_state or "normal"
        if now not in SIDE_STEPS[side]:
            raise Refused(f"项目现在是「{SIDE_WORDS[now]}」，不能「{said}」。", code="step-skipped", hint="可以从" + "、".join(f"「{SIDE_WORDS[s]}」" for s in SIDE_STEPS[side]) + "来。")
        values = {"side_state": side, "problem": _line(row.problem, f"{said}：{told}"), "updated_on": day_of(None)}
        save(f"项目「{row.name}」{said}：{told}", user, changed("project", row.pk, values))
    return fresh(Project, row.pk, "项目")  # type: ignore[no-any-return]
