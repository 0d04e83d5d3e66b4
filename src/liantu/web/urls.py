"""Addresses of the web face: each module of pages says its own."""

from __future__ import annotations

from django.urls import include, path

from liantu.web import (
    accuracy_pages,
    attract_pages,
    chain_editor_pages,
    desk_pages,
    drill_pages,
    edition_pages,
    events_pages,
    forecast_pages,
    guard_pages,
    lead_pages,
    pack_pages,
    pages,
    pairs_pages,
    passport_pages,
    pipeline_pages,
    promise_pages,
    register_pages,
    set_pages,
    signing_pages,
    simulator_pages,
    target_pages,
    verdict_pages,
    watch_pages,
    weekly_pages,
)

PAGES = (pages, desk_pages, register_pages, passport_pages, edition_pages, chain_editor_pages, pack_pages, set_pages, accuracy_pages, pairs_pages, watch_pages, simulator_pages,
         events_pages, drill_pages, guard_pages, attract_pages, lead_pages, pipeline_pages, weekly_pages, target_pages, promise_pages, signing_pages, forecast_pages, verdict_pages)
urlpatterns = [*(address for module in PAGES for address in module.urlpatterns), path("", include("liantu.api.urls"))]

handler403 = "liantu.web.pages.forbidden"
handler404 = "liantu.web.pages.not_found"
handler500 = "liantu.web.pages.broken"
