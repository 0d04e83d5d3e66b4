"""A small site for the page tests, with its own folder."""

import pytest

from tests.unit.web import kit


@pytest.fixture
def people(site, db):
    return kit.people()


@pytest.fixture
def client(people):
    return kit.signed_in(people["editor"])


@pytest.fixture
def small(people):
    kit.small_site(people["editor"])
