# `make demo` runs the main job end to end, `make test` passes the tests; both work on a bare Debian machine.
SHELL := /bin/bash
.SHELLFLAGS := -eu -o pipefail -c
.ONESHELL:
.SILENT:
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

ARGS ?=
PYTHON := .venv/bin/python
OWN_UV := .venv/.uv/bin/uv
UV := $(shell uv --version >/dev/null 2>&1 && echo uv || echo $(OWN_UV))
SERVICES := $(PYTHON) -m tests.services
# In two steps, because a command that fails inside `eval` fails nothing.
WITH_SERVICES := addresses=$$($(SERVICES) env); eval "$$addresses"

.PHONY: help
help: ## List what can be made
	grep -hE '^[a-z-]+:.*## ' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 16

# Where uv is missing: in an environment of its own, so that syncing .venv does not remove it.
$(OWN_UV):
	python3 -m venv .venv/.uv >&2
	.venv/.uv/bin/pip install --quiet --disable-pip-version-check uv >&2

.venv/.installed: requirements.lock pyproject.toml | $(filter $(OWN_UV),$(UV))
	test -x $(PYTHON) || $(UV) venv --quiet --allow-existing .venv >&2
	$(UV) pip sync --quiet --python $(PYTHON) requirements.lock >&2
	$(UV) pip install --quiet --python $(PYTHON) --no-deps --editable . >&2
	touch $@

.PHONY: install
install: .venv/.installed ## Make the virtual environment from the lock file

.PHONY: demo
demo: install ## Run the main job end to end: 25 orders from Magento to Stripe and back (ARGS=--json)
	$(WITH_SERVICES)
	.venv/bin/sidecar demo $(ARGS)

.PHONY: test
test: install ## Pass the tests (ARGS="-k words", ARGS="-n 0 --pdb")
	$(PYTHON) -m tests.php install
	$(WITH_SERVICES)
	.venv/bin/pytest -n 2 --dist loadgroup $(ARGS)

.PHONY: test-installed
test-installed: install ## Install as users do, image and bare metal, and test that (needs root, Debian and a package registry)
	$(WITH_SERVICES)
	.venv/bin/pytest tests/installed $(ARGS)

.PHONY: image
image: install ## Build the image with docker, podman or buildah (ARGS="--build-arg BASE=…")
	engine=$$(for each in docker podman buildah; do if $$each info >/dev/null 2>&1; then echo $$each; break; fi; done)
	if test -z "$$engine"; then echo 'no docker, podman or buildah answers' >&2; exit 2; fi
	version=$$($(PYTHON) -c 'from importlib.metadata import version; print(version("magento-stripe-sidecar"))')
	format=; if test $$engine != docker; then format="--format docker"; fi # OCI's has no health check
	$$engine build $$format --build-arg VERSION=$$version --build-arg REVISION=$$(git rev-parse HEAD 2>/dev/null || echo unknown) \
	  --tag magento-stripe-sidecar:$$version $(ARGS) .

.PHONY: release
release: install ## Make wheel, image context, chart, module and their sums in dist/, the same bytes each time
	$(PYTHON) .ci/release

.PHONY: chaos
chaos: install ## Let everything fail under load, then ask the books (ARGS="--orders 2000 --seed 7 --json", ARGS=--help)
	$(PYTHON) -m tests.chaos $(ARGS)

.PHONY: chaos-mutations
chaos-mutations: install ## Break one rule of the sidecar after the other, and see whether chaos notices (ARGS is passed on)
	$(PYTHON) -m tests.chaos.mutations $(ARGS)

.PHONY: bench
bench: install ## Measure (ARGS is passed on)
	$(WITH_SERVICES)
	$(PYTHON) -m tests.bench $(ARGS)

.PHONY: lint
lint: install ## Check style, types, import layers, generated files and PHP (where there is one)
	.venv/bin/ruff check .
	.venv/bin/ruff format --check .
	.venv/bin/mypy
	.venv/bin/lint-imports
	.venv/bin/mypy .ci/*.py .ci/release/*.py
	.venv/bin/hadolint Dockerfile
	.venv/bin/helm lint --strict --quiet helm --values tests/helm/values/minimal.yaml
	$(PYTHON) .ci/chart_values.py --check
	$(PYTHON) -m schemas.generate --check
	$(PYTHON) -m tests.documents --check
	$(PYTHON) -m tests.php lint

.PHONY: format
format: install ## Format the code
	.venv/bin/ruff check --fix-only .
	.venv/bin/ruff format .

.PHONY: services-up
services-up: install ## Find or start RabbitMQ and MariaDB, and say where they are
	$(SERVICES) up

.PHONY: services-down
services-down: install ## Stop what was started here, and nothing else
	$(SERVICES) down

.PHONY: lock
lock: $(filter $(OWN_UV),$(UV)) ## Bring the lock file in step with pyproject.toml (ARGS=--upgrade for the newest versions)
	$(UV) pip compile pyproject.toml --extra dev --universal --generate-hashes --no-emit-index-url --no-header \
	  --quiet $(ARGS) -o requirements.lock

.PHONY: clean
clean: ## Remove everything that was made; stops the services that were started here
	if test -x $(PYTHON); then $(SERVICES) down; fi
	# The tests of the image leave buildah's storage mounted; the innermost comes last in the list.
	awk -v below="$$PWD/.services/" 'index($$2, below) == 1 { print $$2 }' /proc/mounts | tac | xargs --no-run-if-empty umount
	rm -rf .venv .services .mypy_cache .ruff_cache .pytest_cache .hypothesis .import_linter_cache dist build
