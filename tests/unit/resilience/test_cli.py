"""`liantu watch`: the month's alarms in words, with the budget asked for."""

import pytest
from typer.testing import CliRunner

from liantu.cli import app
from liantu.resilience.models import Signal
from liantu.resilience.rule_record import mute
from tests.unit.resilience import kit


@pytest.fixture
def two(site, db, monkeypatch):
    monkeypatch.setattr("liantu.kernel.home.setup", lambda folder=None: None)
    kit.chain()
    for number, output in ((1, 50_000.0), (2, 20_000.0)):
        kit.power(kit.firm(number, output), {0: 0.3, 1: 0.35})
    kit.edition()


def told(*arguments):
    done = CliRunner().invoke(app, ["watch", *arguments])
    assert done.exit_code == 0, done.output
    return done.output


def test_alarms_in_words(two):
    shown = told("--budget", "1")
    assert "2026-10 预警 1 家（本月新增 1 家，名额 1），线下 1 家" in shown and "[橙] 第1电池有限公司" in shown and "用电骤降 -70%〔核实 0 次〕" in shown and "第2电池" not in shown
    assert "[橙] 第2电池有限公司" in told() and "与上次监测相同" in told()


def test_muted_rules_are_named(two):
    mute("power_fall", "多有光伏", None)
    assert "已停用 power_fall：多有光伏" in told() and not Signal.objects.filter(rule="power_fall").exists()
