"""Hand-made rows for the technology and application maps, and what every scene must keep to."""

from __future__ import annotations

import itertools
import random
from datetime import date
from uuid import uuid4

import polars as pl

from liantu.drawing.scene import Group, Rect, Words, extent, walk
from liantu.kernel.edition import save_edition, schema_of
from liantu.kernel.output import Result, output_of

ROUTES = ("湿法双向拉伸隔膜", "干法隔膜", "硫化物固态电解质", "超薄高强隔膜（5μm以下）", "碳化硅MOSFET模块", "大圆柱电芯全极耳一体化焊接与在线检测")
USES = ("动力电池", "电网侧储能电站", "消费电子整机", "乘用车配套", "工业车辆", "家用储能")
NODES = ("隔膜基膜", "六氟磷酸锂", "三元正极材料", "方形电芯", "电机控制器")


def edition_at(root, *, synthetic=True):
    frames = {"chain": pl.DataFrame({"id": [1], "code": ["c"], "name": ["电池产业链"], "name_en": ["Battery chain"]})}
    return save_edition(frames, number="2026-1.0", as_of=date(2026, 10, 31), synthetic=synthetic, root=root / uuid4().hex)


def result_of(output, rows, root, *, version="internal"):
    """A result with these rows; columns not named are null."""
    declared = output_of(output)
    schema = schema_of(declared)
    frame = pl.DataFrame([{c.name: row.get(c.name) for c in declared.columns} for row in rows], schema={c.name: schema[c.name] for c in declared.columns})
    return Result(declared, edition_at(root), frame, version)


def node_row(at, draw):
    node = at % 9
    return {"chain_code": "c", "chain_name": "电池产业链", "stage_name": f"阶段{node // 4}", "stage_name_en": f"Stage {node // 4}", "group_name": "关键材料", "group_name_en": "Key materials",
            "node_code": f"c/{node}", "node_name": NODES[node % len(NODES)], "node_name_en": f"Node {node}", "position": node, "critical": node % 2 == 0,
            "node_status": draw.choice(("strong", "fair", "weak", "at_risk", "missing"))}


def routes(count, seed=1):
    draw = random.Random(seed)
    return [{**node_row(at, draw), "route": at + 1, "name": draw.choice(ROUTES), "name_en": None, "kind": draw.choice(("mainstream", "alternative", "frontier", None)),
             "maturity": draw.choice((None, *range(1, 10))), "local_grasp": draw.choice(("none", "following", "mastered", "leading", None)), "chokepoint": draw.random() < 0.3,
             "leaders": draw.choice((None, "甲公司、乙公司", "某某新能源科技股份有限公司")), "local_firms": draw.choice((None, "澄岚新能源有限公司、云澜科技")),
             "since_year": draw.choice((None, *range(1985, 2029))), "until_year": draw.choice((None, *range(2024, 2061))), "source": "合成"} for at in range(count)]


def uses(count, seed=1):
    draw = random.Random(seed)
    found = []
    for at in range(count):
        buyer = draw.choice(("整车企业", "电网企业", "", "整机品牌"))
        found.append({**node_row(at, draw), "application": at + 1, "product": f"产品{at // 3}", "use": f"{draw.choice(USES)}{draw.randint(1, max(1, count // 4))}", "buyer": buyer or None,
                      "payer": draw.choice((buyer, "消费者")) or None, "market": "增长较快", "local_customers": draw.choice((None, "澄岚甲有限公司", "澄岚乙有限公司、云澜丙厂", "丁，戊；己")), "source": "合成"})
    return found


def texts(scene):
    return [item for item in walk(scene.items) if isinstance(item, Words)]


def assert_sound(scene):
    """Everything stands on the sheet, and no two texts overlap."""
    for item in walk(scene.items):
        box = extent(item)
        assert box.x >= -0.5 and box.y >= -0.5 and box.right <= scene.width + 0.5 and box.bottom <= scene.height + 0.5, (item, box)
    boxes = [(words, extent(words)) for words in texts(scene)]
    for (one, a), (two, b) in itertools.combinations(boxes, 2):
        across, down = min(a.right, b.right) - max(a.x, b.x), min(a.bottom, b.bottom) - max(a.y, b.y)
        assert across <= 1.5 or down <= 3.5, (one, two)


def groups(scene, head):
    """The groups whose code begins so."""
    return [item for item in walk(scene.items) if isinstance(item, Group) and item.code.startswith(head)]


def frame_of(group):
    """The first rectangle of a card."""
    return next(item for item in walk((group,)) if isinstance(item, Rect))
