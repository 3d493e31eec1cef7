# Everything for a newcomer: `make demo` runs the main job end to end, `make test` passes the tests.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help
ARGS ?=
PYTHON := .venv/bin/python
SERVICES := $(PYTHON) -m tests.services

.PHONY: help
help: ## List what can be made
	grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

.venv/.installed: requirements.lock pyproject.toml
	if ! command -v uv >/dev/null; then
	  test -x .venv/.uv/bin/uv || { python3 -m venv .venv/.uv && .venv/.uv/bin/pip install --quiet uv; } >&2
	fi
	uv=$$(command -v uv || echo .venv/.uv/bin/uv)
	test -x $(PYTHON) || $$uv venv --quiet --allow-existing .venv >&2
	$$uv pip sync --quiet --python $(PYTHON) requirements.lock >&2
	$$uv pip install --quiet --python $(PYTHON) --no-deps --editable . >&2
	touch $@

.PHONY: install
install: .venv/.installed ## Make the virtual environment from the lock file

.PHONY: demo
demo: install ## Run the main job end to end: 25 orders from Magento to Stripe and back (ARGS=--json)
	eval "$$($(SERVICES) env)"
	.venv/bin/sidecar demo $(ARGS)

.PHONY: test
test: install ## Pass the tests (ARGS="-k words")
	eval "$$($(SERVICES) env)"
	.venv/bin/pytest $(ARGS)

.PHONY: bench
bench: install ## Measure, side by side with the floor
	eval "$$($(SERVICES) env)"
	$(PYTHON) -m tests.bench $(ARGS)

.PHONY: lint
lint: install ## Check style, types, import layers and generated files
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	$(PYTHON) -m schemas.generate --check

.PHONY: format
format: install ## Format the code
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

.PHONY: services-up
services-up: install ## Find or start RabbitMQ and MariaDB, and say where they are
	$(SERVICES) up

.PHONY: services-down
services-down: install ## Stop what services-up started
	$(SERVICES) down

.PHONY: lock
lock: ## Take the newest versions that pyproject.toml admits
	uv pip compile pyproject.toml --upgrade --extra dev --universal --generate-hashes --no-emit-index-url --no-header --quiet -o requirements.lock

.PHONY: clean
clean: ## Remove everything that was made
	rm -rf .venv .services .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
