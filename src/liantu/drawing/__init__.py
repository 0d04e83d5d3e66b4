"""Drawings of the maps: one coordinate set becomes SVG, PNG and a native, editable PowerPoint page.

Pure: plain dataclasses in, text or bytes out; no Django, no data frames. Names are loaded when first used.
"""

from __future__ import annotations

from importlib import import_module
from typing import Any

_HOMES = {
    "MapNode": "shapes", "MapGroup": "shapes", "MapStage": "shapes", "MapLink": "shapes", "Layout": "shapes",
    "lay_out": "layout", "to_svg": "svg", "to_png": "png", "to_pptx": "pptx_page", "bundle_width": "style",
    "region_drawing": "region_map", "Sketch": "region_map", "RegionShape": "region_map", "RegionPoint": "region_map",
}
__all__ = ["Layout", "MapGroup", "MapLink", "MapNode", "MapStage", "RegionPoint", "RegionShape", "Sketch", "bundle_width", "lay_out",
           "region_drawing", "to_png", "to_pptx", "to_svg"]


def __getattr__(name: str) -> Any:
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
