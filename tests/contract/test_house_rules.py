"""The house rules of `liantu check`, one test each."""

import subprocess
import sys

import pytest

from liantu import checks


@pytest.mark.parametrize("name", ["outputs_declared", "outputs_traced", "codes_unique", "units_present", "parameters_sourced", "templates_load", "files_not_long", "no_sql", "numbers_in_methods",
                                  "division_guarded", "glossary_words", "profiles_fit"])
def test_rule(name):
    assert list(getattr(checks, name)()) == []


def test_help_imports_nothing_heavy():
    code = "import sys; from liantu import cli; heavy = {'django', 'polars', 'numpy', 'narwhals'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0


def test_outputs_are_known_without_django():
    """A notebook lists and runs outputs on an edition's files; no record model is needed for that."""
    code = "import sys; from liantu.kernel.output import outputs; assert len(outputs()) > 20; sys.exit('django.apps' in sys.modules and __import__('django.apps').apps.apps.ready)"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
