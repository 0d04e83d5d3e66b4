"""A small site, a fixed day and people for the tests of the attraction room."""

import pytest

from liantu.attraction.clocks import acting_on
from tests.unit.attraction import pipeline_kit as kit


@pytest.fixture
def people(site, db):
    return kit.people()


@pytest.fixture
def small(people):
    kit.light_site()
    with acting_on(kit.TODAY):
        yield


@pytest.fixture
def assessor(people, small):
    return people["assessor"]


@pytest.fixture
def editor(people, small):
    return people["editor"]
