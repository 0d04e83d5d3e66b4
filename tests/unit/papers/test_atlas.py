"""The printed books: pages, sizes, marks and page numbers."""

from __future__ import annotations

import io

import pytest

pytest.importorskip("typst")
pypdf = pytest.importorskip("pypdf")

from liantu.kernel.edition import Edition  # noqa: E402
from liantu.papers.atlas import atlas, list_atlas, missing_tool  # noqa: E402
from liantu.papers.pack_files import Order  # noqa: E402

A3, A4 = (1190.55, 841.89), (841.89, 595.28)


def pages(data: bytes) -> list:
    return list(pypdf.PdfReader(io.BytesIO(data)).pages)


def text(page) -> str:
    return "".join(page.extract_text().split())


def size(page) -> tuple[float, float]:
    return float(page.mediabox.width), float(page.mediabox.height)


def test_the_maps_lie_on_a3_with_numbers(now: Edition):
    found = pages(atlas(Order(now, "c", None)))
    assert len(found) >= 2 and all(size(p) == pytest.approx(A3, abs=1.5) for p in found)
    assert "电池链图册" in text(found[0]) and "内部资料" in text(found[0]) and "正式版次2.0" in text(found[0])
    assert all(f"{at}/{len(found)}" in text(page) for at, page in enumerate(found[1:], 2))


def test_the_lists_lie_on_a4_with_heads_and_passports(now: Edition):
    found = pages(list_atlas(Order(now, "c", None)))
    assert all(size(p) == pytest.approx(A4, abs=1.5) for p in found)
    said = [text(p) for p in found]
    assert all("内部资料" in s and f"{at}/{len(found)}" in s for at, s in enumerate(said, 1))
    firms = next(s for s in said[1:] if "重点企业清单" in s)
    assert "凭证号" in firms and "企业名称" in firms and "3,703.5" in firms


def test_a_long_list_repeats_its_heads(site, district):
    from liantu.kernel.home import folder

    for number in range(120):
        firm = district.put("enterprise", name=f"第{number}号零部件有限公司", status="active", above_scale=True)
        district.put("placement", enterprise=firm, chain_node=2, grade="confirmed", score=1.0)
        district.put("annual_figure", enterprise=firm, year=2025, output=float(number), revenue=1.0)
    found = pages(list_atlas(Order(district.edition(folder("editions"), "4.0"), "c", None)))
    assert sum("企业名称凭证号" in text(p).replace("（万元）", "") or ("企业名称" in text(p) and "零部件" in text(p)) for p in found) >= 2


def test_the_public_book_is_marked_and_holds_no_cases(now: Edition):
    said = "".join(text(p) for p in pages(list_atlas(Order(now, "c", None, "public"))))
    assert "公开版" in said and "问题清单" not in said and "3,703.5" not in said


def test_the_same_lists_are_the_same_file(now: Edition):
    assert list_atlas(Order(now, "c", None)) == list_atlas(Order(now, "c", None))


def test_what_is_missing_is_told(monkeypatch):
    assert missing_tool() == ""
    monkeypatch.setattr("liantu.papers.atlas.find_spec", lambda name: None if name == "typst" else object())
    assert "typst" in missing_tool() and "pypdf" not in missing_tool()
