# The project's verbs. `make demo` and `make test` set up what they need in .venv; nothing else is touched.
SHELL := /bin/bash
.DEFAULT_GOAL := help
unexport PYTHONDONTWRITEBYTECODE # without compiled files beside the sources, every process compiles 2,000 of them first

PYTHON ?= $(shell for p in python3.11 python3.12 python3.13 python3.14 python3 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && { command -v "$$p"; break; }; done)
BIN := .venv/bin
UV := $(BIN)/uv
COMPILE := $(UV) pip compile -q --universal --python-version 3.11 --generate-hashes --no-header --no-annotate
LOCK := $(COMPILE) pyproject.toml

.PHONY: help demo test check bench soak docs assets messages lock clean

help: ## What can be made
	@grep -hE '^[a-z]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 12

$(UV):
	@if [ -z "$(PYTHON)" ]; then echo "SiMOS needs Python 3.11 or newer, and none was found. Install it \
	(Debian, Ubuntu: apt-get install python3 python3-venv; others: python.org), or say where it is: make PYTHON=/path/to/python3.11 demo" >&2; exit 1; fi
	@"$(PYTHON)" -c 'import sys; sys.exit(sys.version_info < (3, 11) and "SiMOS needs Python 3.11 or newer; this is %d.%d." % sys.version_info[:2])'
	@"$(PYTHON)" -m venv .venv || { echo "Python's venv is missing. Debian, Ubuntu: apt-get install python3-venv" >&2; rm -rf .venv; exit 1; }
	@$(BIN)/python -m pip install -q --disable-pip-version-check uv

.venv/runtime: $(UV) requirements.lock pyproject.toml
	@$(UV) pip install -q --require-hashes -r requirements.lock
	@$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@

.venv/development: $(UV) requirements-dev.lock pyproject.toml
	@$(UV) pip install -q --require-hashes -r requirements-dev.lock
	@$(UV) pip install -q --no-deps --no-build-isolation -e .
	@touch $@ .venv/runtime

.venv/foreign/done: $(UV) requirements-foreign.lock
	@$(UV) venv -q --allow-existing .venv/foreign
	@$(UV) pip install -q --python .venv/foreign --require-hashes -r requirements-foreign.lock
	@touch $@

demo: .venv/runtime ## Set up and run SiMOS with demo data at http://localhost:8000/
	@SIMOS_HOME="$${SIMOS_HOME:-$(CURDIR)/var/demo}" exec $(BIN)/simos serve --demo

check: .venv/development ## Format, lint, types, layers
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

test: check .venv/foreign/done ## Set up and run all tests, on SQLite and PostgreSQL
	$(BIN)/python -m pytest
	$(BIN)/python -m tests.on_postgres

bench: .venv/development ## Measure the hot paths, each beside a baseline of the same run
	$(BIN)/python -m pytest tests/bench -m bench -s

soak: .venv/development ## The long tests: a year's replay, many kills
	$(BIN)/python -m pytest tests/soak -m soak -s --timeout=0

docs: .venv/development ## Write the reference pages that are made from the code
	$(BIN)/python -m simos.app.reference docs/reference

messages: .venv/development ## Collect and compile the translations
	$(BIN)/python tools/messages.py

assets: ## Build the committed CSS, JavaScript and fonts (needs Node)
	npm ci && npm run --silent build

lock: $(UV) ## Lock the dependencies anew
	$(LOCK) --group build -o requirements.lock
	$(LOCK) --group dev -o requirements-dev.lock
	$(COMPILE) --group foreign -o requirements-foreign.lock

clean: ## Remove what was made here, the demo's data too
	rm -rf .venv var build dist .mypy_cache .ruff_cache .pytest_cache .hypothesis node_modules
