# Everything a person or a build machine runs. Needs make and Python 3.11 or newer; the rest is
# fetched into .venv/ and node_modules/, and only when its requirements have changed.

HOST ?= 127.0.0.1
PORT ?= 8000

VENV := .venv
BIN := $(VENV)/bin
PYTHON ?= $(BIN)/python
# runs a command with node and npm on its path: the machine's own, else those of a Python wheel
NODE := tools/with-node
UV_VERSION := 0.13.9
# how many tests run at once
WORKERS ?= 2

LOCK := $(BIN)/uv pip compile pyproject.toml --quiet --universal --python-version 3.11 \
	--generate-hashes --no-emit-index-url --no-emit-find-links --custom-compile-command "make lock"

.DEFAULT_GOAL := help
.PHONY: help run test soak pytest modules lint types format models corpora screenshots lock vendor bench docker-check cluster-check corpus-check clean

help: ## List the targets
	@grep -E '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

run: $(VENV)/.runtime ## Start the server on http://127.0.0.1:8000 (HOST=... PORT=... to change)
	$(BIN)/python -m app serve --host $(HOST) --port $(PORT)

test: $(VENV)/.test node_modules/.installed ## Check everything: style, types, modules, server, page
	$(BIN)/python -m tests.browser.find_chromium
	@tools/beside "$(MAKE) --no-print-directory --keep-going lint types modules" \
		"$(MAKE) --no-print-directory pytest"

soak: $(VENV)/.test ## Check for five minutes by chance what make test checks by a few fixed cases
	$(BIN)/python -m pytest -q -n $(WORKERS) -m soak

pytest: $(VENV)/.test
	$(BIN)/python -m pytest -q -n $(WORKERS) --dist worksteal

modules: node_modules/.installed
	$(NODE) node --test $$(find tests -name '*.test.js' | sort)

lint: $(VENV)/.test node_modules/.installed ## Check style
	$(BIN)/ruff check
	$(BIN)/ruff format --check
	$(NODE) npx prettier --check --log-level warn .

types: $(VENV)/.test node_modules/.installed ## Check types
	$(NODE) $(BIN)/pyright
	$(NODE) npx tsc

format: $(VENV)/.test node_modules/.installed ## Rewrite the sources in house style
	$(BIN)/ruff check --fix
	$(BIN)/ruff format
	$(NODE) npx prettier --write --log-level warn .

models: $(VENV)/.test ## Train the shipped models again, and write their cards
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tools.train_models --cards docs/models.md
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tools.make_corpora

corpora: $(VENV)/.test ## Make the shipped models' corpora again, from their grammars
	OPENBLAS_NUM_THREADS=1 $(BIN)/python -m tools.make_corpora

screenshots: $(VENV)/.test ## Remake the film and the picture in the README, and one of every lens
	$(BIN)/python -m tests.browser.film
	$(BIN)/python -m tests.browser.screenshots --readme
	$(BIN)/python -m tests.browser.screenshots

bench: $(VENV)/.test ## Measure speed beside the peers that are installed (PYTHON=... to choose)
	$(PYTHON) -m benchmarks.kernel
	$(PYTHON) -m benchmarks.explain
	$(PYTHON) -m benchmarks.training
	$(PYTHON) -m benchmarks.characters
	$(PYTHON) -m benchmarks.corpus_kernel
	$(PYTHON) -m benchmarks.corpus --rows 100000 1000000
	$(PYTHON) -m benchmarks.http
	$(PYTHON) -m benchmarks.page

docker-check: $(VENV)/.test ## Build the image with buildah, run it and test it (Debian, as root)
	$(BIN)/python tools/docker_check.py

cluster-check: $(VENV)/.test ## Run three servers behind nginx and kill one (needs nginx)
	$(BIN)/python -m tools.cluster_check

corpus-check: $(VENV)/.test ## Build a corpus on a cluster, kill a worker, and compare
	$(BIN)/python -m tools.corpus_check

lock: $(BIN)/python ## Remake requirements/ and package-lock.json from what the project asks for
	$(BIN)/python -m pip install --quiet uv==$(UV_VERSION)
	$(LOCK) --extra corpus --output-file requirements/runtime.txt
	$(LOCK) --extra all --extra test --constraint requirements/runtime.txt --output-file requirements/test.txt
	$(NODE) npm install --package-lock-only --silent

vendor: $(VENV)/.test ## Fetch the third-party browser files again
	$(NODE) $(BIN)/python tools/vendor.py

clean: ## Remove everything that the targets above have made
	rm -rf $(VENV) node_modules .pytest_cache .ruff_cache .hypothesis test-results
	find app tests tools -name __pycache__ -type d -prune -exec rm -rf {} +

$(BIN)/python:
	tools/make-venv $(VENV)

$(VENV)/.runtime: requirements/runtime.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@

$(VENV)/.test: requirements/test.txt | $(BIN)/python
	$(BIN)/python -m pip install --quiet --disable-pip-version-check --require-hashes -r $<
	@touch $@ $(VENV)/.runtime

node_modules/.installed: package.json package-lock.json .npmrc | $(VENV)/.test
	$(NODE) npm ci --silent
	@touch $@
