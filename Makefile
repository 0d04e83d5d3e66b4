# Two commands set everything up on a fresh machine: `make demo` and `make test`.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
DIR ?= var/demo
SERVE ?= 1
PORT ?= 8000
PYTEST_ARGS ?=

.PHONY: demo test lint bench docs clean
demo: $(VENV)/.demo-ready
	$(BIN)/liantu demo --dir $(DIR) --port $(PORT) $(if $(filter 0,$(SERVE)),--no-serve)

test: $(VENV)/.test-ready
	$(BIN)/python tests/prepare_machine.py
	$(BIN)/ruff check src tests benchmarks
	$(BIN)/lint-imports
	$(BIN)/mypy
	$(BIN)/python -m pytest -n 2 --dist loadfile --no-loadscope-reorder $(PYTEST_ARGS)
	$(BIN)/python tests/run_on_postgres.py

lint: $(VENV)/.test-ready
	$(BIN)/ruff check src tests benchmarks docs
	$(BIN)/lint-imports
	$(BIN)/mypy

bench: $(VENV)/.test-ready
	for b in benchmarks/bench_*.py; do echo "== $$b"; $(BIN)/python $$b || exit 1; done

docs: $(VENV)/.test-ready
	LIANTU_DIR=$(VENV)/docs-site $(BIN)/python docs/make_reference.py

$(VENV)/bin/python:
	$(PYTHON) -c 'import sys; v = sys.version_info; sys.exit(0 if (3, 11) <= v < (3, 15) else "需要 Python 3.11–3.14，当前 %d.%d；可用 make PYTHON=python3.12 指定" % v[:2])'
	$(PYTHON) -m venv $(VENV)

$(VENV)/.demo-ready: requirements.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps -e .
	touch $@

$(VENV)/.test-ready: requirements-test.txt pyproject.toml | $(VENV)/bin/python
	$(BIN)/python -m pip install --disable-pip-version-check -q -r requirements-test.txt
	$(BIN)/python -m pip install --disable-pip-version-check -q --no-deps -e .
	touch $@ $(VENV)/.demo-ready

clean:
	rm -rf $(VENV) var
