"""Leads and visits of the synthetic district: what is said to be planted stands in the sheets, whatever the size and seed."""

from datetime import date

import pytest

from liantu.demo import pipeline_sheets as sheets
from liantu.demo.generator import build
from liantu.demo.pipeline_check import LATE, PIPELINE_WORDS, known_pipeline
from liantu.demo.planted import Planted
from liantu.demo.self_check import Found, compare
from liantu.demo.work import FIRST_DAY


@pytest.fixture(scope="module", params=[(400, 1), (700, 2)])
def made(request):
    firms, seed = request.param
    built = build({"seed": seed, "firms": firms, "supply_links": 600})
    planted = Planted({})
    sheets.answers(built, planted)
    return built, planted


def test_days_say_what_is_planted(made):
    built, planted = made
    known = planted.attraction["pipeline"]
    rows = {str(r[0]): dict(zip(sheets.LEAD_HEAD, r, strict=True)) for r in sheets.books(built)[sheets.LEAD_FILE][0].rows}
    assert len(rows) == known["records"]["lead"] == len(set(rows)) and all(known[kind] for kind in (*LATE, "converted"))
    for code, row in rows.items():
        came, answered, judged = (row[name] for name in ("收到日期", "响应日期", "研判日期"))
        assert isinstance(came, date) and came <= FIRST_DAY and (answered is None or came <= answered <= FIRST_DAY) and (judged is None or answered <= judged <= FIRST_DAY)
        late = (FIRST_DAY - came).days
        assert (code in known["answer_late"]) == (row["状态"] == "待响应" and late > 1)
        assert (code in known["assess_late"]) == (row["状态"] == "已响应" and late > (7 if (row["总投资"] or 0) >= 50000 else 3))
        assert (code in known["converted"]) == bool(row["对应项目"])
    assert not set(known["in_time"]) & {code for kind in LATE for code in known[kind]}


def test_visits_say_what_is_planted(made):
    built, planted = made
    known = planted.attraction["pipeline"]
    rows = sheets.books(built)[sheets.VISIT_FILE][0].rows
    assert len(rows) == known["records"]["visit"] and len(known["over_visited"]) == 2 and len(known["left_steps"]) >= 2
    assert all(n >= sheets.OVER for n in known["over_visited"].values()) and {r[2] for r in rows} <= {str(r[0]) for r in sheets.books(built)[sheets.LEAD_FILE][0].rows}


def test_the_check_counts_what_is_lost_and_what_is_false(made):
    _, planted = made
    known = known_pipeline(planted)
    assert set(known) == set(PIPELINE_WORDS)
    assert all(r.share == 1.0 and not r.false_findings for r in compare(planted, Found(pipeline=known)))
    wrong = {**known, "answer_late": {*list(known["answer_late"])[1:], "XS0000-0001"}}
    row = next(r for r in compare(planted, Found(pipeline=wrong)) if r.what == PIPELINE_WORDS["answer_late"])
    assert row.share < 1.0 and row.false_findings == 1
    assert known_pipeline(Planted({})) == {}
