"""Where the API stands: ``/api/…`` for programs, ``/api/openapi.json``, and ``/api/`` as a page that lists it (no script, offline)."""

from __future__ import annotations

from typing import Any

from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.templatetags.static import static
from django.urls import path
from django.utils.html import format_html, format_html_join

from liantu.api import intake, outputs, tables
from liantu.api.main import api

for _router in (tables.router, outputs.router, intake.router):
    api.add_router("", _router)

_PAGE = """<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>API · 链图</title>
<link rel="icon" href="{}" type="image/svg+xml"><link rel="stylesheet" href="{}"></head><body><div class="page"><header class="top"><div class="top-words"><p class="crumbs"><a href="/">链图</a></p><h1>API</h1></div>
<div class="actions"><a class="btn" href="{}">openapi.json</a></div></header><main class="stack">
<p class="muted">用登录后的会话访问；POST 要带 X-CSRFToken。出错时返回 code、message、hint。金额是万元，份额是 0–1。</p>{}</main></div></body></html>"""
_GROUP = '<section class="card"><div class="table-wrap"><table class="table"><thead><tr><th>方法</th><th>地址</th><th>用途</th><th>参数</th></tr></thead><tbody>{}</tbody></table></div></section>'
_ROW = '<tr><td><span class="tag {}">{}</span></td><td class="code">{}</td><td>{}<br><span class="muted small">{}</span></td><td class="small">{}</td></tr>'


def listing(request: HttpRequest) -> HttpResponse:
    """Every address of the API with its parameters, made from the OpenAPI schema."""
    schema: dict[str, Any] = api.get_openapi_schema()
    rows = []
    for address, methods in schema["paths"].items():
        for method, operation in methods.items():
            parameters = [f"{p['name']}{'*' if p.get('required') else ''}" for p in operation.get("parameters", ())]
            body = [f"请求体 {c}" for c in operation.get("requestBody", {}).get("content", ())]
            rows.append(("tag-blue" if method == "get" else "tag-amber", method.upper(), address, operation.get("summary", ""), operation.get("description", "").replace("``", ""), "，".join(parameters + body)))
    table = format_html(_GROUP, format_html_join("", _ROW, rows))
    return HttpResponse(format_html(_PAGE, static("liantu/mark.svg"), static("liantu/app.css"), "/api/openapi.json", table))


_patterns, _app, _namespace = api.urls
for _pattern in _patterns:
    if "openapi" not in str(_pattern.pattern):
        login_not_required(_pattern.callback)

urlpatterns = [path("api/", listing, name="api"), path("api/", (_patterns, _app, _namespace))]
