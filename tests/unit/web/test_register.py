"""Registers: lists, the one form for all tables, two people on one row, and the empty templates."""

import io

import openpyxl
import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from liantu.enterprises.models import AnnualFigure, Enterprise
from liantu.kernel.batch import Planned, write, writing
from liantu.kernel.desk import inspect, open_draft
from liantu.kernel.models import Batch
from liantu.kernel.tables import all_tables
from liantu.web import register_form
from liantu.web.register_template import template_columns, template_workbook
from tests.unit.web.kit import signed_in


def form_of(client, table, pk):
    """The form's fields as the page shows them."""
    form = client.get(reverse("record", args=[table, pk])).context["form"]
    data = {"revision": str(form.revision), "reason": ""}
    for box in form.boxes:
        data[box.column.name] = box.text
        data[f"was_{box.column.name}"] = box.text
    return data


def test_every_table_has_its_pages(client, small):
    wrong = []
    for table in all_tables():
        for name in ("register", "record_new", "register_columns"):
            answer = client.get(reverse(name, args=[table]))
            by_hand = name != "record_new" or register_form.by_hand(table)  # some tables are written by the actions of their own pages only
            if answer.status_code != (200 if by_hand else 409) or "style=" in answer.content.decode():
                wrong.append((table, name, answer.status_code))
    assert wrong == []


def test_list_is_searched_by_name_initials_and_id(client, small):
    url = reverse("register", args=["enterprise"])
    firm = Enterprise.objects.get(name="乙电池有限公司")
    for asked in ("乙电池", "ydc", f"#{firm.pk}"):
        text = client.get(url, {"q": asked}).content.decode()
        assert "乙电池有限公司" in text and "甲电池有限公司" not in text, asked
    assert client.get(url, {"q": "%_'\"\\\x00"}).status_code == 200


def test_saving_a_form_is_a_batch_with_its_reason(client, people, small):
    firm = Enterprise.objects.get(name="甲电池有限公司")
    data = form_of(client, "enterprise", firm.pk) | {"capital": "3.2亿", "size_class": "medium", "reason": "工商变更"}
    answer = client.post(reverse("record", args=["enterprise", firm.pk]), data)
    assert answer.status_code == 302
    firm.refresh_from_db()
    assert firm.capital == 32000 and firm.size_class == "medium"
    batch = Batch.objects.filter(kind="form").get()
    assert batch.note == "工商变更" and batch.by == people["editor"]
    change = batch.changes.get()
    assert set(change.after) == {"capital", "size_class"} and change.before["capital"] == "50000"
    assert "工商变更" in client.get(reverse("record", args=["enterprise", firm.pk])).content.decode()


def test_untouched_form_saves_nothing(client, small):
    firm = Enterprise.objects.get(name="甲电池有限公司")
    client.post(reverse("record", args=["enterprise", firm.pk]), form_of(client, "enterprise", firm.pk))
    assert not Batch.objects.filter(kind="form").exists()


def test_wrong_fields_keep_what_was_typed(client, small):
    firm = Enterprise.objects.get(name="甲电池有限公司")
    data = form_of(client, "enterprise", firm.pk) | {"capital": "很多", "name": "", "park": "没有的园区", "established_on": "昨天"}
    answer = client.post(reverse("record", args=["enterprise", firm.pk]), data)
    text = answer.content.decode()
    assert answer.status_code == 400 and text.count("field-bad") == 4 and 'value="很多"' in text
    assert Enterprise.objects.get(pk=firm.pk).name == "甲电池有限公司"


def test_two_people_on_one_row_lose_nothing(client, people, small):
    firm = Enterprise.objects.get(name="甲电池有限公司")
    mine = form_of(client, "enterprise", firm.pk) | {"address": "我的地址", "capital": "111"}
    with writing():
        write(Batch.objects.create(kind="form", by=people["reader"]), [Planned("enterprise", {"address": "别人的地址", "size_class": "small"}, record=firm.pk,
                                                                                before={"address": None, "size_class": "large"})])
    answer = client.post(reverse("record", args=["enterprise", firm.pk]), mine)
    text = answer.content.decode()
    assert answer.status_code == 409 and "我的地址" in text and "别人的地址" in text and 'value="111"' in text
    firm.refresh_from_db()
    assert firm.address == "别人的地址" and firm.capital == 50000
    again = {b.column.name: b.text for b in answer.context["form"].boxes} | {f"was_{b.column.name}": b.was for b in answer.context["form"].boxes}
    client.post(reverse("record", args=["enterprise", firm.pk]), again | {"revision": str(answer.context["form"].revision), "reason": ""})
    firm.refresh_from_db()
    assert (firm.address, firm.capital, firm.size_class) == ("我的地址", 111, "small")


def test_new_row_with_references_and_a_firm_outside(client, small):
    url = reverse("record_new", args=["supply_link"])
    data = {"supplier": "甲电池有限公司", "customer": "外省整车厂", "item": "电芯", "amount": "120", "year": "2025", "reason": ""}
    assert client.post(url, data).status_code == 302
    from liantu.chains.models import SupplyLink

    link = SupplyLink.objects.get()
    assert link.supplier.name == "甲电池有限公司" and link.customer is None and link.customer_name == "外省整车厂" and link.supplier_name == "甲电池有限公司"
    doubled = client.post(url, data)
    assert doubled.status_code == 400 and "key-taken" in doubled.content.decode()


def test_same_names_are_told_apart_by_number(client, small):
    Enterprise.objects.bulk_create([Enterprise(name="同名厂"), Enterprise(name="同名厂")])
    url = reverse("record_new", args=["annual_figure"])
    text = client.post(url, {"enterprise": "同名厂", "year": "2024", "source": "x"}).content.decode()
    first = Enterprise.objects.filter(name="同名厂").earliest("pk")
    assert f"#{first.pk}" in text
    assert client.post(url, {"enterprise": f"#{first.pk}", "year": "2024", "source": "x"}).status_code == 302
    assert AnnualFigure.objects.get(year=2024).enterprise == first


def test_confidential_columns_are_hidden_and_not_erased(people, small):
    client = signed_in(people["outsider"])
    figure = AnnualFigure.objects.get(enterprise__name="甲电池有限公司")
    text = client.get(reverse("record", args=["annual_figure", figure.pk])).content.decode()
    assert "20,000" not in text and "个保密列没有显示" in text
    client.post(reverse("record", args=["annual_figure", figure.pk]), form_of(client, "annual_figure", figure.pk) | {"land_mu": "12", "output": "1"})
    figure.refresh_from_db()
    assert figure.output == 20000 and figure.land_mu == 12


def test_readers_cannot_write(people, small):
    client = signed_in(people["reader"])
    firm = Enterprise.objects.first()
    assert client.get(reverse("record", args=["enterprise", firm.pk])).context["form"] is None
    assert client.post(reverse("record", args=["enterprise", firm.pk]), {"name": "改名"}).status_code == 403
    assert client.get(reverse("record_new", args=["enterprise"])).status_code == 403


@pytest.mark.parametrize("address", ["/register/no_such/", "/register/enterprise/99999999999999999999999/", "/register/enterprise/0/", "/register/no_such/new", "/register/no_such/template",
                                     "/register/auth_user/", "/register/batch/"])
def test_odd_addresses_are_answered_in_words(client, address):
    assert client.get(address).status_code == 404


def test_filled_template_is_read_back_column_by_column(site, small):
    values = {"enterprise": "甲电池有限公司", "name": "一个名称", "supplier": "甲电池有限公司", "customer": "乙电池有限公司", "chain_node": "方形电芯", "year": 2025, "period": "2025-03", "item": "电芯",
              "code": "K1", "source": "工信局", "chain": "新能源汽车和先进制造产业链"}
    for table in ("enterprise", "annual_figure", "monthly_figure", "placement", "supply_link", "park", "chain"):
        book = openpyxl.load_workbook(io.BytesIO(template_workbook(table)))
        page = book.worksheets[0]
        columns = template_columns(table)
        for row in (2, 3):
            for index, column in enumerate(columns, 1):
                page.cell(row, index).value = values.get(column.name) if row == 2 else None
        page.delete_rows(3)
        buffer = io.BytesIO()
        book.save(buffer)
        reading = inspect(open_draft(buffer.getvalue(), f"{table}.xlsx", as_table=None)).reading
        layout = next(la for la in reading.layouts if la.sheet == page.title)
        assert layout.table == table
        guessed = [g.column for g in sorted(layout.guesses, key=lambda g: g.index)]
        assert guessed == [c.name for c in columns], table
        assert [la.sheet for la in reading.layouts] == [page.title], table


def test_template_lists_choices(site, small):
    book = openpyxl.load_workbook(io.BytesIO(template_workbook("enterprise")))
    assert [v.sqref for v in book.worksheets[0].data_validations.dataValidation]
    assert "填表说明" in book.sheetnames and book["可选项"].sheet_state == "hidden"


def test_an_address_with_signs_that_no_database_keeps(client, small):
    """PostgreSQL refuses NUL in any text: it never gets that far."""
    url = reverse("register", args=["enterprise"])
    with CaptureQueriesContext(connection) as asked:
        text = client.get(url, {"q": "乙\x00电池"}).content.decode()
        assert "乙电池有限公司" in text and "甲电池有限公司" not in text
        for address in (url + "?q=%00&page=%00", reverse("register_names", args=["enterprise"]) + "?q=%00%ed%a0%80", reverse("chain_new") + "?copy=%00x", "/register/%00enterprise/", "/firms/?q=%00", "/editions/?kind=%00"):
            assert client.get(address).status_code < 500, address
    assert "\x00" not in str(asked.captured_queries)
