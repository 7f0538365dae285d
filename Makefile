# The two commands that a fresh machine needs are `make demo` and `make test`.
# PYTHON is the interpreter that .venv is made from; nothing outside this folder is touched.

PYTHON ?= python3
VENV := .venv
BIN := $(VENV)/bin
STAMP := $(VENV)/.piaojue-installed
PAGES := kiosk/web/dist/stamp
PAGE_SOURCES := kiosk/web/package-lock.json kiosk/web/build.mjs $(shell find kiosk/web/src -type f 2>/dev/null)

.DEFAULT_GOAL := help
.PHONY: help setup web demo examples test browser check fix vectors bench soak screenshots lock

help:     ## this list
	@sed -n 's/^\([a-z]*\): .*## /\1\t/p' $(MAKEFILE_LIST) | expand -t 13

setup: $(STAMP) $(PAGES)  ## make .venv with everything in it; again only when what is asked for has changed

web: $(PAGES)  ## build the pages again, if their sources have changed

$(PAGES): $(STAMP) $(PAGE_SOURCES)
	@$(BIN)/python hatch_build.py
	@touch $@

$(STAMP): requirements.txt requirements-node.txt pyproject.toml
	@command -v $(PYTHON) >/dev/null || \
	  { echo "piaojue: no $(PYTHON) here. Install Python 3.11 or newer (Debian: apt-get install python3 python3-venv)." >&2; exit 1; }
	@$(PYTHON) -c 'import sys; sys.exit(sys.version_info < (3, 11))' || \
	  { echo "piaojue: $(PYTHON) is older than 3.11. Name a newer one: make PYTHON=/path/to/python3 $(MAKECMDGOALS)" >&2; exit 1; }
	@$(PYTHON) -c 'import venv, ensurepip' 2>/dev/null || \
	  { echo "piaojue: $(PYTHON) cannot make a virtual environment. Install it (Debian: apt-get install python3-venv)." >&2; exit 1; }
	@$(BIN)/python -m pip --version >/dev/null 2>&1 || $(PYTHON) -m venv --clear $(VENV)
	@echo "piaojue: installing into $(VENV) (once; about a minute)"
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements.txt
	@! $(BIN)/python hatch_build.py --needs-node || \
	  $(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-node.txt
	@$(BIN)/python -m pip install --quiet --disable-pip-version-check --no-build-isolation --no-deps -e .
	@touch $@

demo: setup  ## rehearse a whole meeting; leaves the record in out/demo
	$(BIN)/piaojue rehearse examples/standing-committee.toml --out out/demo

examples: setup  ## rehearse every meeting of examples/ and verify each record, the other tool too; half an hour
	$(BIN)/python -m tests.examples

test: setup  ## every test, three files at a time: those with a browser often wait
	$(BIN)/python -m pytest -n 3 --dist loadfile --no-loadscope-reorder

browser: setup  ## the tests in a real Chromium alone, one after another
	$(BIN)/python -m pytest tests/browser

check: setup  ## what CI runs before the tests: format, lint, types, rooms
	$(BIN)/ruff format --check .
	$(BIN)/ruff check .
	$(BIN)/mypy
	$(BIN)/lint-imports

fix: setup  ## let ruff mend and format
	$(BIN)/ruff check --fix .
	$(BIN)/ruff format .

vectors: setup  ## write the test vectors again; the diff must be empty unless the spec changed
	$(BIN)/python -m tests.vectors.generate_crypto
	$(BIN)/python -m tests.vectors.generate_protocol
	$(BIN)/python -m tests.vectors.generate_trustees
	$(BIN)/python -m tests.vectors.generate_meeting
	$(BIN)/python -m tests.vectors.generate_contests
	$(BIN)/python -m tests.vectors.generate_ledger
	git diff --exit-code -- tests/vectors

bench: setup  ## measure and print tables; docs/performance.md says how to read them
	$(BIN)/python -m tests.bench

soak: setup  ## five hundred voters on one kiosk page, in Chromium: neither slower nor larger
	$(BIN)/python -m tests.soak.kiosk

screenshots: setup  ## take the pictures of docs/images again, in Chromium
	$(BIN)/python -m tests.browser.screenshots

lock: setup  ## for maintainers: pyproject.toml and requirements.in into requirements.txt
	$(PYTHON) -m venv .tools
	.tools/bin/pip install --quiet pip-tools
	CUSTOM_COMPILE_COMMAND="make lock" .tools/bin/pip-compile --quiet --generate-hashes --strip-extras --extra postgres \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements.txt pyproject.toml requirements.in
	CUSTOM_COMPILE_COMMAND="make lock" .tools/bin/pip-compile --quiet --generate-hashes \
	  --no-emit-index-url --no-emit-trusted-host --no-emit-find-links -o requirements-node.txt requirements-node.in
