"""Firms that may stand twice in the register: listed with reasons, never a branch with its parent."""

from openpyxl import load_workbook
from typer.testing import CliRunner

from liantu.cli_register import HEADER, app
from liantu.enterprises.duplicates import possible_duplicates
from liantu.kernel.batch import Planned
from tests.robust.kit import credit_code, form_batch, register


def firms(*rows):
    planned = [Planned("enterprise", {k: v for k, v in zip(("name", "uscc"), row, strict=False) if v}) for row in rows]
    form_batch(planned)
    return [p.record for p in planned]


NAMES = ("南昌市恒泰精密机械有限公司", "九江远博电子有限公司", "赣州稀锦磁性材料有限公司", "宜春袁河陶瓷有限公司", "上饶茶亭茶业有限公司")


def test_pairs_with_reasons(db):
    records = firms(*((n, credit_code(at)) for at, n in enumerate(NAMES)), ("南昌恒泰精蜜机械有限公司",), ("九江遠博電子有限公司", credit_code(9)), ("赣州稀锦磁性材料有限公司南康分公司",))
    before = register()
    found = {(d.one, d.other): d for d in possible_duplicates()}
    assert set(found) == {(records[0], records[5]), (records[1], records[6])}
    assert any("字号同音" in w for w in found[records[0], records[5]].why)
    assert found[records[1], records[6]].why == ("只有写法不同", "信用代码不同：可能是两家，也可能有一个代码错了")
    assert register() == before


def test_a_branch_told_as_such_is_no_pair(db):
    parent, twin = firms((NAMES[0], credit_code(1)), ("南昌恒泰精密机械有限公司", credit_code(2)))
    assert len(possible_duplicates()) == 1
    form_batch([Planned("enterprise", {"branch_of": parent}, record=twin, before={"branch_of": None})])
    assert possible_duplicates() == []


def test_the_command_writes_a_workbook(db, site, tmp_path):
    firms((NAMES[0], credit_code(1)), ("南昌恒泰精密机械有限公司",))
    out = tmp_path / "重复.xlsx"
    done = CliRunner().invoke(app, ["-o", str(out), "--dir", str(site)])
    assert done.exit_code == 0, done.output
    rows = list(load_workbook(out).active.iter_rows(values_only=True))
    assert rows[2] == HEADER and len(rows) == 4 and rows[3][2] == "南昌恒泰精密机械有限公司" and "合成" not in rows[0][0]


def test_an_empty_register(db):
    assert possible_duplicates() == []
