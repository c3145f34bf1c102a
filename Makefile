# Every target sets up what it needs: Python 3.11 or later and make are all it takes.
PYTHON ?= python3
BIN := .venv/bin
READY := .venv/ready

.PHONY: setup run lint types test bench screenshots snapshots clean

setup: $(READY)

$(READY): pyproject.toml constraints.txt
	$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "watstep needs Python 3.11 or later; set PYTHON=/path/to/python3")'
	$(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade "pip>=25.1"
	$(BIN)/python -m pip install --quiet --constraint constraints.txt --editable . --group dev
	# Compiled once here, so that the program starts quickly even where Python may not write bytecode.
	$(BIN)/python -m compileall -q engine tui themes
	touch $@

run: setup
	$(BIN)/watstep demo

lint: setup
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .

types: setup
	$(BIN)/mypy

test: lint types
	$(BIN)/pytest --numprocesses 2 --quiet

bench: setup
	$(BIN)/python -m tests.bench

screenshots: setup
	$(BIN)/python -m tests.screenshots

snapshots: setup
	$(BIN)/pytest tests/tui --snapshot-update

clean:
	rm -rf .venv .mypy_cache .pytest_cache .ruff_cache .import_linter_cache snapshot_report.html
