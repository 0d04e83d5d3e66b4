"""招商线索 from the first word to a project: who answers and judges within which days, and what must be told.

待响应 → 已响应待研判 → 已研判 (跟进), 储备 or 放弃 → 已转在谈. No step is skipped, a verdict has its reason; each act is one batch that
can be taken back while nothing rests on it. The stages of a project follow in :mod:`liantu.attraction.stages`.
"""

from __future__ import annotations

from typing import Any

from liantu.attraction.choices import LEAD_CLASSES, LEAD_SOURCES, LEAD_STATES, LEAD_VERDICTS, VISIT_KINDS
from liantu.attraction.clocks import OPEN, day_of, later_day
from liantu.attraction.lead_quality import refuse_twins
from liantu.attraction.pipeline_models import Lead, Visit
from liantu.attraction.pipeline_write import changed, enough, filled, fresh, money, name_of, next_code, pk_of, require_assess, row_after, save, take_back
from liantu.attraction.stages import reach_stage, set_side, step_back, verify_stage
from liantu.attraction.target_models import CandidateFirm
from liantu.chains.models import ChainNode
from liantu.kernel.access import require_write
from liantu.kernel.batch import Planned, set_planned, writing
from liantu.kernel.problems import Refused, UserError
from liantu.kernel.word_lists import split_words
from liantu.projects.models import Project

STATE_WORDS = {c.value: c.zh for c in LEAD_STATES}
VERDICT_WORDS = {c.value: c.zh for c in LEAD_VERDICTS}
AFTER = {"follow": "assessed", "reserve": "reserve", "drop": "dropped"}
MONEY = {"invest_total": "总投资", "fixed_assets": "固定资产投资", "output_expected": "预计产值", "tax_expected": "预计税收", "land_mu": "用地需求", "plant_m2": "厂房需求", "energy_tce": "年能耗"}
WORDS = ("introducer", "content", "process", "pollutants", "site_wish", "responder", "next_step")


def _word(value: str, choices: Any, zh: str) -> str:
    if value not in {c.value for c in choices}:
        raise UserError(f"没有{zh}「{value[:20]}」。", code="unknown-word", hint="可选：" + "、".join(c.zh for c in choices))
    return value


def make_lead(user: Any, *, candidate: Any = None, investor: str, title: str, chain_node: Any = None, decision: Any = None, source: str = "target", received_on: Any = None,
              office: str | None = None, owner: str | None = None, different: str = "", **told: Any) -> Lead:
    """Register a lead. ``told`` holds what the investor said (content, process, invest_total, land_mu, …), ``chain`` where no node is known.

    Raises Refused when the same investor has an open lead, or a project in talks or signed, and ``different`` does not say why this is another one.
    """
    require_write(user)
    name, words = investor.strip(), title.strip()
    if not name or not words:
        raise UserError("还没有写投资方和线索名称。", code="needs-name", hint="两项都要写。")
    with writing():
        reason = refuse_twins(name, different)
        day = day_of(received_on, "收到日期")
        values: dict[str, Any] = {
            "code": next_code(Lead, "XS", day), "title": words[:200], "investor": name, "candidate": pk_of(candidate), "decision": pk_of(decision), "source": _word(source, LEAD_SOURCES, "线索来源"),
            "received_on": day, "office": office, "owner": owner, "state": "new", "next_on": later_day(told.pop("next_on", None)), "reason": reason,
            **_place(chain_node, told.pop("chain", None), candidate), **_said(told)}
        batch = save(f"{values['code']} 登记线索：{words}", user, [Planned("lead", filled(values))])
        lead: Lead = row_after(batch, "lead")
    return lead


def _place(node: Any, chain: Any, candidate: Any) -> dict[str, Any]:
    """Node and chain; a candidate firm tells its own where nobody says another."""
    pk, chain_pk = pk_of(node), pk_of(chain)
    if pk is None and candidate is not None:
        pk = CandidateFirm.objects.filter(pk=pk_of(candidate)).values_list("chain_node", flat=True).first()
    if pk is not None:
        chain_pk = ChainNode.objects.filter(pk=pk).values_list("chain", flat=True).first() or chain_pk
    return {"chain_node": pk, "chain": chain_pk}


def _said(told: dict[str, Any]) -> dict[str, Any]:
    """What the investor told, as values of the record."""
    unknown = set(told) - set(MONEY) - set(WORDS) - {"jobs_expected"}
    if unknown:
        raise UserError(f"线索没有这几项：{'、'.join(sorted(unknown))}。", code="unknown-word")
    jobs = money(told.get("jobs_expected"), "预计就业")
    return {**{c: money(told[c], zh) for c, zh in MONEY.items() if c in told}, **{c: str(told[c] or "").strip() for c in WORDS if c in told}, "jobs_expected": None if jobs is None else int(jobs)}


def edit_lead(user: Any, lead: Any, *, revision: int | None = None, **told: Any) -> Lead:
    """Complete what a lead tells. Refused when somebody changed it meanwhile (``revision``)."""
    require_write(user)
    with writing():
        row = fresh(Lead, lead, "线索")
        own = {c: str(told.pop(c) or "").strip() for c in ("office", "owner", "title") if c in told}
        values = {c: v for c, v in _said(told).items() if c in told} | own
        save(f"{row.code} 补充内容", user, changed("lead", row.pk, {c: None if v == "" else v for c, v in values.items()}, revision))
    return fresh(Lead, row.pk, "线索")  # type: ignore[no-any-return]


def _step(user: Any, lead: Any, word: str, states: tuple[str, ...], values: Any) -> Lead:
    """Move a lead from one of the states; ``values`` tells what changes from the row."""
    require_write(user)
    with writing():
        row = fresh(Lead, lead, "线索")
        if (row.state or "new") not in states:
            raise Refused(f"线索 {row.code} 现在是「{STATE_WORDS.get(row.state or 'new', row.state)}」，不能「{word}」；要先是{'或'.join(f'「{STATE_WORDS[s]}」' for s in states)}。", code="step-skipped",
                          hint="请按先后办理。")
        save(f"{row.code} {word}", user, changed("lead", row.pk, values(row)))
    return fresh(Lead, row.pk, "线索")  # type: ignore[no-any-return]


def _not_before(day: Any, earlier: Any, word: str) -> Any:
    if earlier and day < earlier:
        raise UserError(f"{word} {day} 早于 {earlier}。", code="bad-day", hint="请写上一步当天或之后的日期。")
    return day


def answer(user: Any, lead: Any, *, on: Any = None, responder: str = "", next_step: str | None = None, next_on: Any = None) -> Lead:
    """Somebody spoke with the investor for the first time."""
    def values(row: Lead) -> dict[str, Any]:
        day = _not_before(day_of(on, "响应日期"), row.received_on, "响应日期")
        return {"state": "answered", "answered_on": day, "reported_on": day, "responder": responder.strip()[:60] or row.responder or name_of(user), **_next(row, next_step, next_on)}

    return _step(user, lead, "响应", ("new",), values)


def _next(row: Any, step: str | None, on: Any) -> dict[str, Any]:
    return {} if not step and not on else {"next_step": (step or "").strip() or row.next_step, "next_on": later_day(on)}


def assess(user: Any, lead: Any, *, verdict: str, reason: str, lead_class: str | None = None, on: Any = None, next_step: str | None = None, next_on: Any = None) -> Lead:
    """Judge a lead: followed, reserve or dropped, with the reason and its class. Missing contents are shown, not forbidden."""
    require_assess(user, "研判")
    _word(verdict, LEAD_VERDICTS, "研判结论")
    kind = _word(lead_class, LEAD_CLASSES, "分类") if lead_class else None
    told = enough(reason, "研判")
    if verdict == "follow" and kind is None:
        raise Refused("跟进的线索要分类。", code="class-missing", hint="A类 重点推动、B类 一般跟进、C类 储备对接。")

    def values(row: Lead) -> dict[str, Any]:
        day = _not_before(day_of(on, "研判日期"), row.answered_on, "研判日期")
        before = "" if not row.reason or row.verdict else row.reason + "\n"
        return {"state": AFTER[verdict], "verdict": verdict, "reason": before + told, "lead_class": kind or ("c" if verdict == "reserve" else None), "assessed_on": day, "reported_on": day,
                **_next(row, next_step, next_on)}

    return _step(user, lead, f"研判：{VERDICT_WORDS[verdict]}", ("answered", "assessed", "reserve"), values)


def feed_back(user: Any, lead: Any, *, on: Any = None) -> Lead:
    """The introducer was told what came of it."""
    def values(row: Lead) -> dict[str, Any]:
        if not row.introducer:
            raise Refused(f"线索 {row.code} 没有登记引荐人。", code="no-introducer", hint="有引荐人的请先补充。")
        return {"feedback_on": _not_before(day_of(on, "反馈日期"), row.received_on, "反馈日期")}

    return _step(user, lead, "反馈引荐人", ("answered", "assessed", "reserve", "dropped", "talks"), values)


def report(user: Any, lead: Any, *, on: Any = None, next_step: str, next_on: Any = None) -> Lead:
    """The fortnightly report: what is done next and when."""
    if not next_step.strip():
        raise UserError("进展报告还没有写下一步。", code="needs-next", hint="请写一句话：谁、何时、做什么。")

    def values(row: Lead) -> dict[str, Any]:
        return {"reported_on": _not_before(day_of(on, "报告日期"), row.received_on, "报告日期"), **_next(row, next_step, next_on)}

    return _step(user, lead, "进展报告", ("answered", "assessed", "reserve"), values)


def drop(user: Any, lead: Any, *, reason: str) -> Lead:
    """Give a lead up, with the reason."""
    told = enough(reason, "放弃")
    return _step(user, lead, "放弃", (*OPEN, "reserve"), lambda row: {"state": "dropped", "verdict": "drop", "reason": "\n".join(t for t in (row.reason, told) if t)})


def reopen(user: Any, lead: Any, *, reason: str) -> Lead:
    """Take a dropped lead up again: it has to be judged again."""
    told = enough(reason, "重新跟进")
    return _step(user, lead, "重新跟进", ("dropped",), lambda row: {"state": "answered" if row.answered_on else "new", "verdict": None,
                                                            "reason": "\n".join(t for t in (row.reason, f"重新跟进：{told}") if t)})


def to_project(user: Any, lead: Any, *, name: str = "", on: Any = None, evidence: str = "", park: Any = None) -> Project:
    """Make a followed lead a project in talks, with the proof of the stages behind it. ``evidence`` names the record of the talks."""
    require_write(user)
    with writing():
        row: Lead = fresh(Lead, lead, "线索")
        if row.state != "assessed" or row.verdict != "follow":
            raise Refused(f"线索 {row.code} 现在是「{STATE_WORDS.get(row.state or 'new', row.state)}」，不能转为在谈项目。", code="step-skipped", hint="请先响应、研判为跟进。")
        day = _not_before(day_of(on, "在谈日期"), row.assessed_on, "在谈日期")
        visit = Visit.objects.filter(lead=row).order_by("-visited_on", "-id").first()
        proof = evidence.strip() or (f"洽谈走访记录 {visit.code}" if visit else "")
        if not proof:
            raise Refused("转为在谈还缺佐证。", code="evidence-missing", hint="请先登记一次洽谈走访，或写明往来记录、考察记录的名称。")
        title = (name.strip() or row.title or "")[:200]
        twin = Project.objects.filter(name=title).first()
        if twin is not None:
            raise Refused(f"已有名为「{title}」的项目。", code="project-exists", hint="同一项目请到那个项目里登记；不是同一项目请换一个名称。")
        project = Planned("project", filled({
            "name": title, "investor": row.investor, "category": "attracted", "stage": "talks", "side_state": "normal", "chain": row.chain_id, "chain_node": row.chain_node_id,  # type: ignore[attr-defined]
            "content": row.content, "park": pk_of(park), "lead_office": row.office, "owner": row.owner, "updated_on": day,
            **{c: getattr(row, c) for c in ("invest_total", "output_expected", "tax_expected", "jobs_expected", "land_mu", "plant_m2", "energy_tce")}}))
        events = [Planned("stage_event", filled({"stage": stage, "happened_on": at, "evidence": text, "evidence_number": row.code if stage == "lead" else None, "verified": "to_verify"}), links={"project": project})
                  for stage, at, text in (("lead", row.received_on, "线索登记表"), ("assessed", row.assessed_on, f"研判意见（线索 {row.code}）"), ("talks", day, proof))]
        moved = changed("lead", row.pk, {"state": "talks", "reported_on": day})
        set_planned(moved[0], "project", project, {"project": row.project_id})  # type: ignore[attr-defined]
        visits = [Planned("visit", {}, record=v.pk, before={"project": None}, links={"project": project}) for v in Visit.objects.filter(lead=row, project=None)]
        batch = save(f"{row.code} 转在谈项目：{title}", user, [project, *events, *moved, *visits])
        made: Project = row_after(batch, "project")
    return made


def add_visit(user: Any, *, firm_name: str, visited_on: Any, kind: str, office: str, people: Any, notes: str, lead: Any = None, project: Any = None, candidate: Any = None,
              next_step: str | None = None, next_on: Any = None, met: Any = "") -> Visit:
    """Record a visit with what was said and what comes next; it counts as movement of its lead and project.

    Raises UserError when the firm, the day or what was said is missing. Warnings about too many visits (``contacts.warnings``) are shown before, they do not forbid.
    """
    require_write(user)
    row, firm = fresh(Lead, lead, "线索") if lead not in (None, "") else None, firm_name.strip()
    missing = [zh for zh, value in (("企业名称", firm), ("单位", office.strip()), ("情况", notes.strip())) if not value]
    if missing:
        raise UserError(f"走访还缺：{'、'.join(missing)}。", code="needs-words", hint="写清见了谁、说了什么。")
    with writing():
        day = day_of(visited_on, "走访日期")
        place = pk_of(project) or (row.project_id if row else None)
        firm_pk = pk_of(candidate) or (row.candidate_id if row else None) or CandidateFirm.objects.filter(name=firm).values_list("pk", flat=True).first()
        values = {"code": next_code(Visit, "ZF", day), "firm_name": firm, "candidate": firm_pk, "lead": row.pk if row else None, "project": place, "visited_on": day, "kind": _word(kind, VISIT_KINDS, "方式"),
                  "office": office.strip(), "people": _names(people), "met": _names(met), "notes": notes.strip(), "next_step": (next_step or "").strip(), "next_on": later_day(next_on)}
        planned = [Planned("visit", filled(values))]
        if row is not None:
            planned += changed("lead", row.pk, {"reported_on": max(day, row.reported_on or day), **_next(row, next_step, next_on)})
        if place:
            known = Project.objects.filter(pk=place).values_list("updated_on", flat=True).first()
            planned += changed("project", place, {"updated_on": max(day, known or day)})
        batch = save(f"{values['code']} 走访：{firm}", user, planned)
        made: Visit = row_after(batch, "visit")
    return made


def _names(told: Any) -> str:
    return "、".join(split_words(told) if isinstance(told, str) else [str(t).strip() for t in told])


__all__ = ["add_visit", "answer", "assess", "drop", "edit_lead", "feed_back", "make_lead", "reach_stage", "reopen", "report", "set_side", "step_back", "take_back", "to_project", "verify_stage"]
