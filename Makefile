# Everything a person or a machine does with this project, from a clean clone on Debian 12 with git and make.
# `make run` and `make test` install what they need (as root or with passwordless sudo), or say what to install.

.DEFAULT_GOAL := build
.PHONY: build run drill test check-style format sanitize fuzz simulate bench tour dist clean

export CC ?= gcc
ifeq ($(CC),cc)
CC := gcc
endif

FUZZ_SECONDS ?= 60
DATA ?= pinyue-data
LISTEN ?= 127.0.0.1:8080
SEEDS ?= 0

# The program alone, at build/pinyue.
build:
	@tools/install-dependencies.sh build
	@tools/build.sh build pinyue

# The duty desk with the bundled plans, on this machine alone, its data in pinyue-data: open the address that it prints.
run: build
	@build/pinyue serve --data $(DATA) --listen $(LISTEN)

# One fire from the first call to its end, told as a timeline and judged.
drill: build
	@tools/run-drills.sh

# Every check there is; its last line is "N passed, N failed".
test:
	@tools/install-dependencies.sh build test
	@tools/run-tests.sh

# Formatting, clang-tidy, and our own rules.
check-style:
	@tools/install-dependencies.sh build test
	@tools/check-style.sh
	@tools/check-source.sh

# Lays out all code as check-style wants it.
format:
	@tools/install-dependencies.sh build test
	@find src tests bench -name '*.[ch]' -print0 | xargs -0 clang-format -i

# All tests with the address and undefined-behaviour sanitizers.
sanitize:
	@tools/install-dependencies.sh build test
	@tools/build.sh build-sanitize
	@meson test -C build-sanitize --no-rebuild --print-errorlogs

# Every fuzz target for FUZZ_SECONDS.
fuzz:
	@tools/install-dependencies.sh build test
	@tools/fuzz.sh $(FUZZ_SECONDS)

# The simulated faults, seed after seed until stopped (or SEEDS of them), with a line of progress every ten seconds.
simulate:
	@tools/install-dependencies.sh build test
	@tools/build.sh build
	@PINYUE_SEEDS=$(SEEDS) build/tests/sim_simulator_test

# Measures; nothing passes or fails.
bench:
	@tools/install-dependencies.sh build test
	@tools/build.sh build
	@meson test -C build --benchmark --no-rebuild --verbose
	@bench/check_seconds.sh
	@PEERS=install bench/decisions.sh
	@PEERS=install bench/serve.sh

# The pictures of docs/tour.md, taken anew from the program in a browser.
tour:
	@tools/install-dependencies.sh build test
	@tools/build.sh build pinyue
	@tools/make-tour.sh

# A release, build/pinyue-VERSION.tar.gz: what is committed, with the built pages. `make run` from it needs no node.
dist:
	@tools/install-dependencies.sh build
	@tools/make-dist.sh

clean:
	rm -rf build build-sanitize build-fuzz
