"""Addresses of the web face: each module of pages says its own."""

from __future__ import annotations

from django.urls import include, path

from liantu.web import (
               accuracy_pages,
               chain_editor_pages,
               desk_pages,
               edition_pages,
               pack_pages,
               pages,
               pairs_pages,
               passport_pages,
               register_pages,
               set_pages,
               simulator_pages,
)

urlpatterns = [*pages.urlpatterns, *desk_pages.urlpatterns, *register_pages.urlpatterns, *passport_pages.urlpatterns, *edition_pages.urlpatterns,
               *chain_editor_pages.urlpatterns, *pack_pages.urlpatterns, *set_pages.urlpatterns, *accuracy_pages.urlpatterns, *pairs_pages.urlpatterns,
               *simulator_pages.urlpatterns,
               path("", include("liantu.api.urls"))]

handler403 = "liantu.web.pages.forbidden"
handler404 = "liantu.web.pages.not_found"
handler500 = "liantu.web.pages.broken"
