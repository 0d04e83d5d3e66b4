from __future__ import annotations

import struct

import pytest

from liantu.drawing import lay_out, png, to_png, to_svg
from liantu.kernel.problems import UserError

from .conftest import random_chain


def test_a_png_of_the_size_asked_for():
    svg = to_svg(lay_out(*random_chain(12, 3)), title="图", standalone=True)
    data = to_png(svg, scale=1)
    assert data[:8] == b"\x89PNG\r\n\x1a\n"
    width, _ = struct.unpack(">II", data[16:24])
    assert width == 1164


def test_without_a_chinese_font_the_user_is_told_what_to_install(monkeypatch):
    png._fonts_ready.cache_clear()
    monkeypatch.setattr(png, "package_fonts", lambda: None)
    monkeypatch.setattr(png, "font_folders", lambda: [])
    with pytest.raises(UserError, match="没有中文字体.*manimgx-fonts-cjk"):
        to_png("<svg xmlns='http://www.w3.org/2000/svg'/>")
    png._fonts_ready.cache_clear()
