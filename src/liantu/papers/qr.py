"""A passport's code as a QR: what a phone reads leads to the passport's page, or is the code itself where the site has no address."""

from __future__ import annotations

import os

import segno

QUIET = 4  # modules of white around a QR, by ISO/IEC 18004


def qr_content(code: str) -> str:
    """The passport's address on the site (``LIANTU_URL``), else the bare code; a figure's code keeps its column."""
    site = os.environ.get("LIANTU_URL", "").rstrip("/")
    return f"{site}/passport/{code}/" if site else code


def _made(code: str) -> segno.QRCode:
    return segno.make(qr_content(code), error="m", micro=False)


def qr_modules(code: str) -> tuple[tuple[bool, ...], ...]:
    """Rows of dark (True) and light modules, without the quiet zone of :data:`QUIET` modules that must stay white around them."""
    return tuple(tuple(bool(module) for module in row) for row in _made(code).matrix)


def qr_svg(code: str, *, title: str = "") -> str:
    """The QR with its quiet zone as an SVG element without a size of its own: one unit per module."""
    return _made(code).svg_inline(border=QUIET, omitsize=True, title=title or qr_content(code), svgclass="qr", lineclass=None, dark="#000000", light="#ffffff")
