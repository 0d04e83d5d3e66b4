"""Pictures of a paper: maps drawn from outputs on landscape pages of their own, and the QR code."""

from __future__ import annotations

import io
from typing import Any

from lxml import etree

from liantu.drawing import of_output
from liantu.drawing.png import to_png
from liantu.kernel.edition import Edition
from liantu.kernel.output import Version
from liantu.kernel.problems import UserError
from liantu.papers.blocks import Picture
from liantu.papers.docx_form import BOTTOM, LEFT, PAGE, PITCH, RIGHT, TOP, Form
from liantu.papers.docx_xml import element, paragraph, run
from liantu.papers.figures import released
from liantu.papers.qr import QUIET, qr_modules

EMU = 635  # per twip
BOX = (PAGE[1] - TOP - BOTTOM, PAGE[0] - LEFT - RIGHT - 3 * PITCH)  # a landscape page under its mark
QR_SIDE = 1360  # twips: 24 mm


def picture_xml(part: Any, block: Picture, edition: Edition, version: Version, form: Form) -> list[etree._Element]:
    """A map as PNG fitted to the type area of a landscape page; a line says so when there is nothing to draw or this version may not show it."""
    language = "zh" if form.official else "en"
    result = released(block.output, edition, version)
    if result is not None:
        try:
            data = of_output.picture(result, block.chain, "png", language=language, title=block.title, subtitle=None, footer="", paper="a4", **block.options)
        except UserError:
            data = b""
        if data:
            return [paragraph("Picture", element("r", place(part, data, BOX, block.title)))]
    return [paragraph("TableNote", run("（暂无可绘制的数据）" if form.official else "(nothing to draw)"))]


def place(part: Any, data: bytes, box: tuple[int, int], about: str) -> etree._Element:
    """An inline drawing of a PNG as large as the box (twips) lets it be; ``about`` is its description."""
    _, image = part.get_or_add_image(io.BytesIO(data))
    scale = min(box[0] / image.px_width, box[1] / image.px_height)
    inline = part.new_pic_inline(io.BytesIO(data), round(image.px_width * scale * EMU), round(image.px_height * scale * EMU))
    inline.docPr.set("descr", about)
    drawing = element("drawing")
    drawing.append(inline)
    return drawing


def qr_png(text: str) -> bytes:
    """A QR code as PNG, with the white border that readers ask for."""
    modules = qr_modules(text)
    side = len(modules) + 2 * QUIET
    squares = "".join(f"M{x + QUIET} {y + QUIET}h1v1h-1z" for y, row in enumerate(modules) for x, dark in enumerate(row) if dark)
    return to_png(f'<svg xmlns="http://www.w3.org/2000/svg" width="{side}" height="{side}"><path fill="#fff" d="M0 0h{side}v{side}H0z"/><path d="{squares}"/></svg>', scale=8)
