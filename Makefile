# Nhịp: everything a newcomer, a developer and the CI call. Needs Python 3.11+ and make; the rest is installed into .venv.
PYTHON ?= python3
BIN := .venv/bin

.PHONY: install run test lint format bench clean

install: .venv/installed

.venv/installed: pyproject.toml uv.lock
	test -x $(BIN)/python || $(PYTHON) -m venv .venv
	$(BIN)/python -m pip install --quiet --disable-pip-version-check "uv>=0.9"
	$(BIN)/uv sync --frozen --inexact --quiet
	touch $@

run: install
	$(BIN)/nhip up --demo --open

# Two workers, a module each at a time, in the order of the folders: long ones come first. Every worker has stacks of its own.
test: install
	$(BIN)/pytest -n 2 --dist loadfile --no-loadscope-reorder $(ARGS)

lint: install
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/mypy
	$(BIN)/lint-imports

format: install
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

bench: install
	$(BIN)/python -m tests.bench $(ARGS)

clean:
	rm -rf .venv .nhip .prometheus .mypy_cache .ruff_cache .pytest_cache .hypothesis
