"""Small chains for the drawing tests."""

from __future__ import annotations

import random

import pytest

from liantu.drawing.shapes import MapGroup, MapLink, MapNode, MapStage

STATUSES = ("strong", "fair", "weak", "at_risk", "missing")
NAMES = ("磷酸铁锂", "三元材料", "电池铝箔", "PVDF树脂", "六氟磷酸锂", "BMS主控板", "车载充电机(OBC)", "智能座舱域控制器", "方形电芯")


def random_chain(nodes: int, stages: int = 5, seed: int = 1):
    """A chain with ``nodes`` nodes whose links run mostly to the right."""
    draw = random.Random(seed)
    columns = [MapStage(f"s{i}", f"中游·阶段{i}", f"Stage {i}") for i in range(stages)]
    groups, made = [], []
    while len(made) < nodes:
        group = MapGroup(f"g{len(groups)}", draw.choice(["关键材料", "隔膜与电解液", "生产装备"]), "Group",
                         columns[len(groups) % stages].code)
        groups.append(group)
        for _ in range(min(draw.randint(2, 8), nodes - len(made))):
            status = draw.choice(STATUSES)
            made.append(MapNode(f"n{len(made)}", draw.choice(NAMES), f"Node {len(made)}", group.code, status,
                                0 if status == "missing" else draw.randint(1, 60),
                                "江锂新能源" if status == "strong" else "", draw.random() < 0.2, f"/node/{len(made)}"))
    column = {group.code: int(group.stage[1:]) for group in groups}
    links = []
    for _ in range(nodes * 2):
        one, two = draw.choice(made), draw.choice(made)
        if one is not two and (column[two.group] - column[one.group] in (0, 1, 2) or draw.random() < 0.05):
            links.append(MapLink(one.code, two.code, "铝箔", draw.randint(1, 5)))
    return columns, groups, made, links


@pytest.fixture
def chain():
    """A chain of 95 nodes in five stages."""
    return random_chain(95)
