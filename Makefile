# Everything starts here: `make up` and `make test` on a fresh machine.
SHELL := /bin/bash
NODE := node -r ts-node/register/transpile-only
CONTEXT ?=
USE_CONTEXT := $(if $(CONTEXT),--context $(CONTEXT))

.PHONY: up down walk attack status env test test-unit lint bench mutate help node_modules clean-cache

help: ## what there is
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/:.*## /\t/' | expand -t 14

up: node_modules ## lab (or CONTEXT=kind-x: your own cluster), stack, and the demo's calls
	@$(NODE) demo/main.ts up $(USE_CONTEXT)

walk: node_modules ## the demo's calls again
	@$(NODE) demo/main.ts walk $(USE_CONTEXT)

attack: node_modules ## attacks from hostile pods, against this and the demo's original layout (after `make up`)
	@$(NODE) attack/main.ts

down: node_modules ## take everything away
	@$(NODE) demo/main.ts down $(USE_CONTEXT)

status: node_modules ## the parts of the lab
	@$(NODE) lab/main.ts status

env: node_modules ## for `eval "$$(make -s env)"`: pulumi and kubectl on the lab
	@$(NODE) lab/main.ts env $(if $(CONTEXT),--own-cluster)
	@echo export PULUMI_STACK=dev

test: node_modules ## all tests, with the lab (root) and the real engine
	@$(NODE) tests/run.ts $(ONLY)

test-unit: node_modules ## without root, lab and engine
	@npx mocha 'tests/unit/**/*.test.ts'

bench: node_modules ## what the graph costs, as `name: value unit`; SIZES=100,1000 for some sizes
	@$(NODE) bench/main.ts

mutate: node_modules ## mutation testing of the backward graph; FILES=graph/explain/handshake.ts for some files
	@npx stryker run $(if $(FILES),--mutate $(FILES))

lint: node_modules ## types, style, layers
	@npx tsc --noEmit -p .
	@npx biome check .
	@npx depcruise --config .dependency-cruiser.cjs graph components cli policy lab demo attack

# npm ci only when the lock file is not the one that was installed: its time says nothing in a fresh checkout.
node_modules:
	@sha256sum --check --status node_modules/.installed 2>/dev/null || { \
	  echo "npm ci (the packages of package-lock.json) …" && \
	  npm ci --no-progress --loglevel=error && sha256sum package-lock.json > node_modules/.installed; }

clean-cache: node_modules ## remove all that was built or downloaded
	@$(NODE) lab/main.ts clean-cache
