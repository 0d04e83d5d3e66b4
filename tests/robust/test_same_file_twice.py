"""The same thing said again changes nothing; and no sheet, however confused, becomes an error of the database."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from liantu.enterprises.models import Enterprise
from liantu.kernel.batch import undo
from liantu.kernel.desk import accept, open_draft
from liantu.kernel.models import Batch, StoredFile
from tests.robust.kit import credit_code, csv_bytes, firm_row, firm_sheet, register, replay, xlsx_bytes

CODES = [credit_code(n) for n in range(5)] + ["", "", "913601000000000000"]
NAMES = ["甲精密制造有限公司", "乙电子科技有限公司", "丙食品厂", "丁电池材料有限公司", "甲精密制造(有限)公司", "乙电子", ""]
FIGURES = ["", "12.5", "3.2亿", "-4", "0", "1e5", "约200", "12.345678"]

rows = st.lists(st.tuples(st.sampled_from(CODES), st.sampled_from(NAMES), st.sampled_from(["", *NAMES]), st.sampled_from(["", "高企", "专精特新、高企"]), st.sampled_from(NAMES),
                          st.sampled_from(FIGURES), st.sampled_from(FIGURES)), min_size=1, max_size=7)
HEADER = ("统一社会信用代码", "企业名称", "曾用名", "资质", "上级法人", "2025年营业收入（万元）", "2024年税收（万元）")


def sheet(cells) -> bytes:
    return csv_bytes([dict(zip(HEADER, row, strict=True)) for row in cells], HEADER)


def test_the_same_bytes_under_another_name(take):
    first = take(firm_sheet(range(30)), "名录.csv")
    assert take(firm_sheet(range(30)), "改了名.csv") is None
    assert (StoredFile.objects.count(), Batch.objects.count(), first.created) == (1, 1, 30)


def test_the_same_rows_as_another_kind_of_file(take):
    rows = [firm_row(n) for n in range(30)]
    take(csv_bytes(rows))
    assert take(xlsx_bytes([list(rows[0]), *[list(r.values()) for r in rows]]), "名录.xlsx") is None


def test_the_same_rows_in_another_order_and_twice(take):
    rows = [{**firm_row(n), "2025年营业收入（万元）": str(n / 7)} for n in range(30)]
    take(csv_bytes(rows))
    before = register()
    random.Random(3).shuffle(rows)
    assert take(csv_bytes(rows + rows[:10]), "二.csv") is None
    assert register() == before


def test_after_an_undo_the_same_file_gives_the_same_records(take):
    data = csv_bytes([{**firm_row(n), "2025年营业收入（万元）": "3"} for n in range(20)])
    batch = take(data)
    before = [list(rows.values()) for rows in register("enterprise").values()]
    undo(batch)
    take(data)
    assert [list(rows.values()) for rows in register("enterprise").values()] == before
    assert register() == replay()


@pytest.mark.usefixtures("site")
@pytest.mark.django_db
@settings(max_examples=60, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(first=rows, second=rows)
def test_confused_sheets(first, second):
    """Codes and names mixed up in every way: rows are taken or refused with a reason; afterwards saying it again makes nothing new."""
    from django.db import transaction

    with transaction.atomic():
        for at, cells in enumerate((first, second, second)):
            accept(open_draft(sheet(cells), f"{at}.csv", as_table="enterprise"), good_only=True)
            assert register() == replay()
        again = accept(open_draft(sheet(second), "again.csv", as_table="enterprise"), good_only=True)  # a sheet that contradicts itself may rename a firm once more
        assert again is None or again.created == 0
        known = [c for c in Enterprise.objects.values_list("uscc", flat=True) if c]
        assert len(known) == len(set(known))
        transaction.set_rollback(True)
