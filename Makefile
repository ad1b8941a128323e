# The list of commands. `make help` prints it.
SHELL := /bin/bash
.DEFAULT_GOAL := help
BIN := node_modules/.bin
STAMP := node_modules/.package-lock.json

.PHONY: help check format test unit e2e sandbox down toolchain bench conformance soak

help: ## print this list
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  make %-11s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

$(STAMP): package-lock.json
	npm ci
	@touch $(STAMP)

check: $(STAMP) ## format, lint, types, import rules, unit tests: no root, no Docker, no network
	@$(MAKE) --no-print-directory --jobs=3 --output-sync unit lint types written imports

.PHONY: written types lint imports
written: $(STAMP)
	$(BIN)/prettier --check --log-level warn .

types: $(STAMP)
	$(BIN)/tsc --noEmit -p .
	$(BIN)/tsc --noEmit -p test/control-plane/pages

lint: $(STAMP)
	$(BIN)/eslint .

imports: $(STAMP)
	.ci/imports

format: $(STAMP) ## write the files in the one format
	$(BIN)/prettier --write --log-level warn .

unit: $(STAMP) ## unit tests alone
	$(BIN)/vitest run --project unit

toolchain: ## Pulumi, the engine and the services' programs, built where they cannot be downloaded
	toolchain/build.sh pulumi engine services

sandbox: $(STAMP) ## three real hosts on this machine with every stack deployed; needs root
	npx homelab sandbox up --deploy

down: $(STAMP) ## takes the sandbox down and leaves nothing of it behind
	npx homelab sandbox down

e2e: $(STAMP) ## end-to-end tests in the sandbox; needs root
	$(BIN)/vitest run --project e2e

test: $(STAMP) ## everything: set-up, check, end-to-end tests
	.ci/test

bench: $(STAMP) ## benchmarks, side by side with Docker Compose; writes docs/benchmarks.md
	npx tsx bench/run.ts

conformance: $(STAMP) ## real programs, as they are declared, started, asked and stopped; writes docs/conformance.md
	npx tsx bench/conformance/run.ts

soak: $(STAMP) ## what takes too long for every change; its end-to-end part needs root
	HOMELAB_DEPLOYS_AT_ONCE=20 $(BIN)/vitest run --project unit test/cli/deploy/many-at-once.test.ts
	HOMELAB_CUT_OFF=docker-vm $(BIN)/vitest run --project e2e test/e2e/hosts/cut-off.test.ts
	$(BIN)/vitest run --project browser
	$(BIN)/vitest run --project soak
	npx tsx bench/soak.ts
