# make demo · make test · make lint · make bench: each sets up what it needs in .venv first.

PYTHON ?= $(firstword $(foreach p,python3.13 python3.12 python3.11 python3,$(shell $(p) -c 'import sys; sys.exit(sys.version_info < (3, 11))' >/dev/null 2>&1 && command -v $(p))))
BIN := .venv/bin
DEMO_DIR ?= demo-newsroom
DEMO_ARGS ?=
POSTGRES_TEST_URL ?= postgres://postgres@127.0.0.1:5432/postgres
export PIP_DISABLE_PIP_VERSION_CHECK := 1

.PHONY: demo test lint format bench assets lock clean check-python
.DEFAULT_GOAL := demo

demo: .venv/base
	@$(BIN)/onrecord demo --dir $(DEMO_DIR) $(DEMO_ARGS)

test: .venv/dev
	@$(BIN)/python scripts/provide_browser.py
	$(BIN)/python -m pytest -n auto --dist loadfile
	@if $(BIN)/python scripts/postgres_reachable.py $(POSTGRES_TEST_URL); then \
		TEST_DATABASE_URL=$(POSTGRES_TEST_URL) $(BIN)/python -m pytest -n auto --dist loadfile -m "not browser" tests/functional --ignore-glob "*_command.py"; fi

lint: .venv/dev node_modules/.installed
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/lint-imports
	SECRET_KEY=lint $(BIN)/mypy
	$(BIN)/djhtml --check src
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent lint
	PATH="$(CURDIR)/$(BIN):$$PATH" npm test --silent
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent check-built

format: .venv/dev node_modules/.installed
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml src
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent format

bench: .venv/dev
	$(BIN)/python benchmarks/serving.py
	$(BIN)/python benchmarks/publishing.py
	$(BIN)/python benchmarks/reposts.py --quick
	$(BIN)/python benchmarks/alignment.py --quick
	$(BIN)/python benchmarks/bleep.py
	$(BIN)/python benchmarks/quotations.py
	$(BIN)/python benchmarks/search.py --segments 20000 --rounds 20

assets: .venv/dev node_modules/.installed
	PATH="$(CURDIR)/$(BIN):$$PATH" npm run --silent build

lock: .venv/dev
	$(BIN)/python -m pip install --quiet uv
	$(BIN)/uv pip compile pyproject.toml --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -o requirements/base.lock
	$(BIN)/uv pip compile pyproject.toml --extra dev --universal --python-version 3.11 --generate-hashes --no-emit-index-url --no-header -q -c requirements/base.lock -o requirements/dev.lock

clean:
	rm -rf .venv node_modules $(DEMO_DIR) build dist

check-python:
	@test -n "$(PYTHON)" || { echo "Onrecord needs Python 3.11 or newer with venv. Install it, or name it: make PYTHON=/path/to/python3"; exit 1; }

.venv/bin/python: | check-python
	@echo "[1/3] Environment in .venv"
	@$(PYTHON) -m venv .venv || { echo "Python's venv module is missing: on Debian or Ubuntu, install python3-venv."; exit 1; }

.venv/base: requirements/base.lock pyproject.toml | .venv/bin/python
	@echo "[2/3] Libraries, as locked in requirements/base.lock (a minute or two)"
	@$(BIN)/python -m pip install --quiet --progress-bar on --require-hashes --only-binary :all: -r requirements/base.lock
	@echo "[3/3] Onrecord itself"
	@$(BIN)/python -m pip install --quiet --no-deps -e .
	@touch $@

.venv/dev: requirements/dev.lock .venv/base
	@echo "Libraries for tests and checks, as locked in requirements/dev.lock"
	@$(BIN)/python -m pip install --quiet --progress-bar on --require-hashes -r requirements/dev.lock
	@touch $@

node_modules/.installed: package.json package-lock.json .venv/dev
	PATH="$(CURDIR)/$(BIN):$$PATH" npm ci --silent --no-audit --no-fund
	@touch $@
