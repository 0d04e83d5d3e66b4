"""Links between the pages on attraction."""

from __future__ import annotations

from liantu.web.attract_links import link


def test_a_page_that_stands_has_an_address_with_its_query():
    assert link("events") == "/events/"
    assert link("event", "E-1") == "/events/E-1/"
    assert link("events", kind="all", node="", chain=None) == "/events/?kind=all"
    assert link("events", q="电池 & 壳") == "/events/?q=%E7%94%B5%E6%B1%A0+%26+%E5%A3%B3"


def test_a_page_that_does_not_stand_has_none():
    assert link("no_such_page", node="X") is None
