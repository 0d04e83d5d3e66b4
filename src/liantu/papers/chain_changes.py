"""What changed in a chain since an earlier edition, as sentences of a paper: figures from both editions with their ids, then the rest in names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date

from liantu.kernel.edition import Edition
from liantu.kernel.output import output_of, shows
from liantu.kernel.passport import row_by_key
from liantu.kernel.problems import UserError
from liantu.maps_and_lists.changes import Changes, changes
from liantu.maps_and_lists.changes_parts import FigureChange
from liantu.maps_and_lists.shared import STATUSES
from liantu.papers.blocks import Block, Figure, Paragraph, figure
from liantu.papers.chain_state import Said, Telling, first_words, paragraph
from liantu.papers.figures import released
from liantu.papers.paper_words import day_words
from liantu.projects.choices import STAGES

PUBLIC = ("firms_entered", "firms_left", "projects_new", "policies_new", "policies_expired")
TOLD = ("completeness", "firms", "above_scale_firms", "output", "signed", "started", "producing", "funds_arrived")
KINDS = (
    ("firms_entered", "新入链企业", "New on the chain"), ("firms_left", "退出企业", "Left the chain"), ("firms_raised", "升规企业", "Now above scale"), ("firms_lowered", "退规企业", "No longer above scale"),
    ("projects_new", "新列入项目", "New projects"), ("projects_moved", "阶段变化的项目", "Projects that moved"), ("projects_gone", "不再列入的项目", "Projects no longer listed"),
    ("policies_new", "新增政策", "New policies"), ("policies_expired", "失效政策", "Policies expired"))
NAMES_EACH, NODES_EACH = 2, 4
BRIEF_KINDS = ("firms_entered", "firms_left", "firms_raised", "firms_lowered", "projects_new", "projects_moved", "projects_gone", "policies_new", "policies_expired")


def since_blocks(telling: Telling, since: Edition | None, kinds: Sequence[str] = BRIEF_KINDS) -> list[Block]:
    """Paragraphs on what differs from ``since``: figures, nodes, and the kinds of changes asked for; none without an earlier edition."""
    if since is None or since.number == telling.edition.number:
        return []
    found = changes(since, telling.edition, telling.chain.code)
    day = day_words(date.fromisoformat(since.manifest.as_of), telling.language)
    lead: Said = (telling.say(f"与{since.number}版（数据截至{day}）相比，", f"Since edition {since.number} (as of {day}): "),)
    figures = _figures(telling, found)
    rest = [*_nodes(telling, found), *_names(telling, found, kinds)]
    if not figures and not rest:
        return [Paragraph((*lead, telling.say("本链主要数据没有变化。", "nothing in the chain has changed.")))]
    first = (*lead, *figures) if figures else (*lead, telling.say("主要数字没有变化。", "the head figures have not changed."))
    return [*paragraph(first), *paragraph(*rest)]


def _figures(telling: Telling, found: Changes) -> Said:
    """完整度由38.2%变为41.0%，…"""
    told: list[str | Figure] = []
    for change in found.figures_changed:
        pair = _pair(telling, found, change) if change.column.name in TOLD else None
        if pair:
            told += [telling.say("，", "; ") if told else "", change.label(telling.language), telling.say("由", " from "), pair[0], telling.say("变为", " to "), pair[1]]
    return (*(t for t in told if t != ""), telling.say("。", ".")) if told else ()


def _pair(telling: Telling, found: Changes, change: FigureChange) -> tuple[Figure, Figure] | None:
    """Both values as figures, when the version shows both."""
    if not shows(telling.version, output_of(change.output).column(change.column.name)):
        return None
    made = []
    for edition in (found.before, found.after):
        result = released(change.output, edition, telling.version)
        try:
            row = row_by_key(result, change.key) if result else None
        except UserError:
            row = None
        if result is None or row is None or row[change.column.name] is None:
            return None
        made.append(figure(result, row, change.column.name, language=telling.language))
    return made[0], made[1]


def _nodes(telling: Telling, found: Changes) -> Iterator[Said]:
    """隔膜由缺失变为薄弱；…"""
    if telling.version == "public" or not found.nodes_changed:
        return
    word = {c.value: telling.say(c.zh, c.en) for c in STATUSES}
    each = [telling.say(f"{n.name}由{word.get(n.before or '', '—')}变为{word.get(n.after or '', '—')}", f"{n.name_en or n.name} from {word.get(n.before or '', '—')} to {word.get(n.after or '', '—')}")
            for n in found.nodes_changed]
    yield (telling.say("环节状态：" + "、".join(each[:NODES_EACH]) + ("等" if len(each) > NODES_EACH else "") + "。",
                       "Nodes: " + ", ".join(each[:NODES_EACH]) + (" and others" if len(each) > NODES_EACH else "") + ". "),)


def _names(telling: Telling, found: Changes, kinds: Sequence[str]) -> Iterator[Said]:
    stages = {c.value: telling.say(c.zh, c.en) for c in STAGES}
    for kind, zh, en in KINDS:
        items = getattr(found, kind)
        if not items or kind not in kinds or (telling.version == "public" and kind not in PUBLIC):
            continue
        names = []
        for item in items:
            name = first_words(item.name)
            if kind == "projects_moved" and item.after and item.after.stage:
                name += telling.say(f"（到{stages[item.after.stage]}）", f" (now {stages[item.after.stage]})")
            names.append(name)
        yield (telling.say(f"{zh}：{telling.listed(names, NAMES_EACH)}。", f"{en}: {telling.listed(names, NAMES_EACH)}. "),)
