"""Answers of protocols: intervals that hold, words for a wrong call, forms that agree."""

import json

import numpy as np
import pytest
from typer.testing import CliRunner

from liantu.cli_evaluate import app
from liantu.evaluation.report import as_json, as_table, over_seeds, share
from liantu.kernel.problems import UserError
from liantu.methods.intervals import bootstrap_mean, wilson


def test_wilson_covers_what_it_promises():
    chance = np.random.default_rng(0)
    for p, n in ((0.9, 60), (0.5, 30), (0.98, 200)):
        inside = [low <= p <= high for low, high in (wilson(int(k), n) for k in chance.binomial(n, p, 800))]
        assert 0.92 <= np.mean(inside) <= 0.985


def test_no_cases_say_nothing():
    assert wilson(0, 0) == (0.0, 1.0)
    assert share("p", "m", "x", 0, 0).value is None


def test_cases_judged_often_count_once_as_cases():
    measure = over_seeds("p", "top-1", "liantu", {at: [float(at % 2)] * 5 for at in range(40)}, seeds=5)
    assert measure.n == 40
    assert measure.value == pytest.approx(0.5)
    assert measure.low < 0.4 and measure.high > 0.6  # forty cases, not two hundred


def test_bootstrap_is_narrower_with_more_cases():
    few, many = bootstrap_mean([0, 1] * 20), bootstrap_mean([0, 1] * 2000)
    assert many[2] - many[1] < 0.2 * (few[2] - few[1])


def test_table_and_json_tell_the_same():
    measures = [share("产品", "top-1", "liantu", 83, 100, group="L1", target=0.8, floor=0.79)]
    told = json.loads(as_json(measures, {"seeds": 1}))
    assert told["measures"][0]["value"] == 0.83
    assert "0.8300" in as_table(measures, {"seeds": 1}) and "0.8 / 0.79" in as_table(measures, {"seeds": 1})


@pytest.mark.parametrize(("call", "words"), [(["nothing", "--data", "."], "没有「nothing」这项评测"), (["placement", "--data", "/no/such/folder"], "找不到评测数据文件夹"),
                                             (["placement", "--data", ".", "--only", "x"], "没有「x」这一项")])
def test_a_wrong_call_is_told_in_chinese(call, words):
    answer = CliRunner().invoke(app, call)
    assert isinstance(answer.exception, UserError)
    assert words in str(answer.exception)
