"""Fine product nodes suggested from name and 经营范围: five of about a thousand, beside three plain ways.

Nodes are the products that at least three firms report with a share of 2 % or more, without generic words. A firm's truth is its
reported nodes. *Strict* asks for one of them; *relaxed* also takes their parent or child in 产品小类 and words whose pairs of
characters agree by half (Dice) with any product of 0.5 % or more. The truth is incomplete, so strict figures are a lower bound.
Settings were fixed before any firm was judged; figures are of the half of firms that ``placement_few`` reports, each firm left out of the
examples when it is judged.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from liantu.evaluation.listed_firms import ListedFirm, listed_firms, table
from liantu.evaluation.placement_few import is_dev
from liantu.evaluation.register_space import space_of
from liantu.evaluation.report import Asked, Measure, over_seeds
from liantu.methods.gram_space import GramSpace
from liantu.methods.item_text import ItemFeatures, ItemText, scope_items
from liantu.methods.retrieval import Bm25
from liantu.methods.text import Floats
from liantu.methods.zero_shot import standard

GENERIC = ("平衡项目", "加工费", "租赁", "其他", "其它", "服务", "产品", "贸易", "销售", "工业", "商业", "材料", "劳务", "制造业", "主营业务", "内部抵销")
MAIN, ANY, FIRMS = 0.02, 0.005, 3
NEIGHBOURS, EXAMPLES, BEST_ITEM, MEANT = 15, 1.0, 0.5, 0.5  # MEANT by the half of firms that is not reported
MARKS = {("宽", 5): (0.68, 0.615), ("严", 5): (0.42, 0.372)}


def run(asked: Asked) -> list[Measure]:
    """All figures of the protocol for the data of the folder."""
    firms = listed_firms(asked.data)
    nodes = product_nodes(firms)
    at = {node: i for i, node in enumerate(nodes)}
    judged = [i for i, f in enumerate(firms) if f.scope and any(p in at and s >= MAIN for p, s in f.products)]
    test = [i for i in judged if not is_dev(firms[i].code)]
    if not nodes or not test:
        return []
    asked.progress(f"产品环节：{len(nodes)} 个，{len(test)} 家")
    answers = rankings(firms, nodes, test, space_of(asked.data))
    strict, relaxed = truths(firms, nodes, test, _kin(asked.data))
    cases: dict[tuple[str, int, str], dict[Any, list[float]]] = defaultdict(lambda: defaultdict(list))
    for method, scores in answers.items():
        order = np.argsort(-scores, axis=1, kind="stable")[:, :10]
        for row, i in enumerate(test):
            for k in (1, 3, 5, 10):
                for kind, truth in (("严", strict), ("宽", relaxed)):
                    hit = scores[row, order[row, :k]] > (0.0 if method == "子串" else -np.inf)
                    cases[kind, k, method][firms[i].code].append(float(bool((truth[row, order[row, :k]] & hit).any())))
    note = f"{len(nodes)} 个环节；有经营范围的企业作答，另一半不作答"
    measures = []
    for (kind, k, method), by_case in sorted(cases.items(), key=lambda c: (c[0][0], c[0][1])):
        target, floor = MARKS.get((kind, k), (None, None)) if method == "合并" else (None, None)
        measures.append(over_seeds("nodes", f"前 {k} 命中（{kind}）", method, by_case, seeds=1, target=target, floor=floor, note=note if target else ""))
    return measures


def product_nodes(firms: Sequence[ListedFirm]) -> list[str]:
    """Products that enough firms report with a main share, without generic words."""
    count = Counter(p for f in firms for p, s in f.products if s >= MAIN)
    return sorted(p for p, n in count.items() if n >= FIRMS and len(p) >= 2 and p not in GENERIC and not p.startswith(("其他", "其它")))


def rankings(firms: Sequence[ListedFirm], nodes: Sequence[str], test: Sequence[int], space: GramSpace | None = None) -> dict[str, Floats]:
    """Scores (test × nodes) of every method; a firm never serves as its own example. ``space`` finds more examples where there is one."""
    told = [f"{firms[i].name}、{firms[i].scope}" for i in test]
    asked = [firms[i].by_scope for i in test]
    words = [ItemText(products=((n, 1.0),)) for n in nodes]
    views = [*(f.by_products for f in firms), *(f.by_scope for f in firms if f.scope)]
    features = ItemFeatures(min_df=1).fit([*views, *words])
    x, d = features.transform(asked), features.transform(words)
    cosine = np.asarray((x @ d.T).toarray(), float)
    substring = np.array([[len(n) * (n in text) for n in nodes] for text in told], float)
    item = _best_item(asked, features, d)
    near = _votes(firms, nodes, test, features.transform)
    joint = standard(cosine) + BEST_ITEM * standard(item) + EXAMPLES * standard(near)
    if space is not None:
        joint += MEANT * standard(_votes(firms, nodes, test, space.rows, power=2))
    return {"子串": substring, "BM25": Bm25(list(nodes)).scores(told), "TF-IDF 余弦": cosine, "逐项最大余弦": item, "近邻企业": near, "合并": joint}


def _best_item(asked: Sequence[ItemText], features: ItemFeatures, nodes: Any) -> Floats:
    """The best cosine of one item of the scope, or the name, to each node; later items count less."""
    out = np.zeros((len(asked), nodes.shape[0]))
    for row, text in enumerate(asked):
        items = [(text.name, 0.6), *((i, 0.5 + 0.5 * w) for i, w in scope_items(text.scope))]
        like = (features.transform([ItemText(products=((i, 1.0),)) for i, _ in items]) @ nodes.T).toarray()
        out[row] = (like * np.array([w for _, w in items])[:, None]).max(axis=0)
    return out


def _votes(firms: Sequence[ListedFirm], nodes: Sequence[str], test: Sequence[int], rows: Callable[[list[ItemText]], Any], power: int = 1) -> Floats:
    """Votes of the most alike other firms for the nodes they report; a firm is alike by its products or its scope, as ``rows`` of unit length say."""
    at = {n: i for i, n in enumerate(nodes)}
    share = np.zeros((len(firms), len(nodes)))
    for row, firm in enumerate(firms):
        for p, s in firm.products:
            if p in at and s >= MAIN:
                share[row, at[p]] = min(s, 1.0) ** 0.5
    x = rows([firms[i].by_scope for i in test])
    like = np.maximum(_dense(x @ rows([f.by_products for f in firms]).T), 0.0)
    scoped = [i for i, f in enumerate(firms) if f.scope]
    like[:, scoped] = np.maximum(like[:, scoped], _dense(x @ rows([firms[i].by_scope for i in scoped]).T))
    like[:, share.sum(axis=1) == 0] = 0.0
    like[np.arange(len(test)), list(test)] = 0.0
    cut = np.partition(like, -min(NEIGHBOURS, like.shape[1]), axis=1)[:, -min(NEIGHBOURS, like.shape[1])]
    like[like < cut[:, None]] = 0.0
    return np.asarray(like**power @ share)


def _dense(matrix: Any) -> Floats:
    return np.asarray(matrix.toarray() if hasattr(matrix, "toarray") else matrix, float)


def _kin(folder: Path) -> dict[str, set[str]]:
    kin: dict[str, set[str]] = defaultdict(set)
    if (folder / "chainkg_product_product.csv").is_file():
        for row in table(folder, "chainkg_product_product.csv").iter_rows(named=True):
            if row["rel"] == "产品小类":
                kin[row["a"]].add(row["b"])
                kin[row["b"]].add(row["a"])
    return kin


def truths(firms: Sequence[ListedFirm], nodes: Sequence[str], test: Sequence[int], kin: dict[str, set[str]]) -> tuple[Any, Any]:
    """(test × nodes) true where a node counts as right, strictly and relaxed."""
    at = {n: i for i, n in enumerate(nodes)}
    pairs = [{n[k:k + 2] for k in range(len(n) - 1)} for n in nodes]
    strict = np.zeros((len(test), len(nodes)), dtype=bool)
    relaxed = strict.copy()
    for row, i in enumerate(test):
        for p, s in firms[i].products:
            if s >= MAIN and p in at:
                strict[row, at[p]] = True
                relaxed[row, [at[k] for k in kin.get(p, ()) if k in at]] = True
            if s >= ANY:
                own = {p[k:k + 2] for k in range(len(p) - 1)}
                relaxed[row] |= np.array([2 * len(own & other) >= 0.5 * (len(own) + len(other)) for other in pairs]) & bool(own)
    return strict, relaxed | strict
