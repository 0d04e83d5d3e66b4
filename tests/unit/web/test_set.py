"""四图五清单 on the page: the tabs of a chain, a list with the profile's columns, maps, and what other pages show of the same records."""

import io
from dataclasses import replace

import openpyxl
import pytest
from django.urls import reverse

from liantu.kernel.desk import accept, open_draft
from liantu.kernel.edition import freeze
from liantu.kernel.profile import profile
from tests.unit.web import kit

PROJECTS = [["项目名称", "实施企业", "产业链", "环节", "总投资（万元）", "阶段", "开工时间", "计划竣工时间", "责任人"],
            ["甲电池二期", "甲电池有限公司", "新能源汽车和先进制造产业链", "方形电芯", 30000, "开工", "2025-03-01", "2025-12-31", "张三"],
            ["乙储能线", "乙电池有限公司", "新能源汽车和先进制造产业链", "方形电芯", 1200, "签约", None, None, "李四"]]
CASES = [["问题编号", "问题描述", "企业名称", "产业链", "时限", "状态"], ["W1", "用地指标不足", "甲电池有限公司", "新能源汽车和先进制造产业链", "2026-01-31", "办理中"]]


@pytest.fixture
def worked(small, people):
    """The small site with two projects and a case."""
    for rows, name in ((PROJECTS, "重点项目调度表.xlsx"), (CASES, "问题台账.xlsx")):
        accept(open_draft(kit.sheet(rows, name.split(".")[0]), name, by=people["editor"]), by=people["editor"])
    freeze(number="2.0", approver="链长")


def page(client, name, *args, **query):
    answer = client.get(reverse(name, args=args), query)
    assert answer.status_code == 200, (name, answer.status_code)
    return answer.content.decode()


def test_the_set_counts_the_rows_of_each_list(client, worked):
    text = page(client, "set")
    for part in (*profile().maps, *profile().lists):
        assert part.title in text
    assert f'href="{reverse("set_part", args=[kit.CHAIN, "projects"])}">2<' in text
    assert f'href="{reverse("set_part", args=[kit.CHAIN, "cases"])}">1<' in text


def test_a_list_shows_the_profiles_columns_and_leads_to_the_record(client, worked):
    text = page(client, "set_part", kit.CHAIN, "projects")
    assert "甲电池二期" in text and "乙储能线" in text
    assert "红灯" in text  # past its planned finish
    assert "/register/project/" in text
    assert "产业链代码" not in text  # said by the page


def test_filters_and_the_exported_file_agree(client, worked):
    query = {"stage": "signed"}
    assert "甲电池二期" not in page(client, "set_part", kit.CHAIN, "projects", **query)
    answer = client.get(reverse("set_export", args=[kit.CHAIN, "projects", "xlsx"]), query)
    sheet = openpyxl.load_workbook(io.BytesIO(answer.content)).worksheets[0]
    cells = [cell for row in sheet.iter_rows(values_only=True) for cell in row]
    assert "乙储能线" in cells and "甲电池二期" not in cells


@pytest.mark.parametrize("code", ["technology", "application", "region"])
def test_every_map_opens_also_where_nothing_is_on_record(client, worked, code):
    assert "<svg" in page(client, "set_part", kit.CHAIN, code)


def test_the_second_layer_of_the_region_map(client, worked):
    assert 'aria-current="true">区域分布图（区外）' in page(client, "set_part", kit.CHAIN, "region", layer="outside_map")


def test_unknown_chain_and_part_are_answered_with_what_exists(client, worked):
    for args in (("no_such", "projects"), (kit.CHAIN, "no_such")):
        answer = client.get(reverse("set_part", args=args))
        assert answer.status_code in {404, 400}
        assert "现有" in answer.content.decode() or "projects" in answer.content.decode()


def test_cases_are_not_shown_in_the_public_export_of_a_list(client, worked):
    assert client.get(reverse("set_export", args=[kit.CHAIN, "cases", "xlsx"]), {"version": "public"}).status_code in (400, 403, 404)


def test_a_firms_dossier_and_its_node_show_projects_and_cases(client, worked):
    from liantu.enterprises.models import Enterprise

    firm = Enterprise.objects.get(name="甲电池有限公司")
    text = page(client, "dossier", firm.pk)
    assert "甲电池二期" in text and "用地指标不足" in text and "乙储能线" not in text
    assert "甲电池二期" in page(client, "node", kit.CHAIN, kit.NODE)


def test_a_list_offers_few_filters_and_keeps_one_in_use(client, worked):
    from liantu.web.outputs_view import Filter
    from liantu.web.set_pages import FILTERS, _few

    column = profile().lists[0]
    many = [Filter(column, [], "") for _ in range(FILTERS + 2)] + [Filter(column, [], "开工")]  # type: ignore[arg-type]
    assert len(_few(many)) == FILTERS + 1 and _few(many)[-1].chosen == "开工"


def test_the_set_tells_when_its_basis_has_run_out(client, worked, monkeypatch):
    from datetime import date

    from liantu.web import set_pages

    chosen = replace(profile(), valid_until=date(2020, 12, 31))
    monkeypatch.setattr(set_pages, "profile", lambda: chosen)
    assert "的依据到 2020-12-31 为止" in page(client, "set")
