"""Addresses of the web face."""

from __future__ import annotations

import importlib
import importlib.util

from liantu.web import pages

OTHERS = ("desk_pages", "register_pages", "passport_pages", "edition_pages", "chain_editor_pages")
urlpatterns: list = [*pages.urlpatterns]
for _name in OTHERS:
    if importlib.util.find_spec(f"liantu.web.{_name}"):
        urlpatterns += importlib.import_module(f"liantu.web.{_name}").urlpatterns

handler403 = "liantu.web.pages.forbidden"
handler404 = "liantu.web.pages.not_found"
handler500 = "liantu.web.pages.broken"
