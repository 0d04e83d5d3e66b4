"""Reading 经营范围: boilerplate out, items apart, and what the firm does with each item (makes, develops, sells, serves).

A scope is a list of clauses (；。) of items (、，), and the verb often stands once for several items: 「甲、乙的制造、销售」
gives both verbs to 甲 and 乙, 「生产：甲、乙」 does so forwards. :class:`ScopeReader` finds this for a whole chunk of
firms at once with array operations; the rules were written for this project from reading registry texts.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from liantu.methods.text import Hits, Ints, Scanner, code_points, drop_contained, fold

MAKE, SELL, SERVE, DEVELOP = 1, 2, 4, 8
NAME, PRODUCTS, SCOPE = 0, 1, 2

_ROLE_WORDS: dict[int, str] = {
    MAKE: "制造 生产 加工 制作 组装 装配 总装 冶炼 铸造 锻造 研制 种植 养殖 饲养 繁育 繁殖 培育 栽培 采集 开采 采选 采掘 酿造 分装"
    " 屠宰 织造 印制 精炼 炼制 轧制 改装 提炼 深加工 精加工 初加工 来料加工",
    MAKE | SELL: "制售 产销 自产自销 生产经营 加工销售",
    SELL: "销售 批发 零售 经销 购销 代销 代理 贸易 批零 经营 兼营 兼零 零批 收购 采购 代购 调拨 进出口 进口 出口 买卖 营销 专卖 供应 直销"
    " 零售兼批发 批发兼零售 批零兼营 批兼零 销售代理",
    SERVE: "维修 修理 维护 保养 检修 大修 安装 调试 租赁 出租 施工 承包 设计 咨询 检测 检验 测试 监理 运输 货运 配送 仓储 储存 装卸 回收"
    " 培训 策划 推广 展示 装饰 装修 装潢 美容 清洗 服务 技术服务 技术咨询 技术转让 技术培训 代办 评估 鉴定 认证 运营 管理 投资 建设 勘察"
    " 拆解 处置 处理 充装 服务站 修理厂",
    DEVELOP: "研发 研究 开发 技术开发 研究开发 技术研究 技术研发",
    0: "业务 项目 产品 系列 系列产品 各种 各类 相关 有关 自产 从事 承接 专业 本企业 本公司 许可项目 一般项目 许可经营项目 一般经营项目"
    " 经营项目 经营范围 前置许可 主要 其他 以及",
}
_PREFIX_SERVE = "维修 修理 安装 租赁 出租 设计 承包"
_NOUNS = (
    "生产设备 生产线 生产资料 生产性 生产用 加工设备 加工机械 加工中心 加工厂 开发区 制造装备 制造设备 养殖设备 养殖场 种植基地 检测设备"
    " 检测仪器 运输设备 安装工程 设计院 维修设备 清洗设备 清洗剂 装饰材料 装修材料 装潢材料 装饰品 培训中心 管理软件 仓储设备 处理设备 经营权"
)
_LEGAL = (
    "依法须经 方可开展 不得经营 禁止的 审批 经批准 批准后 自主选择 为准 限制类 许可证 国务院决定 法律法规 行政法规 无需许可 进出口业务 不含 除外"
    " 许可经营的 资质证 禁止进出口"
)
_SOFT = "和与及或兼/-+"
_ITEM = ",、:|()\"'“”"
_CLAUSE = ";。!?\ue000"
_BREAK = "\ue000"
_IDLE_TAIL, _IDLE_HEAD = "的等类其之所", "的等各其"
_BRACKET = re.compile(r"\(([^()\ue000]*)\)")
_RESTRICTS = re.compile(r"^含|不含|除|不得|许可|审批|批准|依法|凭|限|有效|禁止|另行|国家|资质|法律|专营|专控|涉及|比照|未经")
_TRADE_NAME = re.compile(
    r"商贸|贸易|经贸|科贸|商行|商店|门市|经营部|经销|供销|销售|购销|物资|超市|商场|专卖|批发|零售|百货|药房|药店|加油站|加气站|农资|书店|"
    r"市场|连锁店|经营公司|进出口|采购"
)
_SERVICE_NAME = re.compile(
    r"修理|维修|汽修|修配|保养|快修|美容|酒店|饭店|宾馆|酒楼|餐厅|餐饮|饮食|食府|快餐|旅社|旅馆|招待所|物业|银行|信用社|保险|邮政|电信|移动通信|"
    r"联通|证券|信托|旅行社|旅游|置业|房地产|地产|广告|传媒|传播|咨询|顾问|拍卖|典当|租赁|装饰|装璜|装潢|运输|货运|客运|物流|驾驶|驾校|学校|幼儿园|"
    r"律师|会计|监理|人力资源|劳务|安装"
)
_MAKER_NAME = re.compile(r"厂|制造|制品|制药|药业|矿业|养殖|种植|合作社|农场|牧场|林场|冶炼|铸造|锻造|化工有限|工业")
_NAME_TAIL = re.compile(
    r"(?:有限|责任|股份|集团|公司|总|分|工厂|厂|科技|实业|工业|工贸|贸易|商贸|经贸|科贸|发展|技术|连锁|经营部|门市部?|经销部?|供应站|企业|控股|合作社|专业|"
    r"(?:\([^()]*\)))+.{0,12}$"
)
_LABELLED = {MAKE: "生产", SELL: "销售", SERVE: "服务", DEVELOP: "研发"}


def role_label(role: int) -> str:
    """The role of an item in Chinese, such as 「生产、销售」; empty for an item without a verb."""
    return "、".join(text for bit, text in _LABELLED.items() if role & bit)


def name_kind(name: str) -> int:
    """What the firm's name says it does: ``SERVE``, ``SELL``, ``MAKE`` or 0; repair and trade names win over 「厂」."""
    if _SERVICE_NAME.search(name):
        return SERVE
    if _TRADE_NAME.search(name):
        return SELL
    return MAKE if _MAKER_NAME.search(name) else 0


def dictionary_word(word: str) -> str:
    """``word`` in the form in which it is looked for, or '' where it cannot be: shorter than two characters, or a list."""
    plain = _BRACKET.sub("", fold(word)).strip("()")
    return plain if len(plain) >= 2 and not any(c in _ITEM + _CLAUSE for c in plain) else ""


def _keep_bracket(match: re.Match[str]) -> str:
    inside = match.group(1)
    return "" if len(inside) < 2 or _RESTRICTS.search(inside) else f"、{inside}、"


@dataclass(frozen=True)
class Items:
    """The items of a chunk of firms; every array has one entry per item, positions refer to ``text``."""

    text: str
    points: Ints
    item_at: Ints  # item of each position, −1 on separators and in legal phrases
    firm: Ints
    source: Ints  # NAME, PRODUCTS or SCOPE
    rank: Ints  # 0-based place of the item within its source text
    start: Ints
    end: Ints
    core_start: Ints  # without leading and trailing verbs and fillers
    core_end: Ints
    role: Ints  # bits MAKE, SELL, SERVE, DEVELOP; 0 = no verb found
    hits: Hits  # dictionary words, longest match first, inside one item each
    hit_item: Ints
    vetoes: Hits  # words of ``veto`` found, in the same form
    veto_item: Ints


class ScopeReader:
    """Cuts texts into items with roles and finds dictionary words in them.

    ``words`` are looked for with the longest match winning; ``veto`` words are found too, but hide no other word.
    """

    def __init__(self, words: Sequence[str], veto: Sequence[str] = ()) -> None:
        roles = {word: role for role, listed in _ROLE_WORDS.items() for word in listed.split()}
        kinds = [*_NOUNS.split(), *_LEGAL.split()]
        strings = list(dict.fromkeys([*words, *veto, *roles, *kinds]))
        number = {word: at for at, word in enumerate(strings)}
        size = len(strings)
        self.scanner = Scanner(strings)
        self._word, self._veto = np.full(size, -1, np.int64), np.full(size, -1, np.int64)
        self._word[[number[w] for w in words]] = np.arange(len(words))
        self._veto[[number[w] for w in veto]] = np.arange(len(veto))
        self._role = np.full(size, -1, np.int64)
        self._role[[number[w] for w in roles]] = list(roles.values())
        self._noun, self._legal = np.zeros(size, bool), np.zeros(size, bool)
        self._noun[[number[w] for w in _NOUNS.split()]] = True
        self._legal[[number[w] for w in _LEGAL.split()]] = True
        leads = {*_PREFIX_SERVE.split()}
        self._leads = np.array([w in leads or not roles.get(w, 0) & SERVE for w in strings])
        self._classes = _character_classes()

    def own_role(self, word: str) -> int:
        """Role bits of the verb at the end of a dictionary word itself (电池回收 → SERVE), 0 if there is none."""
        return max((role for role, listed in _ROLE_WORDS.items() if word.endswith(tuple(listed.split()))), default=0)

    def read(self, names: Sequence[str], products: Sequence[Sequence[str]], scopes: Sequence[str]) -> Items:
        """Items, roles and word hits of a chunk of firms (three sequences of one length)."""
        pieces, firm, source = _pieces(names, products, scopes)
        text = _plain(pieces)
        points = code_points(text).astype(np.int64)
        kind = self._classes[points].astype(np.int64)
        dot = np.flatnonzero(points == ord("."))  # 五金.交电, but 5.5
        digit = (points >= 48) & (points <= 57)
        kind[dot[~digit[np.minimum(dot + 1, len(points) - 1)]]] = 2
        found = self.scanner.find(points.astype(np.uint32))
        words = found.take(self._word[found.word] >= 0)
        words = words.take(drop_contained(words, len(points)))
        cover = _covered(words, len(points)) | _covered(found.take(self._noun[found.word]), len(points))
        kind[(kind == 1) & cover] = 0
        piece = np.cumsum(points == ord(_BREAK))
        cut = _cut(kind, piece)
        items = self._roles(points, kind, cut, found, words)
        legal = np.zeros(len(cut["start"]), dtype=bool)
        at = cut["item_at"][found.start[self._legal[found.word]]]
        legal[at[at >= 0]] = True
        piece_of = piece[cut["start"]]
        legal &= source[piece_of] == SCOPE
        item_at = np.where((cut["item_at"] >= 0) & ~np.append(legal, True)[cut["item_at"]], cut["item_at"], -1)
        vetoes = found.take(self._veto[found.word] >= 0)
        kept, kept_item = _within(words, item_at, self._word)
        veto, veto_item = _within(vetoes, item_at, self._veto)
        first = np.searchsorted(piece_of, piece_of)
        return Items(text, points, item_at, firm[piece_of], source[piece_of], np.arange(len(piece_of)) - first,
                     cut["start"], cut["end"], *items, kept, kept_item, veto, veto_item)

    def _roles(self, points: Ints, kind: Ints, cut: dict[str, Ints], found: Hits, words: Hits) -> tuple[Ints, Ints, Ints]:
        """Core start, core end and role bits of every item."""
        tokens = self._tokens(found, words, len(points))
        start, end = cut["start"], cut["end"]
        tail = _strip(points, start, end, tokens, roles=self._role, idle=_IDLE_TAIL)
        head = _strip(points, start, tail[0], tokens.take(self._leads[tokens.word]), roles=self._role, idle=_IDLE_HEAD,
                      from_start=True)
        core_start, core_end = head[0], tail[0]
        own, leading = tail[1] | head[1], head[1] > 0
        bare = (core_start >= core_end) & (own > 0)
        role = _spread(own, bare, leading, cut["clause"])
        return core_start, np.maximum(core_end, core_start), role

    def _tokens(self, found: Hits, words: Hits, size: int) -> Hits:
        """Verbs and fillers that are not part of a noun: 加工 in 加工中心 is no verb, 回收 at the end of 电池回收 is one."""
        tokens = found.take(self._role[found.word] >= 0)
        inner = np.zeros(size + 1, dtype=np.int64)  # reach of the word or noun lying over each position
        for hits in (words, found.take(self._noun[found.word])):
            _paint(inner, hits)
        over = inner[tokens.start]
        return tokens.take((over < tokens.end) | ((over == tokens.end) & (inner[tokens.end - 1] == tokens.end)))


def _character_classes() -> NDArray[np.int8]:
    """0 ordinary, 1 soft separator (unless inside a word), 2 item separator, 3 clause separator."""
    classes = np.zeros(65536, dtype=np.int8)
    for level, listed in ((1, _SOFT), (2, _ITEM), (3, _CLAUSE)):
        classes[[ord(c) for c in listed]] = level
    return classes


def _pieces(names: Sequence[str], products: Sequence[Sequence[str]], scopes: Sequence[str]) -> tuple[list[str], Ints, Ints]:
    pieces: list[str] = []
    firm: list[int] = []
    source: list[int] = []
    for row, (name, items, scope) in enumerate(zip(names, products, scopes, strict=True)):
        for kind, piece in ((NAME, _NAME_TAIL.sub("", name)), (PRODUCTS, ";".join(items)), (SCOPE, scope)):
            if piece:
                pieces.append(piece)
                firm.append(row)
                source.append(kind)
    return pieces, np.array(firm, np.int64), np.array(source, np.int64)


def _plain(pieces: list[str]) -> str:
    """All pieces folded and joined by one break character, without restrictive brackets (不含…, 凭许可证…)."""
    joined = _BREAK.join(pieces)
    if joined.count(_BREAK) != max(len(pieces) - 1, 0):
        joined = _BREAK.join(piece.replace(_BREAK, " ") for piece in pieces)
    text = fold(joined).replace("以及", "及")
    for _ in range(2):  # brackets inside brackets
        text = _BRACKET.sub(_keep_bracket, text)
    return text


def _paint(reach: Ints, hits: Hits) -> None:
    """``reach[p]`` = largest end of the hits lying over position p (hits are short, so this walks their length)."""
    length = hits.end - hits.start
    for offset in range(int(length.max()) if len(length) else 0):
        rows = length > offset
        np.maximum.at(reach, hits.start[rows] + offset, hits.end[rows])


def _covered(hits: Hits, size: int) -> NDArray[np.bool_]:
    steps = np.bincount(hits.start, minlength=size + 1)[: size + 1] - np.bincount(hits.end, minlength=size + 1)[: size + 1]
    return np.cumsum(steps)[:size] > 0


def _cut(kind: Ints, piece: Ints) -> dict[str, Ints]:
    """Items as maximal runs of ordinary characters, and the clause each belongs to."""
    inside = kind == 0
    edge = np.diff(np.concatenate(([False], inside, [False])).astype(np.int8))
    start, end = np.flatnonzero(edge == 1), np.flatnonzero(edge == -1)
    number = np.cumsum(edge[:-1] == 1) - 1
    clause = np.cumsum(kind == 3)
    return {"start": start, "end": end, "item_at": np.where(inside, number, -1), "clause": clause[start]}


def _within(hits: Hits, item_at: Ints, numbers: Ints) -> tuple[Hits, Ints]:
    item = item_at[hits.start]
    keep = (item >= 0) & (item == item_at[hits.end - 1])
    hits = hits.take(keep)
    return Hits(hits.start, hits.end, numbers[hits.word]), item[keep]


def _strip(points: Ints, low: Ints, high: Ints, tokens: Hits, *, roles: Ints, idle: str, from_start: bool = False,
           rounds: int = 6) -> tuple[Ints, Ints]:
    """Take verbs and fillers off one end of every item; returns the new bound and the role bits met."""
    order = np.argsort(tokens.end - tokens.start, kind="stable")  # the longest is written last
    anchor = (tokens.start if from_start else tokens.end)[order]
    length, role = np.zeros(len(points) + 1, np.int64), np.zeros(len(points) + 1, np.int64)
    length[anchor], role[anchor] = (tokens.end - tokens.start)[order], roles[tokens.word[order]]
    lazy = np.zeros(65536, dtype=bool)
    lazy[[ord(c) for c in idle]] = True
    bound, bits = (low if from_start else high).copy(), np.zeros(len(low), np.int64)
    active = np.flatnonzero(low < high)
    for _ in range(rounds):
        at = bound[active]
        step = length[at]
        room = (high[active] - at) if from_start else (at - low[active])
        fits = (step > 0) & (step <= room)
        idle_here = (step == 0) & (room > 0) & lazy[points[np.minimum(at, len(points) - 1) if from_start else at - 1]]
        bits[active[fits]] |= role[at[fits]]
        move = np.where(fits, step, idle_here.astype(np.int64))
        bound[active] += move if from_start else -move
        active = active[move > 0]
        if not len(active):
            break
    return bound, bits


def _spread(own: Ints, bare: NDArray[np.bool_], leading: NDArray[np.bool_], clause: Ints) -> Ints:
    """Give items without a verb the verb that stands for them: before them as a prefix, or after them at the end."""
    size = len(own)
    if not size:
        return own
    has = own > 0
    same = clause[1:] == clause[:-1]
    joins = np.append(False, same & ((bare[1:] & has[:-1]) | (bare[:-1] & leading[1:] & has[1:])))
    run = np.cumsum(~joins) - 1
    heads = np.flatnonzero(~joins)
    mask: Any = np.bitwise_or.reduceat(own, heads)[run]
    opens = np.append(True, ~same)  # first item of its clause
    forward = np.logical_or.reduceat((leading & ~bare) | (bare & opens), heads)[run] & has
    index = np.arange(size)
    previous = np.maximum.accumulate(np.where(has, index, -1))
    following = np.minimum.accumulate(np.where(has, index, size)[::-1])[::-1]
    before, after = np.maximum(previous, 0), np.minimum(following, size - 1)
    by_before = (previous >= 0) & (clause[before] == clause) & forward[before]
    by_after = (following < size) & (clause[after] == clause) & ~(leading[after] & ~bare[after])
    return np.where(has, mask, np.where(by_before, mask[before], np.where(by_after, mask[after], 0)))
