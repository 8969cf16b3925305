# Stackhand. `make demo` and `make test` are all that a newcomer needs.
SHELL := /bin/bash
.SHELLFLAGS := -euo pipefail -c
GO ?= go
BIN := stackhand
# What practice hosts need besides Go, and what the tests need besides that; all of it is in Debian 12.
LAB_TOOLS := mmdebstrap openssh-client iproute2 util-linux mount e2fsprogs
TEST_TOOLS := $(LAB_TOOLS) openssh-server sudo tmux dash python3 python3-yaml ansible-core
FUZZTIME ?= 60s

.PHONY: build test test-long soak bench fuzz verify demo demo-clean drill tools lab-tools clean

build: ## the static binary
	CGO_ENABLED=0 $(GO) build -trimpath -o $(BIN) .

tools: PACKAGES := $(TEST_TOOLS)
lab-tools: PACKAGES := $(LAB_TOOLS)
tools lab-tools: ## installs what is missing (root, Debian)
	@missing=""; for p in $(PACKAGES); do dpkg-query -W -f='$${Status}' $$p 2>/dev/null | grep -q 'install ok installed' || missing="$$missing $$p"; done; \
	if [ -z "$$missing" ]; then exit 0; fi; \
	if [ "$$(id -u)" != 0 ] || ! command -v apt-get >/dev/null; then echo "missing, and not installed without root on Debian:$$missing"; exit 0; fi; \
	echo "installing:$$missing"; apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $$missing >/dev/null

verify: ## formatting, vet, static checks
	@out=$$(gofmt -l $$(git ls-files '*.go')); [ -z "$$out" ] || { echo "gofmt would change:"; echo "$$out"; exit 1; }
	$(GO) vet ./...
	$(GO) tool staticcheck ./...

test: tools build verify ## everything that CI runs
	@[ "$$(id -u)" = 0 ] || echo "not root: tests on practice hosts are skipped (each says so)"
	$(GO) test -race -p 3 -parallel 4 -timeout 30m ./... # most of it waits for hosts: three packages keep two cores busy

test-long: tools build ## what takes longer
	GOOS=darwin $(GO) build . ./internal/... ./steps/... ./ui/... # a console need not be Linux
	STACKHAND_LONG=1 $(GO) test -race -p 2 -parallel 3 -timeout 300m ./... # two cores are busy with that; internal/cli alone is more than an hour

soak: tools build ## random deaths: 25 of a real install, 20 of a recovery from dead hosts
	STACKHAND_SOAK=1 $(GO) test -race -timeout 150m -run TestSoak -v ./internal/cli/...

bench: ## ratios, not times: each benchmark names what runs beside it
	$(GO) test -run '^$$' -bench . -benchtime 1x ./...

fuzz: ## every fuzz target for FUZZTIME
	@for pkg in $$($(GO) list ./...); do \
	  for f in $$($(GO) test -list '^Fuzz' $$pkg | grep '^Fuzz' || true); do \
	    echo "== $$pkg $$f"; $(GO) test -run '^$$' -fuzz "^$$f$$" -fuzztime $(FUZZTIME) -fuzzminimizetime 10x $$pkg; done; done

demo: lab-tools build ## three practice hosts and the install, on the screen or in line mode
	@./$(BIN) demo

demo-clean: build ## removes all that the demo made
	@./$(BIN) demo --clean

drill: lab-tools build ## breaks one of a practice set's services at random and opens the screen: mend it
	@./$(BIN) lab --name drill drill

clean:
	rm -f $(BIN)
