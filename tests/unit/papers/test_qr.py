"""A passport's QR: what it holds, and that it is the same as svg and as modules."""

from __future__ import annotations

import re

import pytest
import segno

from liantu.papers.qr import QUIET, qr_content, qr_modules, qr_svg

CODE = "P1A2B3C4D5E6.7"


@pytest.mark.parametrize(("site", "held"), [("", CODE), ("http://10.1.2.3:8000", f"http://10.1.2.3:8000/passport/{CODE}/"), ("https://qu.example/liantu/", f"https://qu.example/liantu/passport/{CODE}/")])
def test_it_holds_the_address_where_there_is_one(monkeypatch, site, held):
    monkeypatch.setenv("LIANTU_URL", site)
    assert qr_content(CODE) == held
    assert qr_modules(CODE) == tuple(tuple(bool(m) for m in row) for row in segno.make(held, error="m", micro=False).matrix)


def test_a_bare_code_makes_the_smallest_symbol(monkeypatch):
    monkeypatch.delenv("LIANTU_URL", raising=False)
    modules = qr_modules(CODE)
    assert len(modules) == 21 and all(len(row) == 21 for row in modules) and modules[0][:8] == (True,) * 7 + (False,)


def test_the_svg_has_a_quiet_zone_and_no_styles(monkeypatch):
    monkeypatch.delenv("LIANTU_URL", raising=False)
    svg = qr_svg(CODE, title="<凭证>")
    assert re.search(r'viewBox="0 0 (\d+) \1"', svg)[1] == str(21 + 2 * QUIET)
    assert "style" not in svg and "&lt;凭证&gt;" in svg and svg.startswith("<svg")
