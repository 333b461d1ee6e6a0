# Every target can be run again; none touches what it did not make.

PREFIX ?= /usr/local
DESTDIR ?=
SWIFT ?= swift
# More arguments for `swift test`, e.g. make test TEST_FLAGS='--filter CLITests'
TEST_FLAGS ?=

program = $(CURDIR)/.build/release/vidgit
bin = $(DESTDIR)$(PREFIX)/bin
share = $(DESTDIR)$(PREFIX)/share
manual = .build/plugins/GenerateManual/outputs/vidgit
venv = .build/venv
sources = Package.swift Sources Tests $(wildcard examples docs)

apt_packages = ffmpeg git pkg-config libgit2-dev zlib1g-dev libsqlite3-dev libcurl4-openssl-dev \
	libavformat-dev libavfilter-dev libavcodec-dev libswscale-dev libswresample-dev libavutil-dev
brew_packages = ffmpeg git pkgconf libgit2 libssh2 openssl@3 curl

.PHONY: all help deps test-deps build test test-durability schemas demo bench install uninstall docs format lint clean

all: build

help:
	@echo 'make demo      the first five minutes: sample clip, split, filter, render, verify'
	@echo 'make build     the program, in .build/release/vidgit'
	@echo 'make test      everything that is tested, schemas included'
	@echo 'make bench     speed and memory beside the ffmpeg program'
	@echo 'make install   program, man pages and completions below PREFIX ($(PREFIX))'
	@echo 'make docs      docs/cli.md from the help of the program'
	@echo 'make format    the layout of all Swift files;  make lint only checks it'
	@echo 'make deps      the system packages (Debian: apt, macOS: Homebrew)'

# What is there already is not asked for again, so that no password is needed the second time.
deps:
	@set -e; if [ "$$(uname)" = Darwin ]; then \
	  command -v brew >/dev/null || { echo 'error: Homebrew is missing, see https://brew.sh' >&2; exit 1; }; \
	  missing=; for name in $(brew_packages); do \
	    brew list --formula "$$name" >/dev/null 2>&1 || missing="$$missing $$name"; done; \
	  [ -z "$$missing" ] || brew install $$missing; \
	elif command -v apt-get >/dev/null; then \
	  missing=; for name in $(apt_packages) $(EXTRA_PACKAGES); do \
	    dpkg-query -W -f '$${Status}' "$$name" 2>/dev/null | grep -q 'ok installed' || missing="$$missing $$name"; done; \
	  if [ -n "$$missing" ]; then \
	    root=; [ "$$(id -u)" = 0 ] || root=sudo; \
	    $$root apt-get update; \
	    $$root env DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends $$missing; \
	  fi; \
	else \
	  echo 'note: this system has neither apt nor Homebrew: see "What it needs" in CONTRIBUTING.md.' >&2; \
	fi
	@command -v $(SWIFT) >/dev/null || { echo 'error: no Swift toolchain, see https://www.swift.org/install' >&2; exit 1; }

build: deps
	$(SWIFT) build -c release --product vidgit

# Servers that Debian starts as soon as they are installed; tests that want one are skipped without it.
SERVER_PACKAGES ?=

# The checker of schemas, the reader of timelines, S3 and what runs networks stay in the build folder.
test-deps:
	@$(MAKE) --no-print-directory deps EXTRA_PACKAGES="python3-venv nghttp2-server rclone openssh-client $(SERVER_PACKAGES)"
	@[ -x $(venv)/bin/check-jsonschema ] && $(venv)/bin/python -c 'import opentimelineio, moto.server, boto3, html5lib, feedparser' 2>/dev/null || \
	  { python3 -m venv $(venv) && \
	  $(venv)/bin/pip install --quiet 'check-jsonschema>=0.29,<1' 'opentimelineio>=0.17,<1' \
	  'moto[server]>=5,<6' boto3 'html5lib>=1.1,<2' 'feedparser>=6,<7'; }
	@$(venv)/bin/python -c 'import onnx, onnxruntime, numpy, PIL' 2>/dev/null || \
	  $(venv)/bin/pip install --quiet 'onnx>=1.16,<2' 'onnxruntime>=1.17,<2' 'numpy>=1.26,<3' 'pillow>=10' || \
	  echo 'note: no onnxruntime for this Python; the test of the ONNX example is skipped' >&2

# The program that is tested is the one that people get: the optimiser has faults of its own.
# Every eleventh disk call is broken here; `make test-durability` breaks every one.
test: build test-deps
	$(SWIFT) build --build-tests
	VIDGIT_TEST_BINARY='$(program)' $(SWIFT) test --skip-build $(TEST_FLAGS)
	@$(MAKE) --no-print-directory schemas

# Real repositories against the published schemas.
test-durability: build test-deps
	VIDGIT_TEST_BINARY='$(program)' VIDGIT_FAULT_STEP=1 $(SWIFT) test --filter DurabilityTests

schemas: build test-deps
	PATH="$(CURDIR)/$(venv)/bin:$$PATH" schemas/check.sh '$(program)'

demo: build
	examples/demo.sh .build/release/vidgit demo

bench: build
	python3 bench/bench.py .build/release/vidgit bench/work

install: build
	$(SWIFT) package generate-manual --multi-page
	install -d '$(bin)' '$(share)/man/man1' '$(share)/bash-completion/completions' \
	  '$(share)/zsh/site-functions' '$(share)/fish/vendor_completions.d'
	install -m 755 '$(program)' '$(bin)/vidgit'
	for page in $(manual)/*.1; do \
	  name=$$(basename "$$page" .1 | tr . -); \
	  install -m 644 "$$page" '$(share)/man/man1/'"$$name.1" || exit; done
	.build/release/vidgit --generate-completion-script bash > '$(share)/bash-completion/completions/vidgit'
	.build/release/vidgit --generate-completion-script zsh > '$(share)/zsh/site-functions/_vidgit'
	.build/release/vidgit --generate-completion-script fish > '$(share)/fish/vendor_completions.d/vidgit.fish'

uninstall:
	rm -f '$(bin)/vidgit' '$(share)'/man/man1/vidgit.1 '$(share)'/man/man1/vidgit[-.]*.1 \
	  '$(share)/bash-completion/completions/vidgit' '$(share)/zsh/site-functions/_vidgit' \
	  '$(share)/fish/vendor_completions.d/vidgit.fish'

docs: build
	.build/release/vidgit --experimental-dump-help | $(SWIFT) docs/generate-cli.swift > .build/cli.md
	mv .build/cli.md docs/cli.md

format:
	$(SWIFT) format --in-place --configuration .swift-format --recursive $(sources)

lint:
	$(SWIFT) format lint --strict --configuration .swift-format --recursive $(sources)

clean:
	$(SWIFT) package clean
