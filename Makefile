PYTHON ?= python3
VENV := .venv
PIP := $(VENV)/bin/python -m pip install -qq --disable-pip-version-check
PYTEST := $(VENV)/bin/python -m pytest

PANGO := libpango-1.0-0:libpango-1.0.so.0 libpangoft2-1.0-0:libpangoft2-1.0.so.0 \
	libharfbuzz-subset0:libharfbuzz-subset.so.0
WITNESSES := chromium:chromium poppler-utils:pdftotext qpdf:qpdf
# The floors whose types are checked, one file or a package of the same name.
TYPED := $(wildcard $(foreach floor,rules queries actions,tracker/*/$(floor).py tracker/*/$(floor)))

.DEFAULT_GOAL := help
.PHONY: help setup demo test lint bench soak screenshots clean pango witnesses

help: ## what can be asked
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "make %-12s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

setup: $(VENV)/.runtime pango ## .venv with pinned dependencies, and the system's parts when the account may

demo: setup ## the demonstration on http://127.0.0.1:8000; Ctrl-C stops all of it
	@TRACKER_MODE=$${TRACKER_MODE:-demo} exec $(VENV)/bin/python -m flask demo serve $(ARGS)

test: setup $(VENV)/.dev witnesses ## everything but the long runs; ARGS="-k hours" to choose
	$(PYTEST) -n 2 -m "not soak" $(ARGS)

lint: $(VENV)/.dev ## style, and the types of vocabulary, rules, queries and actions
	$(VENV)/bin/ruff check .
	$(VENV)/bin/ruff format --check .
	$(VENV)/bin/mypy --follow-imports=silent tracker/vocabulary $(TYPED)

bench: setup $(VENV)/.dev ## the figures of speed and memory
	$(VENV)/bin/python -m tests.bench

soak: setup $(VENV)/.dev witnesses ## the long runs: the first of the month under fifty kills, big files
	$(PYTEST) -m soak $(ARGS)

screenshots: setup $(VENV)/.dev witnesses ## the README's pictures, made again
	$(VENV)/bin/python -m tests.browser.screenshots

clean: ## stops the embedded server and erases the data (instance/, build/)
	@for record in $$(find instance build -name postgres.json 2>/dev/null); do \
		$(VENV)/bin/python -m tracker.plumbing.embedded "$$(dirname "$$record")" \
		|| { echo "Its data may lie elsewhere: see $$record; run make setup, then make clean."; exit 1; }; \
	done
	rm -rf instance build

pango:
	@.ci/system-parts.sh "papers (PDF)" $(PANGO) || true

witnesses:
	@.ci/system-parts.sh tests $(WITNESSES)

$(VENV)/bin/python:
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null \
		|| { echo "Python 3.11 or later is needed: install it, or say which one with make PYTHON=python3.12 …" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null \
		|| { echo "Python's venv module is missing: install python3-venv." >&2; exit 1; }
	@$(PYTHON) -m venv $(VENV)

$(VENV)/.runtime: requirements.txt | $(VENV)/bin/python
	@echo "Installing what the application runs on…"
	@$(PIP) -r requirements.txt
	@touch $@

$(VENV)/.dev: requirements-dev.txt requirements.txt | $(VENV)/bin/python
	@echo "Installing what tests and lint add…"
	@$(PIP) -r requirements-dev.txt
	@touch $@ $(VENV)/.runtime
