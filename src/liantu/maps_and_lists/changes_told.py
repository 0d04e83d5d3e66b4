"""Changes told in sentences, in the order of the page 「自上次会议以来」, and as plain data."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from functools import partial
from typing import Any

from liantu.cases.choices import STATES
from liantu.kernel.columns import Choice, Column
from liantu.kernel.edition import Edition
from liantu.kernel.tables import table_of
from liantu.kernel.written import written
from liantu.maps_and_lists.changes import Changes
from liantu.maps_and_lists.changes_parts import (
    CaseChange,
    FigureChange,
    FigureReason,
    FirmChange,
    NodeChange,
    PolicyChange,
    ProjectChange,
    Reason,
    RecordChange,
    RowReason,
    RuleReason,
    Stand,
)
from liantu.maps_and_lists.shared import STATUSES
from liantu.projects.choices import SIDE_STATES, STAGES
from liantu.projects.shared import LAMPS


@dataclass(frozen=True)
class Line:
    """One change: what it is about, what happened to it, and the figure (output, key, column) or record (table, id) that it leads to."""

    subject: str
    text: str
    figure: tuple[str, str, str] | None = None
    record: tuple[str, int] | None = None
    notes: tuple[str, ...] = ()
    gone: bool = False

    def sentence(self, language: str = "zh") -> str:
        """The whole of it as one sentence."""
        because = "；".join(self.notes) if language == "zh" else "; ".join(self.notes)
        if language == "zh":
            return f"{self.subject}：{self.text}" + (f"（{because}）" if because else "") + "。"
        return f"{self.subject}: {self.text}" + (f" ({because})" if because else "") + "."


@dataclass(frozen=True)
class Group:
    """Changes of one kind under one heading."""

    name: str
    title: str
    lines: tuple[Line, ...]

    def sentences(self, language: str = "zh", limit: int = 0) -> list[str]:
        """Each line led by the heading; beyond ``limit`` only how many more there are."""
        shown = self.lines[:limit] if limit else self.lines
        told = [f"【{self.title}】{line.sentence(language)}" if language == "zh" else f"[{self.title}] {line.sentence(language)}" for line in shown]
        more = len(self.lines) - len(shown)
        if more:
            told.append(f"【{self.title}】另有 {more} 项。" if language == "zh" else f"[{self.title}] {more} more.")
        return told


Say = Callable[[str, str], str]


def told(changes: Changes, language: str = "zh") -> tuple[Group, ...]:
    """All changes in groups, in the order in which a meeting takes them; empty groups are left out."""
    def say(zh: str, en: str) -> str:
        return zh if language == "zh" else en

    words = _English(changes.after, changes.before) if language != "zh" else None
    firm, node, project, case, policy = (partial(f, say=say, words=words) for f in (_firm, _node, _project, _case, _policy))
    kinds: list[tuple[str, str, Iterable[Line]]] = [
        ("figures", say("主要数字", "Head figures"), (_figure(f, say, words) for f in changes.figures_changed)),
        ("firms_entered", say("进入的企业", "Firms that entered"), map(firm, changes.firms_entered)),
        ("firms_left", say("退出的企业", "Firms that left"), (firm(f, left=True) for f in changes.firms_left)),
        ("firms_moved", say("换了环节的企业", "Firms that changed node"), map(firm, changes.firms_moved)),
        ("firms_raised", say("升规企业", "Firms now above scale"), (_scale(f, say, words, up=True) for f in changes.firms_raised)),
        ("firms_lowered", say("退规企业", "Firms no longer above scale"), (_scale(f, say, words, up=False) for f in changes.firms_lowered)),
        ("nodes_changed", say("状态变了的环节", "Nodes whose status changed"), map(node, changes.nodes_changed)),
        ("nodes_new", say("图上新增的环节", "Nodes new on the map"), map(node, changes.nodes_new)),
        ("nodes_gone", say("图上撤下的环节", "Nodes taken off the map"), map(node, changes.nodes_gone)),
        ("projects_new", say("新项目", "New projects"), map(project, changes.projects_new)),
        ("projects_moved", say("进了一步或退了一步的项目", "Projects that moved stage"), (project(p, what="stage") for p in changes.projects_moved)),
        ("projects_state", say("停、启、终止的项目", "Projects paused, restarted, ended"), (project(p, what="side_state") for p in changes.projects_state)),
        ("projects_lamp", say("变了灯的项目", "Projects whose lamp changed"), (project(p, what="lamp") for p in changes.projects_lamp)),
        ("projects_gone", say("不再列入的项目", "Projects no longer listed"), map(project, changes.projects_gone)),
        ("cases_opened", say("新提出的问题", "Cases opened"), (case(c, what="opened") for c in changes.cases_opened)),
        ("cases_closed", say("办结的问题", "Cases settled"), (case(c, what="closed") for c in changes.cases_closed)),
        ("cases_overdue", say("新超期的问题", "Cases now overdue"), (case(c, what="overdue") for c in changes.cases_overdue)),
        ("policies_new", say("新政策", "New policies"), map(policy, changes.policies_new)),
        ("policies_expired", say("失效的政策", "Policies no longer in force"), map(policy, changes.policies_expired)),
        ("records", say("改动的记录", "Records changed"), (_record(r, say) for r in changes.records)),
    ]
    groups = (Group(name, title, tuple(lines)) for name, title, lines in kinds)
    return tuple(group for group in groups if group.lines)


class _English:
    """English names of chains and nodes, out of the editions themselves."""

    def __init__(self, *editions: Edition) -> None:
        self.names: dict[str, str] = {}
        for edition in reversed(editions):
            for table in ("chain", "chain_node"):
                self.names.update({code: en for code, en in edition.table(table).select("code", "name_en").iter_rows() if en})

    def __call__(self, code: str | None, name: str | None) -> str:
        return self.names.get(code or "", name or "")


def _name(words: _English | None, code: str | None, name: str | None) -> str:
    return words(code, name) if words else name or ""


def _word(choices: Sequence[Choice], value: str | None, say: Say) -> str:
    found = next((c for c in choices if c.value == value), None)
    return say(found.zh, found.en) if found else value or "—"


def _of_chain(change: Any, words: _English | None, say: Say) -> str:
    """The chain in brackets; nothing where there is none."""
    name = _name(words, change.chain_code, change.chain_name)
    return say(f"（{name}）", f" ({name})") if name else ""


def _at(stand: Stand | None, say: Say, words: _English | None) -> str:
    if stand is None or stand.node_code is None:
        return say("未入链", "on no chain")
    chain, node = _name(words, stand.chain_code, stand.chain_name), _name(words, stand.node_code, stand.node_name)
    return f"{chain}·{node}" if say("zh", "en") == "zh" else f"{chain} / {node}"


def _firm(firm: FirmChange, say: Say, words: _English | None, left: bool = False) -> Line:
    scale = say("，规上", ", above scale") if firm.after and firm.after.above_scale and firm.before is None else ""
    before, after = _at(firm.before, say, words), _at(firm.after, say, words)
    if firm.before and firm.after:
        text = f"{before} → {after}"
    elif left:
        text = say("原在 ", "stood at ") + before
    else:
        text = after + scale
    return Line(firm.name, text, ("firm_list", str(firm.enterprise), "-"), ("enterprise", firm.enterprise), gone=firm.after is None)


def _scale(firm: FirmChange, say: Say, words: _English | None, up: bool) -> Line:
    text = say("由规下升为规上", "now above scale") if up else say("由规上退为规下", "no longer above scale")
    return Line(firm.name, f"{text}{say('，', ', ')}{_at(firm.stand, say, words)}", ("firm_list", str(firm.enterprise), "-"), ("enterprise", firm.enterprise))


def _node(node: NodeChange, say: Say, words: _English | None) -> Line:
    before, after = _word(STATUSES, node.before, say), _word(STATUSES, node.after, say)
    text = f"{before} → {after}" if node.before and node.after else after if node.after else say("原为", "was ") + before
    subject = say(node.name, node.name_en) + _of_chain(node, words, say)
    return Line(subject, text, ("chain_map", node.code, "status"), notes=tuple(reason_words(r, say("zh", "en")) for r in node.reasons), gone=node.after is None)


def reason_words(reason: Reason, language: str = "zh") -> str:
    """One reason in words: 入链减少 2 行：甲、乙; 规上企业数 3家 → 1家."""
    zh = language == "zh"
    if isinstance(reason, RuleReason):
        return f"判定规则换为 {reason.since} 起的「{reason.zh}」" if zh else f"the rule “{reason.en}” of {reason.since} applies"
    if isinstance(reason, FigureReason):
        column: Column = reason.column
        return f"{column.zh if zh else column.en} {written(reason.before, column, language)} → {written(reason.after, column, language)}"
    return _rows_words(reason, zh)


def _rows_words(reason: RowReason, zh: bool) -> str:
    kind = {"entered": ("新增", "entered"), "left": ("减少", "left"), "changed": ("改动", "changed")}[reason.kind][0 if zh else 1]
    more = "…" if reason.count > len(reason.names) else ""
    table = table_of(reason.table)
    return f"{table.zh}{kind} {reason.count} 行：{'、'.join(reason.names)}{more}" if zh else f"{table.en}: {reason.count} {kind}: {', '.join(reason.names)}{more}"


_PROJECT_WORDS = {"stage": STAGES, "side_state": SIDE_STATES, "lamp": LAMPS}


def _project(project: ProjectChange, say: Say, words: _English | None, what: str = "stage") -> Line:
    before, after = (getattr(state, what) if state else None for state in (project.before, project.after))
    choices = _PROJECT_WORDS[what]
    state = project.after or project.before
    if project.before and project.after:
        normal = "normal" if what == "side_state" else None
        text = f"{_word(choices, before or normal, say)} → {_word(choices, after or normal, say)}"
    else:
        text = (say("阶段 ", "stage ") if project.after else say("原在 ", "stood at ")) + _word(choices, after if project.after else before, say)
    notes: tuple[str, ...] = ()
    if what == "stage" and state and project.after:
        proof = say(f"佐证 {state.evidence}", f"proof: {state.evidence}") if state.evidence else say("没有佐证", "no proof")
        notes = (proof, say("已核", "checked") if state.verification == "verified" else say("待核", "to verify"))
    return Line(project.name + _of_chain(project, words, say), text, ("project_list", str(project.project), what), ("project", project.project), notes, gone=project.after is None)


def _case(case: CaseChange, say: Say, words: _English | None, what: str) -> Line:
    state = _word(STATES, case.after, say)
    text = {"opened": case.title if case.before is None else say(f"重新办理：{case.title}", f"taken up again: {case.title}"),
            "closed": f"{case.title}{say('，', ', ')}{state}", "overdue": f"{case.title}{say('，时限 ', ', due ')}{_day(case.due_on, say)}"}[what]
    return Line(case.code + _of_chain(case, words, say), text, ("case_list", str(case.case), "state" if what != "overdue" else "lamp"), ("case", case.case),
                (case.lead_office,) if case.lead_office else ())


def _policy(policy: PolicyChange, say: Say, words: _English | None) -> Line:
    text = {"registered": say("新登记", "registered"), "in_force": say(f"{_day(policy.valid_from, say)}起生效", f"in force since {_day(policy.valid_from, say)}"),
            "expired": say(f"有效期至{_day(policy.valid_until, say)}，已失效", f"valid until {_day(policy.valid_until, say)}, now expired"), "withdrawn": say("已撤下", "withdrawn")}[policy.why]
    if policy.why == "registered" and policy.valid_until:
        text += say(f"，有效期至{_day(policy.valid_until, say)}", f", valid until {_day(policy.valid_until, say)}")
    return Line(policy.name + _of_chain(policy, words, say), text, ("policy_list", str(policy.policy), "-"), ("policy", policy.policy), (policy.code,) if policy.code else (),
                gone=policy.why == "withdrawn")


def _figure(figure: FigureChange, say: Say, words: _English | None) -> Line:
    language = say("zh", "en")
    chain = _name(words, figure.chain_code, figure.chain_name)
    text = f"{written(figure.before, figure.column, language)} → {written(figure.after, figure.column, language)}"
    return Line(f"{chain} {figure.label(language)}", text, (figure.output, figure.key, figure.column.name), gone=figure.after is None)


def _record(record: RecordChange, say: Say) -> Line:
    table = table_of(record.table)
    counts = [(record.entered, say("新增", "entered")), (record.left, say("减少", "left")), (record.changed, say("改动", "changed"))]
    text = say("，", ", ").join(f"{word} {count} 行" if say("zh", "en") == "zh" else f"{count} {word}" for count, word in counts if count)
    columns = [say(table.column(c).zh, table.column(c).en) for c in record.columns if c in table.names]
    return Line(say(table.zh, table.en), text, notes=(say("改动的列：", "columns: ") + say("、", ", ").join(columns),) if columns else ())


def _day(day: date | None, say: Say) -> str:
    if day is None:
        return say("未注明", "unknown")
    return say(f"{day.year}年{day.month}月{day.day}日", day.isoformat())


def as_dict(changes: Changes, lists: dict[str, tuple[Any, ...]]) -> dict[str, Any]:
    """Plain data for JSON: columns by name, dates as text."""
    editions = {name: {"number": e.number, "as_of": e.manifest.as_of, "content": e.manifest.content} for name, e in (("before", changes.before), ("after", changes.after))}
    return {**editions, "chain": changes.chain, **{name: [_plain(asdict(item)) for item in items] for name, items in lists.items()}}


def _plain(value: Any) -> Any:
    if isinstance(value, dict):
        if "choices" in value and "zh" in value:  # a column
            return value["name"]
        return {k: _plain(v) for k, v in value.items()}
    if isinstance(value, (list, tuple)):
        return [_plain(v) for v in value]
    return value.isoformat() if isinstance(value, date) else value


def report(changes: Changes, language: str = "zh") -> str:
    """The whole comparison as a text: the two editions, each group with its count, each change on its line."""
    zh = language == "zh"
    lines = [f"{changes.before.label(language)} → {changes.after.label(language)}" + (f"　产业链 {changes.chain}" if changes.chain and zh else f" · chain {changes.chain}" if changes.chain else "")]
    for group in told(changes, language):
        lines += ["", f"{group.title}（{len(group.lines)}）" if zh else f"{group.title} ({len(group.lines)})"]
        lines += [f"  {line.sentence(language)}" for line in group.lines]
    if len(lines) == 1:
        lines.append("没有变化。" if zh else "Nothing changed.")
    return "\n".join(lines)
