"""What was planted about leads and visits beside what the lists say: every planted lateness told, nothing else. Pure."""

from __future__ import annotations

from typing import Any

from liantu.demo.planted import Planted

PIPELINE_WORDS = {"answer_late": "线索：超时未响应", "assess_late": "线索：超时未研判", "feedback_late": "线索：未反馈引荐人", "report_late": "线索：超期未报告", "stalled": "线索：长期无动静", "converted": "线索：转成项目",
                  "missing": "线索：缺少内容", "left_steps": "走访：下一步过期", "over_visited": "走访：一月内过多", "records": "线索和走访记录数"}
LATE = ("answer_late", "assess_late", "feedback_late", "report_late", "stalled")


def known_pipeline(planted: Planted) -> dict[str, set[Any]]:
    """By the keys of :data:`PIPELINE_WORDS`: codes, or pairs of a code (a firm, a table) and what is true of it."""
    known = planted.attraction.get("pipeline", {})
    if not known:
        return {}
    return {**{key: set(known[key]) for key in (*LATE, "converted", "left_steps")}, "missing": {(code, "、".join(words)) for code, words in known["missing"].items()},
            "over_visited": set(known["over_visited"].items()), "records": set(known["records"].items())}
