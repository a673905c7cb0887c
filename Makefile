# `make` alone prints this list. CI, README and people use the same targets.
SHELL := /bin/bash
.DEFAULT_GOAL := help
SWIFT_FLAGS ?=
# --small: minutes instead of an hour; --only kill,powercut; --seed N.
TORTURE_FLAGS ?=
# --small: two minutes instead of hours; --only sendMessage; --cases N.
FUZZ_FLAGS ?=
# --intake: only the way in over HTTP; --quick --json: a minute and one object; --chart FILE; --ten-million.
BENCH_FLAGS ?=
FORMATTED := Sources Tests Package.swift Benchmarks/Micro/Sources/micro Benchmarks/Micro/Package.swift
# An import that Package.swift does not allow is an error, not a habit.
BUILD_FLAGS := --explicit-target-dependency-import-check error $(SWIFT_FLAGS)

.PHONY: help setup setup-tests build demo test check counts format bench torture fuzz measure clean

help: ## Print the targets
	@grep -hE '^[a-z-]+:.*##' $(MAKEFILE_LIST) | sed -E 's/^([a-z-]+):.*## (.*)/  make \1|\2/' | column -t -s '|'

setup: ## Install what the build needs (Debian packages); check Swift
	@.ci/setup build

setup-tests: ## Install also what the tests need (Postfix, Kannel, aiosmtpd, Python, strace, valgrind)
	@.ci/setup tests

build: ## Build the binary (the first build takes several minutes)
	swift build $(BUILD_FLAGS) --product vestnik

demo: build ## Sandbox, gateway, two houses: watch real messages leave a real queue
	@if [ -t 0 ]; then .build/debug/vestnik demo; else .build/debug/vestnik demo --once; fi

# Apart, because they count milliseconds or fill both cores: side by side they would fail each other.
# Six at a time, because many of the parts talk over sockets with somebody's patience running out.
test: ## Run every test: the parts, the seeded worlds, then the whole from outside
	swift test $(BUILD_FLAGS) --experimental-maximum-parallelization-width 6 --skip EndToEndTests --skip SimulationTests
	swift test $(BUILD_FLAGS) --skip-build --filter SimulationTests
	swift test $(BUILD_FLAGS) --skip-build --no-parallel --filter EndToEndTests

check: ## What CI checks besides the tests: format, imports, warnings, instruction counts
	swift format lint --strict --recursive --parallel $(FORMATTED)
	swift build --build-tests $(BUILD_FLAGS)
	@Benchmarks/Micro/counts.py check

counts: ## Take the instruction counts of the micro benchmarks anew (Benchmarks/Micro/counts.json)
	@Benchmarks/Micro/counts.py renew

format: ## Format the sources in place
	swift format --in-place --recursive --parallel $(FORMATTED)

bench: ## Measure the release build beside Postfix, Kannel and bare loops (docs/BENCHMARKS.md)
	swift build -c release $(BUILD_FLAGS) --product vestnik
	@.build/release/vestnik bench $(BENCH_FLAGS)

torture: build ## Kill, cut the power, sicken providers: the figures of docs/RELIABILITY.md
	@python3 Tests/Torture/all.py $(TORTURE_FLAGS)

fuzz: build .build/fuzz/bin/st ## Generated requests, good and bad, at every operation of the API; the OpenAPI document itself
	@.build/fuzz/bin/python Tests/Fuzz/document.py
	@.build/fuzz/bin/python Tests/Fuzz/demo.py $(FUZZ_FLAGS)

.build/fuzz/bin/st:
	/usr/bin/python3 -m venv .build/fuzz
	.build/fuzz/bin/pip install --quiet schemathesis==4.32.5 openapi-spec-validator==0.9.0

measure: ## Print sizes of files and functions; judges nothing
	@.ci/measure

clean: ## Remove the build
	rm -rf .build Benchmarks/Micro/.build
