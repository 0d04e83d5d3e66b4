"""The house rules of `liantu check`, one test each."""

import subprocess
import sys

import pytest

from liantu import checks


@pytest.mark.parametrize("name", ["outputs_declared", "outputs_traced", "units_present", "parameters_sourced", "templates_load", "files_not_long", "no_sql", "numbers_in_methods",
                                  "division_guarded", "glossary_words"])
def test_rule(name):
    assert list(getattr(checks, name)()) == []


def test_help_imports_nothing_heavy():
    code = "import sys; from liantu import cli; heavy = {'django', 'polars', 'numpy', 'narwhals'} & set(sys.modules); sys.exit(str(heavy) if heavy else 0)"
    assert subprocess.run([sys.executable, "-c", code], check=False, capture_output=True).returncode == 0
