"""A small site and people for the tests of risk events."""

import pytest

from tests.unit.resilience import event_kit as kit


@pytest.fixture
def people(site, db):
    return kit.people()


@pytest.fixture
def small(people):
    kit.light_site()


@pytest.fixture
def grader(people, small):
    return people["grader"]


@pytest.fixture
def editor(people, small):
    return people["editor"]
