"""Odd requests made from the API's own schema: none may end in a server error. The seed is fixed, so a failure can be repeated."""

from contextlib import contextmanager
from urllib.parse import quote

import pytest
import schemathesis
from django.core.signals import request_finished, request_started
from django.db import close_old_connections
from hypothesis import HealthCheck, Phase, given, seed, settings

from tests.unit.web import kit

EXAMPLES = 20
ODD = ("", " ", "\x00", "../../x.json", "9" * 40, "-1", "1e99", "NaN", "name:\x00", ":::", "%00", "<script>", "=cmd|' /C calc'!A0", "\u202e名", "nev_battery/prismatic_cell", "'; drop table", "甲" * 300)
READ = ("/api/tables/{}", "/api/tables/{}/rows", "/api/tables/enterprise/rows?where={}", "/api/tables/enterprise/rows?page={}", "/api/tables/enterprise/rows/{}", "/api/outputs/{}",
        "/api/outputs/chain_map?where={}", "/api/outputs/chain_map?edition={}", "/api/outputs/chain_map/why/{}", "/api/import/{}", "/api/editions?size={}")


@pytest.fixture
def ready(site, db):
    """A signed-in editor on a small site."""
    people = kit.people()
    kit.small_site(people["editor"])
    return kit.signed_in(people["editor"])


@contextmanager
def kept_connection():
    """The WSGI door closes the database after each request; inside a test's transaction it must stay open."""
    for signal in (request_started, request_finished):
        signal.disconnect(close_old_connections)
    try:
        yield
    finally:
        for signal in (request_started, request_finished):
            signal.connect(close_old_connections)


def test_made_up_requests_end_in_no_server_error(ready):
    from liantu.web.wsgi import application

    schema = schemathesis.openapi.from_dict(ready.get("/api/openapi.json").json())
    schema.app = application
    cookies = {name: morsel.value for name, morsel in ready.cookies.items()}
    asked = []
    for operation in (found.ok() for found in schema.get_all_operations()):
        @seed(20261124)
        @settings(max_examples=EXAMPLES, deadline=None, database=None, phases=[Phase.explicit, Phase.generate], suppress_health_check=list(HealthCheck))
        @given(case=operation.as_strategy())
        def run(case):
            answer = case.call(cookies={**cookies, "csrftoken": "a" * 32}, headers={"X-CSRFToken": "a" * 32})
            asked.append(answer.status_code)
            assert answer.status_code < 500, (case.method, case.formatted_path, case.query, case.body, answer.text[:500])

        with kept_connection():
            run()
    assert len(asked) >= 100 and any(code == 200 for code in asked) and 401 not in asked


def test_odd_words_in_addresses_end_in_no_server_error(ready):
    for address in READ:
        for word in ODD:
            answer = ready.get(address.format(quote(word, safe="")))
            assert answer.status_code < 500, (address, word)
