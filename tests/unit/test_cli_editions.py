"""The commands `compare` and `why` as a clerk types them, in a process of this test."""

from __future__ import annotations

import json
from datetime import date

import pytest
from typer.testing import CliRunner

from liantu.cli import app
from liantu.kernel.output import output_of
from liantu.kernel.passport import figure_id, passport_id
from liantu.kernel.problems import UserError
from tests.unit.maps_and_lists.district import two_chains


@pytest.fixture
def ask(site, db):
    """Two formal editions, the second with planted changes; a command line that answers with what it printed."""
    after = two_chains()
    after.row("placement", 5)["chain_node"] = 1
    after.row("project", 1)["stage"] = "started"
    two_chains().edition(site / "editions", "1.0")
    after.edition(site / "editions", "2.0", date(2026, 4, 2))

    def run(*arguments: str) -> str:
        done = CliRunner().invoke(app, list(arguments), catch_exceptions=True)
        if done.exception and not isinstance(done.exception, SystemExit):
            raise done.exception
        assert done.exit_code == 0
        return done.output

    return run


def test_compare_lists_the_planted_changes(ask):
    text = ask("compare", "1.0", "2.0")
    assert text == ask("compare") == ask("compare", "previous", "latest") == ask("compare", "2026-03-31", "2026-04-02")
    titles = [line.split("（")[0] for line in text.splitlines()[1:] if line and not line.startswith(" ")]
    assert titles == ["主要数字", "换了环节的企业", "进了一步或退了一步的项目", "改动的记录"]
    assert "  戊：电池链·电芯 → 电池链·隔膜。" in text and "  隔膜二期（电池链）：签约 → 开工（没有佐证；待核）。" in text
    assert "没有变化" in ask("compare", "2.0", "2.0")
    assert "Firms that changed node (1)\n  戊: Battery / Cell → Battery / Separator." in ask("compare", "--language", "en")


def test_compare_as_json_to_a_file_and_of_one_chain(ask, site):
    ask("compare", "1.0", "2.0", "--format", "json", "--out", str(site / "x.json"))
    data = json.loads((site / "x.json").read_text())
    assert [f["enterprise"] for f in data["firms_moved"]] == [5] and data["projects_moved"][0]["after"]["stage"] == "started"
    assert "换了环节" not in ask("compare", "1.0", "2.0", "--chain", "d")


@pytest.mark.parametrize(("arguments", "code"), [(("compare", "9.9", "2.0"), "unknown-edition"), (("compare", "1.0", "2.0", "--chain", "x"), "unknown-chain"), (("why", "P00000000000"), "unknown-passport"),
                                                (("why", "PXYZ"), "bad-passport"), (("why", "firm_list"), "needs-key"), (("why", "P00000000000", "--edition", "9.9"), "unknown-edition")])
def test_mistakes_are_answered_in_words(ask, arguments, code):
    with pytest.raises(UserError) as error:
        ask(*arguments)
    assert error.value.code == code and error.value.hint


def test_why_needs_no_edition(ask):
    row, figure = passport_id("chain_map", "c/b", "1.0"), figure_id(output_of("chain_map"), "c/b", "firms", "1.0")
    assert "正式版次 1.0" in ask("why", row) and "重算：一致" in ask("why", row)
    told = ask("why", figure.lower().replace("0", "o"))
    assert f"凭证号 {figure}〔liantu 默认〕〔已核〕" in told and "企业数 = 3 家" in told
    assert "企业数 = 2 家" in ask("why", "chain_map", "c/b", "--column", "firms", "--as-of", "2026-04-30")
    assert "企业数 = 3 家" in ask("why", "chain_map", "c/b", "--column", "firms", "--edition", "previous")


def test_an_output_of_a_day(ask):
    assert json.loads(ask("run", "chain_summary", "--format", "json", "--as-of", "2026-04-01"))["edition"] == "1.0"
    assert json.loads(ask("run", "chain_summary", "--format", "json", "--edition", "latest-formal"))["edition"] == "2.0"
