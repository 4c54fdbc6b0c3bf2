# Everything runs from a bare checkout; the only thing needed is Python 3.11 or newer.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.DEFAULT_GOAL := help

PYTHON ?= python3
PORT ?= 8000
VENV := .venv
BIN := $(VENV)/bin
WORKERS ?= 2
# One drives a browser and one installs sites: both mostly wait for other processes.
WORKERS_WITH_SITES ?= $(shell expr $(WORKERS) + 1)
# Local settings of whoever calls make must not change what the targets do.
unexport DJANGO_SETTINGS_MODULE PYTHONPATH VIRTUAL_ENV PYTHONDONTWRITEBYTECODE
# uv trusts whom the machine trusts, as pip is told to; it brings a list of its own.
export UV_SYSTEM_CERTS := 1

PYTEST := $(BIN)/python -m pytest -n $(WORKERS)
DJANGO_ADMIN := DJANGO_SETTINGS_MODULE=tests.settings $(BIN)/python -m django
TRANSLATED := wagtail_billing_portal wagtail_billing_portal/sandbox example_site/weekly_loaf
EXAMPLE := .[sandbox,localize]
EVERYTHING := .[sandbox,localize,postgres]
# uv is fast; pip does the same where uv cannot reach the index.
install = $(BIN)/uv pip install --quiet --python $(BIN)/python $(1) \
	|| $(BIN)/python -m pip install --quiet $(1)

.PHONY: help
help:  ## Say what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "make %-12s %s\n", $$1, $$2}' Makefile

$(VENV)/.made:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11) and "Python 3.11 or newer is needed; say which with PYTHON=...")'
	@echo "Making $(VENV) ..."
	@$(PYTHON) -m venv $(VENV)
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --upgrade pip uv 2>&1 | { grep -v 'is ignored: it is neither' || true; }
	@touch $@

$(VENV)/.example: $(VENV)/.made pyproject.toml
	@echo "Installing the package and the example site's needs ..."
	@$(call install,--group example -e "$(EXAMPLE)")
	@touch $@

$(VENV)/.dev: $(VENV)/.made pyproject.toml
	@echo "Installing the package and the tools of its developers ..."
	@$(call install,--group dev -e "$(EVERYTHING)")
	@touch $(VENV)/.example $@

.PHONY: demo
demo: $(VENV)/.example  ## Serve the example site on 127.0.0.1:8000 (PORT= changes it)
	@PORT=$(PORT) exec $(BIN)/python example_site/manage.py demo

# Both turns at once take longer than one after the other; either tells what it knows.
.PHONY: test
test: $(VENV)/.dev  ## Lint, layers, types and every test
	@$(MAKE) --no-print-directory --jobs=2 checks test-postgres && failed= || failed=1; \
		$(MAKE) --no-print-directory test-sqlite && test -z "$$failed"

.PHONY: checks
checks: lint types migrations deploy-check  ## All that needs no test

.PHONY: lint
lint: $(VENV)/.dev  ## Style of code and templates, and the layers
	$(BIN)/ruff check .
	$(BIN)/ruff format --check .
	$(BIN)/djhtml --check wagtail_billing_portal example_site
	$(BIN)/curlylint --quiet wagtail_billing_portal example_site
	$(BIN)/lint-imports --no-cache --no-logo

.PHONY: format
format: $(VENV)/.dev  ## Let the tools put code and templates in order
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .
	$(BIN)/djhtml wagtail_billing_portal example_site

.PHONY: types
types: $(VENV)/.dev  ## mypy, strict, with django-stubs
	$(BIN)/mypy

.PHONY: migrations
migrations: $(VENV)/.dev  ## Fail when a model changed without its migration
	$(DJANGO_ADMIN) makemigrations --check --dry-run wagtail_billing_portal billing_sandbox
	$(BIN)/python example_site/manage.py makemigrations --check --dry-run

.PHONY: deploy-check
deploy-check: $(VENV)/.dev  ## Django's deployment check on the example site
	PYTHONPATH=example_site:. DJANGO_SETTINGS_MODULE=tests.settings_deployed \
		$(BIN)/python -m django check --deploy --fail-level WARNING

.PHONY: test-sqlite
test-sqlite: $(VENV)/.dev  ## Every test, on SQLite
	env -u TEST_DATABASE_URL $(PYTEST) -n $(WORKERS_WITH_SITES) -rs

.PHONY: test-postgres
test-postgres: $(VENV)/.dev  ## What it takes PostgreSQL to tell (EVERY_ENGINE=1: all that touches a database)
	$(BIN)/python tests/tools/postgres.py $(PYTEST) -m "not browser and not packaging"

.PHONY: explore
explore: $(VENV)/.dev  ## Look for stories that the properties do not survive, always new ones
	HYPOTHESIS_PROFILE=explore MIRROR_STEPS=10000 SANDBOX_STEPS=10000 \
		$(PYTEST) tests/convergence tests/mirror tests/sandbox
	HYPOTHESIS_PROFILE=explore KILLS=200 $(BIN)/python tests/tools/postgres.py \
		$(PYTEST) tests/convergence

.PHONY: matrix
matrix: $(VENV)/.dev  ## The suite on the supported versions (SESSIONS= chooses some)
	$(BIN)/nox $(if $(SESSIONS),--session $(SESSIONS))

.PHONY: bench
bench: $(VENV)/.dev  ## The benchmarks: one JSON object per figure (BENCH= chooses some)
	@$(BIN)/python -m tests.benchmarks $(BENCH)

.PHONY: docs
docs: $(VENV)/.dev  ## Build the documentation into docs/_build
	$(BIN)/sphinx-build -W --keep-going -q -b html docs docs/_build/html

.PHONY: reference
reference: $(VENV)/.dev  ## Write the tables of docs/reference anew
	@PYTHONPATH=. $(DJANGO_ADMIN) shell --no-imports \
		-c "from tests.tools.reference_tables import write; write()"

.PHONY: screenshots
screenshots: $(VENV)/.dev  ## Take the pictures of docs/images anew, with Chromium
	$(BIN)/python -m tests.browser.screenshots

.PHONY: messages
messages: $(VENV)/.dev  ## Collect the texts to translate, and compile the translations
	@command -v xgettext >/dev/null || { echo "gettext is missing. On Debian: apt-get install gettext"; exit 1; }
	@for folder in $(TRANSLATED); do \
		echo "$$folder"; \
		(cd $$folder && $(CURDIR)/$(BIN)/django-admin makemessages --all --no-obsolete --no-location --ignore 'sandbox/*') && \
		(cd $$folder && $(CURDIR)/$(BIN)/django-admin compilemessages --ignore 'sandbox/*') || exit 1; \
	done

.PHONY: clean
clean:  ## Remove what the other targets made, the virtual environment included
	rm -rf $(VENV) .nox build dist docs/_build *.egg-info .pytest_cache .mypy_cache .ruff_cache
