# Two commands are enough: make run, make test. `make help` lists the others.
SHELL := /bin/bash
.DEFAULT_GOAL := help
.SUFFIXES:
.PHONY: help ready run demo clean-data test faults backlog audit check format contracts contracts-freeze catalogues pictures lock-jars compose-secrets

PYTHON := .venv/bin/python
# For tests that build a wheel: the uv that bootstrapped this checkout.
export UV = $(or $(shell command -v uv 2>/dev/null),$(CURDIR)/.tools/uv/bin/uv)
# Where it is set, the processes that tests start by the hundred would each compile everything anew.
unexport PYTHONDONTWRITEBYTECODE
# Arguments for the tests: make test ARGS="tests/unit -k clock"
ARGS ?=
WORKERS ?= 2
EVENTS ?= 200000
KILLS ?= 200

help: ## list the targets
	@awk 'BEGIN {FS = ":.*## "} \
	  /^##@/ {printf "\n%s\n", substr($$0, 5)} \
	  /^[a-z-]+:.*## / {printf "  %-18s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

# Not listed: every target that needs the environment asks for it. Quiet when there is nothing to do.
ready:
	@deploy/bootstrap.sh
	@web/build.sh

##@ See it

run: ready ## start everything on this machine and say where it is; Ctrl-C stops it
	@exec $(PYTHON) -m deploy.embedded up

demo: ready ## play the story against the running system (starts one when none runs)
	@exec $(PYTHON) -m deploy.demo

clean-data: ready ## forget everything that make run stored
	@exec $(PYTHON) -m deploy.embedded clean-data

##@ Trust it

test: ready ## run every test, on a real Kafka, a real database and in a real browser (ARGS="tests/unit -k clock")
	$(PYTHON) -m pytest -n $(WORKERS) --dist loadscope --no-loadscope-reorder $(ARGS)

faults: ready ## disturb a system of its own under load until KILLS=200 are counted (SEED= TALLY= ONLY=kill,freeze)
	@exec $(PYTHON) -m tests.faults --kills $(KILLS) $(if $(SEED),--seed $(SEED)) $(if $(TALLY),--tally $(TALLY)) $(if $(ONLY),--only $(ONLY))

backlog: ready ## let EVENTS=200000 wait for each service and in an outbox, and see them drain (ARGS="--service reporting")
	@exec $(PYTHON) -m tests.faults.backlog --events $(EVENTS) $(ARGS)

audit: ready ## judge the laws of the running system (ARGS="--told requests.jsonl"); --help says more
	@exec $(PYTHON) -m audit --patience 30 $(ARGS)

check: ready ## format, lint, types, import contracts, contract compatibility
	.venv/bin/ruff format --check .
	.venv/bin/ruff check .
	.venv/bin/mypy contracts chassis services deploy audit tests
	.venv/bin/lint-imports
	$(PYTHON) -m contracts check

##@ Set it up elsewhere

compose-secrets: ready ## make the secrets of deploy/compose, each by chance, each once
	@exec $(PYTHON) -m deploy.compose.make_secrets

##@ Change it

catalogues: ready ## gather the texts of pages; what they are in Indonesian is written into locale/id.po
	@exec $(PYTHON) -m chassis.pages.texts

pictures: ready ## photograph every page, in both languages at both widths, into var/pictures; those the docs show into docs/pictures
	@exec $(PYTHON) -m tests.browser.pictures $(ARGS)

format: ready ## put the code into the house's format
	.venv/bin/ruff format .
	.venv/bin/ruff check --fix .

contracts: ready ## list topics, owners and readers
	@exec $(PYTHON) -m contracts list

contracts-freeze: ready ## freeze the schemas of new event versions
	$(PYTHON) -m contracts freeze

lock-jars: ready ## resolve the jars of the embedded stack anew and write their lock
	$(PYTHON) -m deploy.embedded.jars_resolve
