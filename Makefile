# Lapin tilannehuone. `make run` and `make test` need Python 3.11 or newer and make, nothing else.
PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin

.DEFAULT_GOAL := help
.PHONY: help run test check bench refresh pins clean

help: ## list the commands
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "  make %-9s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

run: $(VENV)/run.ready ## start the dashboard on the committed figures and print its address
	@$(BIN)/python -m ui.serve

test: $(VENV)/dev.ready ## run every test, with Chromium where it is installed
	@$(BIN)/python -m pytest -n auto --dist loadfile --cov --cov-report=term --cov-fail-under=95

check: $(VENV)/dev.ready ## lint, format and types
	@$(BIN)/ruff check .
	@$(BIN)/ruff format --check .
	@$(BIN)/mypy

bench: $(VENV)/dev.ready ## measure parsing, indicators and the first chart beside others, builds and loads
	@$(BIN)/python -m bench.parse
	@$(BIN)/python -m bench.scale
	@$(BIN)/python -m bench.indicators
	@$(BIN)/python -m bench.computed
	@$(BIN)/python -m bench.first_chart

refresh: $(VENV)/run.ready ## fetch the newest figures from the statistics services
	@$(BIN)/python -m loaders refresh

pins: $(VENV)/dev.ready ## compile requirements from pyproject.toml, with hashes
	@$(BIN)/python -m pip install --quiet uv
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url pyproject.toml -o requirements.txt
	@$(BIN)/uv pip compile --quiet --universal --python-version 3.11 --generate-hashes --no-header --no-annotate --no-emit-index-url --group dev pyproject.toml -o requirements-dev.txt

clean: ## remove the environment and every built snapshot
	rm -rf $(VENV) data/var

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed: make PYTHON=python3.11 ...")'
	@$(PYTHON) -m venv $(VENV)

$(VENV)/run.ready: requirements.txt | $(VENV)/bin/python
	@echo "Installing the pinned packages (about a minute, once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@touch $@

$(VENV)/dev.ready: requirements-dev.txt $(VENV)/run.ready
	@echo "Installing the pinned packages for tests (once) ..."
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-dev.txt
	@touch $@
