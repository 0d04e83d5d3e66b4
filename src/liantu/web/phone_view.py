"""The phone list in words: what to ask each firm, and by how much the answer can move the result."""

from __future__ import annotations

from functools import lru_cache
from typing import Any

from liantu.kernel.edition import Edition
from liantu.kernel.kept import Kept
from liantu.resilience.exposure import Exposure
from liantu.resilience.network import firm_network
from liantu.resilience.phone_list import AMOUNTS, CUSTOMERS, FIGURES, INPUTS, LIST, ORDERS, Call, Question, phone_list
from liantu.web.context import say
from liantu.web.simulator_view import Asked, can_range, exposure_asked, money, ranges


def called(edition: Edition, asked: Asked) -> list[Call]:
    """The calls about a scenario, worked out once per edition content and scenario."""
    drawn = can_range(asked) and ranges.ready(edition)
    return _called(edition.manifest.content, edition.manifest.as_of, asked.parts, str(firm_network(edition).rule), drawn, Kept((edition, exposure_asked(edition, asked))))


@lru_cache(maxsize=64)
def _called(content: str, as_of: str, parts: Any, rule: str, drawn: bool, kept: Kept) -> list[Call]:
    edition, exposure = kept.value
    return phone_list(exposure, ranges.lists_to_ask(edition, exposure) if drawn else ())


def question_words(question: Question, figures: bool) -> str:
    """A question as it is asked on the phone."""
    share = "" if not figures or question.share is None else "<1%" if question.share < 0.01 else f"{question.share:.0%}"
    item, partner = question.item or say("这种物料", "this input"), question.partner
    if question.kind == INPUTS:
        known = say(f"（名单上占采购 {share}）", f" ({share} of purchases by the lists)") if share else ""
        return say(f"{item}{known}还能用几天？除{partner}外还有没有别的供应商，几天能到货？断了是停产还是减产，减多少？",
                   f"How many days do stocks of {item}{known} last? Is there a source besides {partner}, and how soon? Without it, do you stop or slow down, by how much?")
    if question.kind == ORDERS:
        known = say(f"（名单上 {share}）", f" ({share} by the lists)") if share else ""
        return say(f"{partner}的订单占你们销售多少{known}？能不能转卖别家，在手订单还能做几天？", f"How much of your sales goes to {partner}{known}? Can you sell elsewhere, and how many days of orders are in hand?")
    return {FIGURES: say("去年产值（没有产值的报营业收入）、从业人数、入库税收各多少？", "Last year's output (or revenue), number of jobs and tax?"),
            AMOUNTS: say(f"{item}一年各买多少（万元），占采购多少？", f"How much of {item} do you buy a year (10k yuan), and what share of purchases?"),
            CUSTOMERS: say("请报主要客户名单：产品、客户、年供货额。", "Please hand in your main customers: product, customer, yearly amount."),
            LIST: say("请报主要供应商名单：物料、供应商、年采购额、库存天数。", "Please hand in your main suppliers: item, supplier, yearly amount, days of stock.")}[question.kind]


def gain_words(call: Call, exposure: Exposure, figures: bool) -> str:
    """Why the answer narrows the result, and by how much at most."""
    if call.hit is None and call.left is None:
        return say("它的上游现在看不见，补上才知道有没有漏掉的企业；能变多少事先说不出。", "Its suppliers are invisible now; how much this changes cannot be said beforehand.")
    if not figures:
        return say("波及路径经过它，或它的规模不明。", "The wave passes through it, or its size is unknown.")
    told = []
    if call.left is not None:
        told.append(say(f"名单补上后，连同前面几家，区间宽度约剩 {call.left:.0%}。", f"With its lists and those before, about {call.left:.0%} of the interval's width is left."))
    if call.lowers:
        told.append(say(f"若其实不受影响，涉及产值最多减少 {money(call.lowers)}（占 {call.lowers / (exposure.totals['output'] or 1):.1%}）。",
                        f"If it is not touched after all, output at stake falls by up to {money(call.lowers)} ({call.lowers / (exposure.totals['output'] or 1):.1%})."))
    if call.raises:
        told.append(say(f"规模不明，现按 0 计；按典型产值要加 {money(call.raises)}。", f"Its size is unknown and counts as 0; at a typical size {money(call.raises)} more."))
    return " ".join(told) or say("变动不大。", "Little changes.")
