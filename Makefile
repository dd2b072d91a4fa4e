# What one does with this repository. `make help` lists it.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
.DEFAULT_GOAL := help
MAKEFLAGS += --no-print-directory

.PHONY: help demo deps build bench bench-tools lint format test clean golden schemas

help: ## Lists the targets
	@awk -F ':.*## ' '/^[a-z0-9%-]+:.*## / { printf "  make %-14s %s\n", $$1, $$2 }' $(MAKEFILE_LIST)

demo: deps ## Shows the whole way on this machine; ARGS="--once --json --folder F"
	swift build --product tessera
	swift build --product sample-erp
	swift build --product u8-eai-test-gateway
	@Scripts/demo $(ARGS)

# The house

deps: ## Installs what the build and the tests need and this machine lacks
	@Scripts/deps

build: deps ## Builds everything, tests included (debug)
	swift build --build-tests

bench-tools: deps ## Builds the ORB's benchmark server and client into .build/release
	swift build -c release --product orb-bench-server
	swift build -c release --product orb-bench-client

bench: bench-tools ## Measures against the peers; exits 1 where a ratio is below its gate
	swift build -c release --product tessera
	swift build -c release --product catalogue-bench-client
	swift build -c release --product contract-bench-client
	Benchmarks/bench.py

lint: ## Checks the format of the sources and the rules of the house
	@Scripts/lint.py

format: ## Formats the sources in place
	@Scripts/lint.py --format

clean: ## Removes what was built
	rm -rf .build

# Tests

test: build ## Runs every test, the acceptance tests included
	@Scripts/test

accept-%: deps ## Runs one acceptance suite: accept-1a, 1b, 2a, 2b, 2c, 3, 4, credit, field, gateway, naming, prices
	@Scripts/test $@

golden: ## Writes the expected output of the IDL compiler's golden tests anew
	TESSERA_REGENERATE=1 swift test --disable-xctest --filter GoldenTests

schemas: ## Writes Schemas/interchange.xsd anew, from the canonical model's IDL
	swift run idl2swift --emit xsd --namespace urn:tessera:interchange:1 --documents Inbound -o Schemas/interchange.xsd \
	  Sources/InterchangeIDL/interchange.idl
