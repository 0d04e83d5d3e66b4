"""What the page tests share: a small site with firms, a chain and people in each role."""

from __future__ import annotations

import io

import openpyxl
from django.contrib.auth.models import Group, User
from django.test import Client

from liantu.chains.records import load_template_records
from liantu.kernel.batch import Planned, existing_values, write, writing
from liantu.kernel.desk import accept, open_draft
from liantu.kernel.edition import freeze
from liantu.kernel.models import Batch
from liantu.kernel.tables import model_of

CHAIN = "nev_battery"
NODE = "nev_battery/prismatic_cell"


def sheet(rows: list[list[object]], title: str = "名录") -> bytes:
    """Rows as the bytes of an .xlsx file; text that looks like a formula stays text."""
    book = openpyxl.Workbook()
    page = book.active
    page.title = title
    for row in rows:
        page.append([None] * 0 + list(row))
    for line in page.iter_rows():
        for cell in line:
            if isinstance(cell.value, str):
                cell.data_type = "s"
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


FIRMS = [["企业名称", "主导产品", "企业规模", "注册资本（万元）", "2025年工业总产值（万元）"], ["甲电池有限公司", "方形铝壳电池", "大型", 50000, 20000], ["乙电池有限公司", "储能电芯", "中型", 3000, 800.5]]


def people() -> dict[str, User]:
    """An editor who sees all, one who may not see single firms' figures, and a reader."""
    editors, insiders = (Group.objects.get_or_create(name=n)[0] for n in ("编辑", "内部"))
    found = {name: User.objects.create_user(name, password="a-long-password") for name in ("editor", "outsider", "reader")}
    found["editor"].groups.add(editors, insiders)
    found["outsider"].groups.add(editors)
    return found


def signed_in(user: User) -> Client:
    """A client that is signed in."""
    client = Client()
    client.force_login(user)
    return client


def small_site(by: User | None = None) -> None:
    """One chain, two firms with figures, confirmed at a node, and a formal edition 1.0."""
    load_template_records(CHAIN)
    accept(open_draft(sheet(FIRMS), "企业名录.xlsx", by=by), by=by)
    accept(open_draft(sheet([["企业名称", "环节", "角色"], ["甲电池有限公司", "方形电芯", "链主"], ["乙电池有限公司", "方形电芯", "配套"]], "入链"), "入链确认.xlsx", by=by), by=by)
    freeze(number="1.0", approver="链长")


def change(table: str, **values: object) -> None:
    """Set columns of every row of a table through a batch, as all writing is done."""
    _write([Planned(table, values, record=pk, before={c: existing_values(table, pk)[c] for c in values}) for pk in model_of(table).objects.values_list("pk", flat=True)])


def create(table: str, **values: object) -> None:
    """Add a row through a batch."""
    _write([Planned(table, values)])


def clear(table: str) -> None:
    """Delete every row of a table through a batch."""
    _write([Planned(table, {}, record=pk, delete=True) for pk in model_of(table).objects.values_list("pk", flat=True)])


def _write(planned: list[Planned]) -> None:
    with writing():
        write(Batch.objects.create(kind="form"), planned)
