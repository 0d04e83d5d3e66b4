"""SVG to PNG, with a Chinese font made sure of first (a picture full of empty boxes is worse than none)."""

from __future__ import annotations

import os
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from liantu.kernel.problems import UserError

_FONT_PACKAGE = "manimgx_fonts_cjk"
_MARKS = ("cjk", "sourcehan", "source han", "wqy", "wenquanyi", "simhei", "simsun", "msyh", "msjh", "yahei", "pingfang",
          "hiragino", "heiti", "songti", "droidsansfallback", "notosanssc", "notoserifsc", "notosanshans", "fangsong", "deng")


def font_folders() -> list[Path]:
    """Folders in which the operating systems keep their fonts."""
    home = Path.home()
    windows = Path(os.environ.get("WINDIR", "C:/Windows")) / "Fonts"
    return [Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), home / ".fonts", home / ".local/share/fonts",
            Path("/System/Library/Fonts"), Path("/Library/Fonts"), home / "Library/Fonts", windows]


def package_fonts() -> Path | None:
    """Folder of the fonts that the font package brings, if it is installed."""
    spec = find_spec(_FONT_PACKAGE)
    return Path(spec.origin).parent if spec and spec.origin else None


def system_has_cjk() -> bool:
    """Whether a font with Chinese characters stands in the system's folders (judged by file name)."""
    for folder in font_folders():
        if folder.is_dir():
            for _, _, files in os.walk(folder):
                if any(mark in name.lower() for name in files for mark in _MARKS):
                    return True
    return False


@lru_cache(maxsize=1)
def _fonts_ready() -> None:
    import vl_convert

    folder = package_fonts()
    if folder is not None:
        vl_convert.register_font_directory(str(folder))
    elif not system_has_cjk():
        raise UserError("本机没有中文字体，导出的图片会是空白方框。(no Chinese font found)", code="no-cjk-font",
                        hint="请安装思源黑体（fonts-noto-cjk）或执行 pip install manimgx-fonts-cjk 后重试；也可以先导出 SVG。")


def _engine() -> Any:
    try:
        import vl_convert
    except ImportError:
        raise UserError("导出 PNG、PDF 需要 vl-convert-python。(vl-convert-python is missing)", code="no-png-engine",
                        hint="请执行 pip install vl-convert-python，或改为导出 SVG。") from None
    _fonts_ready()
    return vl_convert


def to_png(svg: str, *, scale: float = 2) -> bytes:
    """A standalone SVG as PNG; ``scale`` is pixels per SVG unit."""
    return bytes(_engine().svg_to_png(svg, scale=float(scale)))


def to_pdf(svg: str) -> bytes:
    """A standalone SVG as a PDF page with real text and lines; one SVG unit is one point (1/72 inch)."""
    return bytes(_engine().svg_to_pdf(svg))
