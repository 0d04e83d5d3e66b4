"""Chain maps of synthetic districts drawn from what the engine says and from what is true: do they differ by no more than stated?

A district of :mod:`liantu.demo` is built in memory; its firms are placed with the engine and thresholds of the product, nobody confirms
anything, and the product's own chain map (:mod:`liantu.maps_and_lists.maps.chain_map`) is drawn twice: from these placements and from the
planted nodes. Figures, supply links and firms are the same in both. Needs no data folder.

The *stated error* is told without the district's truth (:mod:`liantu.evaluation.stated_error`): what other districts (other seeds) teach about
the engine's accuracy by kind of answer says how many nodes should change their state (the stated error), and how many at most (the stated
limit, one-sided 95 %). The test can fail: in a chain, or in a whole district, more nodes may differ than the limit.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import narwhals as nw
import numpy as np
import polars as pl
from numpy.typing import NDArray

from liantu.demo.figures import LAST_MONTH, YEARS
from liantu.demo.generator import Built, build
from liantu.evaluation.placement_checked import builtin_nodes
from liantu.evaluation.report import Asked, Measure, over_seeds, share
from liantu.evaluation.stated_error import Answers, Correction, Deck, Stated, correction, drawn
from liantu.kernel.parameter import parameter
from liantu.maps_and_lists.maps.chain_map import chain_map
from liantu.maps_and_lists.shared import STATUSES
from liantu.methods.placement import FirmText, NodeText, Placer

TEST_SEED, TRAIN_SEED = 8_000, 9_000
FIRMS, QUICK_FIRMS = 5_000, 1_500
TRAIN, QUICK_TRAIN, DRAWS, QUICK_DRAWS = 4, 2, 80, 20
ALL, NAME_SCOPE, WORDS = "名称、范围、产品、代码", "名称、范围", "最长的 3 个环节词"
FULL = f"liantu（{ALL}）"
LEAN, KEYWORDS = f"liantu（{NAME_SCOPE}）", f"子串（{WORDS}）"
ZH = {c.value: c.zh for c in STATUSES}
FIGURES = ("revenue", "tax", "rd", "employees", "land_mu")


@dataclass
class District:
    """A synthetic district as frames of the register. ``true`` and ``also`` (nodes that own the same words) are node codes by firm; ``said`` what each way proposes."""

    frames: dict[str, pl.DataFrame]
    nodes: Sequence[NodeText]
    true: dict[int, list[str]]
    also: dict[int, list[str]]
    said: dict[str, Answers]


@dataclass
class Compared:
    """Two maps of one district, rows in the order of the node codes."""

    said: pl.DataFrame
    true: pl.DataFrame

    @property
    def differs(self) -> NDArray[np.bool_]:
        """By node: whether the states differ."""
        return (self.said["status"] != self.true["status"]).to_numpy()

    @property
    def away(self) -> NDArray[np.float64]:
        """By node: by how many firms the counts differ."""
        return np.abs((self.said["firms"] - self.true["firms"]).to_numpy()).astype(float)


def run(asked: Asked) -> list[Measure]:
    """Equal states, differences of counts, the stated error against the real one, and the nodes that differ."""
    nodes = builtin_nodes()
    size, draws = (QUICK_FIRMS, QUICK_DRAWS) if asked.quick else (FIRMS, DRAWS)
    known, ways = [], (FULL,) if asked.quick else (FULL, LEAN)
    for at in range(QUICK_TRAIN if asked.quick else TRAIN):
        asked.progress(f"链图：用来知道准确率的合成县区 {at + 1}")
        known.append(district(TRAIN_SEED + at, size, nodes, ways))
    decks = {way: [Deck().learn(d.said[way], d.true) for d in known] for way in ways}
    scale = {}
    for way, each in decks.items():
        asked.progress(f"链图：所称误差的校正，{way}")
        scale[way] = correction([(state(d, way, Deck.of(each[:at] + each[at + 1:]), draws, TRAIN_SEED + at), *real(d, way)) for at, d in enumerate(known)])
    compared, stated = [], []
    for at in range(asked.seeds):
        asked.progress(f"链图：受测的合成县区 {at + 1} / {asked.seeds}")
        here = district(TEST_SEED + at, size, nodes)
        stated.append({way: state(here, way, Deck.of(each), draws, TEST_SEED + at) for way, each in decks.items()})
        compared.append(compare(here))
    return [*_equal(compared), *_held(compared, stated, scale), *_nodes(compared[0][FULL], stated[0][FULL])]


def district(seed: int, size: int, nodes: Sequence[NodeText], ways: Sequence[str] = (FULL, LEAN, KEYWORDS)) -> District:
    """Build a district and place its firms in the ways asked for, on the nodes of the chains it has taken up (small ones take up three)."""
    built = build({"seed": seed, "firms": size, "months": 36, "supply_links": 6 * size, "last_month": LAST_MONTH})
    nodes = [n for n in nodes if n.chain in built.plan.templates]
    firms = built.world.firms
    full = [FirmText(f.number, f.name, f.scope, tuple(f.products), f.industry_code) for f in firms]
    lean = [FirmText(f.number, f.name, f.scope) for f in firms]
    known = {FULL: (placed, full), LEAN: (placed, lean), KEYWORDS: (by_words, full)}
    said = {way: known[way][0](known[way][1], nodes) for way in ways}
    return District(frames(built, nodes), nodes, {f.number: f.nodes for f in firms}, {f.number: f.also for f in firms}, said)


def frames(built: Built, nodes: Sequence[NodeText]) -> dict[str, pl.DataFrame]:
    """The tables that the chain map reads, but for the placements."""
    firms, chains = built.world.firms, sorted({n.chain for n in nodes})
    at = {n.code: i for i, n in enumerate(nodes)}
    number = [f.number for f in firms]
    nothing: dict[str, Any] = {c: pl.Series([None] * len(firms), dtype=pl.Float64) for c in FIGURES}
    output = built.world.figures.annual_output[[n - 1 for n in number], -1]
    supply = [(at.get(s.node), s.supplier.number if s.supplier else None, s.customer.number, s.amount) for s in built.supply]
    return {
        "chain_node": pl.DataFrame({"id": range(len(nodes)), "code": list(at), "chain": [chains.index(n.chain) for n in nodes], "name": [n.name for n in nodes]}),
        "chain": pl.DataFrame({"id": range(len(chains)), "code": chains, "name": chains}),
        "enterprise": pl.DataFrame({"id": number, "name": [f.name for f in firms], "above_scale": [f.above_scale for f in firms],
                                    "status": ["closed" if f.status == "注销" else "open" for f in firms]}),
        "annual_figure": pl.DataFrame({"enterprise": number, "year": [YEARS[-1]] * len(firms), "output": output, **nothing}),
        "supply_link": pl.DataFrame(supply, schema={"chain_node": pl.Int64, "supplier": pl.Int64, "customer": pl.Int64, "amount": pl.Float64}, orient="row"),
    }


def placed(firms: Sequence[FirmText], nodes: Sequence[NodeText]) -> Answers:
    """What the engine proposes, as the product asks it."""
    rule = parameter("placement").value
    placer = Placer(nodes, likely=rule["likely"], verify=rule["verify"]).fit_background(firms)
    answers: Answers = {int(str(f.key)): [] for f in firms}
    for p in placer.place(firms, at_most=rule["at_most"]):
        answers[int(str(p.key))].append((p.node, p.grade, p.score))
    return answers


def by_words(firms: Sequence[FirmText], nodes: Sequence[NodeText]) -> Answers:
    """The plain way: the nodes whose words stand in the text, at most three, longest words first."""
    owners: dict[str, list[int]] = {}
    for at, node in enumerate(nodes):
        for word in {w for w in (node.name, *node.synonyms, *node.products) if len(w) >= 2}:
            owners.setdefault(word, []).append(at)
    answers: Answers = {}
    for firm in firms:
        text = "|".join((firm.name, firm.scope, *firm.products))
        best: dict[int, int] = {}
        for word, here in owners.items():
            if word in text:
                for at in here:
                    best[at] = max(best.get(at, 0), len(word))
        first = sorted(best.items(), key=lambda pair: (-pair[1], pair[0]))[:parameter("placement").value["at_most"]]
        answers[int(str(firm.key))] = [(nodes[at].code, "likely", min(length / 100, 1.0)) for at, length in first]
    return answers


def draw_map(here: District, answers: Answers) -> pl.DataFrame:
    """The product's chain map of these placements: one row per node, by code."""
    at = {n.code: i for i, n in enumerate(here.nodes)}
    rows = [(firm, at[node], grade, score) for firm, said in answers.items() for node, grade, score in said]
    schema = {"enterprise": pl.Int64, "chain_node": pl.Int64, "grade": pl.String, "score": pl.Float64}
    placement = pl.DataFrame(rows, schema=schema, orient="row").with_row_index("id").with_columns(pl.lit(None, pl.String).alias("role"), pl.lit(None, pl.Float64).alias("business_share"))
    tables = {name: nw.from_native(frame.lazy()) for name, frame in {**here.frames, "placement": placement}.items()}
    drawn_map = nw.to_native(chain_map(**tables, rule=parameter("node_status").value)).collect()
    return drawn_map.select("code", "chain_code", "name", "status", pl.col("firms", "above_scale_firms").cast(pl.Int64)).sort("code")


def true_answers(here: District, *, also: bool = False) -> Answers:
    """The planted nodes as placements, the main node first; with ``also`` those that own the same words stand behind them."""
    return {firm: [(node, "likely", 1 - k / 100) for k, node in enumerate([*nodes, *(here.also[firm] if also else ())])] for firm, nodes in here.true.items()}


def compare(here: District) -> dict[str, Compared]:
    """Each way's map beside the true one; the engine's also beside the one that takes nodes with the same words for true."""
    true = draw_map(here, true_answers(here))
    found = {way: Compared(draw_map(here, said), true) for way, said in here.said.items()}
    return found | {f"{FULL}，同词环节也算真": Compared(found[FULL].said, draw_map(here, true_answers(here, also=True)))}


def real(here: District, way: str) -> tuple[NDArray[np.bool_], NDArray[np.float64]]:
    """Which nodes' states differ from the true map's, and by how many firms."""
    both = Compared(draw_map(here, here.said[way]), draw_map(here, true_answers(here)))
    return both.differs, both.away


def state(here: District, way: str, deck: Deck, draws: int, seed: int) -> Stated:
    """What is to be expected of the map drawn from this way's answers, told without the truth."""
    said, answers = draw_map(here, here.said[way]), here.said[way]
    differs, away = np.zeros((draws, len(said)), dtype=bool), np.zeros((draws, len(said)))
    for row, truth in enumerate(drawn(deck, answers, [n.code for n in here.nodes], draws, seed)):
        both = Compared(said, draw_map(here, truth))
        differs[row], away[row] = both.differs, both.away
    return Stated(differs, away, np.array(said["chain_code"].to_list()))


def _equal(compared: Sequence[dict[str, Compared]]) -> list[Measure]:
    measures = []
    chains = compared[0][FULL].said["chain_code"].unique().sort().to_list()
    for group in ("合计", *chains):
        for way in compared[0]:
            equal: list[bool] = []
            away: dict[Any, list[float]] = {}
            for each in compared:
                both, differs, gap = each[way], each[way].differs, each[way].away
                rows = [i for i, c in enumerate(both.said["chain_code"]) if group in ("合计", c)]
                equal += [not bool(differs[i]) for i in rows]
                for i in rows:
                    away.setdefault(both.said["code"][i], []).append(float(gap[i]))
            note = f"{len(compared)} 个县区的环节合计" if not measures else ""
            measures.append(share("map", "状态相同的环节", way, sum(equal), len(equal), group=group, note=note))
            measures.append(over_seeds("map", "每环节企业数之差（家）", way, away, seeds=len(compared), group=group))
    return measures


def _held(compared: Sequence[dict[str, Compared]], stated: Sequence[dict[str, Stated]], scale: dict[str, Correction]) -> list[Measure]:
    """The stated error beside the real one, per district, and how often the limit held, over districts and over chains of districts."""
    measures = []
    for way, factor in scale.items():
        kept, kept_chain = [], []
        for at, (each, one) in enumerate(zip(compared, stated, strict=True)):
            differs, told, group = each[way].differs, one[way], f"县区 {at + 1}"
            expected, low, limit = factor.limits(told)
            kept.append(bool(differs.sum() <= limit))
            measures.append(Measure("map", "状态不同的环节数（所称）", way, expected, group=group, n=len(differs), low=low, high=limit, interval="5–95 %",
                                    note="" if at else f"模拟数乘 {factor.ratio:.2f}，离散乘 {factor.spread:.2f}"))
            measures.append(Measure("map", "状态不同的环节数（实际）", way, float(differs.sum()), group=group, n=len(differs), target=round(limit, 1),
                                    note="未超过所称上限" if kept[-1] else "超过所称上限"))
            measures.append(Measure("map", "每环节企业数之差（所称）", way, factor.away * float(told.away.mean()), group=group, n=len(differs), note=f"实际 {each[way].away.mean():.3f}"))
            kept_chain += [bool(differs[told.chain == c].sum() <= factor.limits(told, c)[2]) for c in np.unique(told.chain)]
        measures += _chances(compared, stated, way, factor)
        measures.append(share("map", "未超过所称上限", way, sum(kept), len(kept), group="县区", target=0.95))
        measures.append(share("map", "未超过所称上限", way, sum(kept_chain), len(kept_chain), group="县区 × 链", target=0.95))
    return measures


def _chances(compared: Sequence[dict[str, Compared]], stated: Sequence[dict[str, Stated]], way: str, factor: Correction) -> list[Measure]:
    """Brier score of the chance stated for each node that its state differs, beside the same chance for all nodes of a district."""
    told: dict[str, dict[Any, list[float]]] = {way: {}, f"{way}，各环节同一可能": {}}
    for each, one in zip(compared, stated, strict=True):
        chance = np.minimum(one[way].differs.mean(axis=0) * factor.ratio, 1.0)
        for method, said in zip(told, (chance, np.full(len(chance), chance.mean())), strict=True):
            for code, loss in zip(each[way].said["code"], (said - each[way].differs) ** 2, strict=True):
                told[method].setdefault(code, []).append(float(loss))
    return [over_seeds("map", "所称可能性的 Brier 分", method, by_node, seeds=len(compared)) for method, by_node in told.items()]


def _nodes(both: Compared, told: Stated) -> list[Measure]:
    """The nodes of the first district whose state differs, with the chance stated beforehand."""
    rows = zip(both.said.iter_rows(named=True), both.true.iter_rows(named=True), told.differs.mean(axis=0).tolist(), strict=True)
    kinds = Counter((t["status"], s["status"]) for s, t, _ in zip(both.said.iter_rows(named=True), both.true.iter_rows(named=True), both.differs, strict=True) if s["status"] != t["status"])
    found = [Measure("map", "县区 1 状态不同（真→判）", f"{ZH[t]}→{ZH[s]}", float(n), group="环节数", n=len(both.said)) for (t, s), n in kinds.most_common()]
    for said, true, chance in rows:
        if said["status"] != true["status"]:
            note = f"真 {ZH[true['status']]}（{true['firms']} 家，规上 {true['above_scale_firms']}）；判 {ZH[said['status']]}（{said['firms']} 家，规上 {said['above_scale_firms']}）；事先所称不同的可能 {chance:.0%}"
            found.append(Measure("map", "企业数，判减真（家）", f"{said['code'].partition('/')[2]} {said['name']}", float(said["firms"] - true["firms"]), group=said["chain_code"],
                                 n=true["firms"], note=note))
    return found
