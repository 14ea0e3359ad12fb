# certvigil: `make help` lists what there is to make.

VERSION = 0.1.0
VARIANT ?= release
BUILD ?= build/$(VARIANT)

PREFIX ?= /usr/local
SYSCONFDIR ?= /etc
BINDIR ?= $(PREFIX)/bin
MANDIR ?= $(PREFIX)/share/man
DOCDIR ?= $(PREFIX)/share/doc/certvigil
UNITDIR ?= $(PREFIX)/lib/systemd/system
CATALOGDIR ?= $(PREFIX)/lib/systemd/catalog
PLUGINDIR ?= $(PREFIX)/lib/nagios/plugins
BASHDIR ?= $(PREFIX)/share/bash-completion/completions
ZSHDIR ?= $(PREFIX)/share/zsh/site-functions
FISHDIR ?= $(PREFIX)/share/fish/vendor_completions.d
COMPLETIONS ?= yes
INSTALL ?= install
PKG_CONFIG ?= pkg-config
PYTHON ?= python3
DEPS ?= build test
FUZZ_SECONDS ?= 30

# The rooms of the house (README.md, "How it is built").
ROOMS ?= agent/model agent/config agent/scan agent/state \
	agent/report $(addprefix agent/report/,html prometheus) \
	agent/commands $(addprefix agent/commands/,shell watch) \
	agent/checks $(addprefix agent/checks/, \
	bundle chain client deploy key path) probes $(addprefix probes/,\
	client file key local starttls tls) \
	notifiers
PACKAGES = openssl libcurl yaml-0.1 libsystemd sqlite3 jansson libpsl libidn2

SOURCES := $(sort $(wildcard $(addsuffix /*.c,$(ROOMS))))
OBJECTS := $(SOURCES:%.c=$(BUILD)/%.o)
LIBRARY := $(BUILD)/libcertvigil.a
PROGRAM := $(BUILD)/certvigil
MKCERT := $(BUILD)/mkcert
UNITS := $(patsubst tests/unit/%.c,$(BUILD)/unit/%, \
	$(sort $(wildcard tests/unit/test_*.c)))
BENCH := $(patsubst tests/bench/%.c,$(BUILD)/bench/%, \
	$(sort $(wildcard tests/bench/*.c)))
FUZZERS := $(patsubst tests/fuzz/%.c,$(BUILD)/%, \
	$(sort $(wildcard tests/fuzz/fuzz_*.c)))
C_FILES = $(shell find agent probes notifiers tests -name '*.[ch]')
C_PROGRAM = $(filter-out tests/%,$(filter %.c,$(C_FILES)))
SCRIPTS = $(shell find tests .ci packaging examples -type f -exec grep -lE '^\#!/bin/(ba)?sh' {} +)
PY_FILES = $(shell find tests -name '*.py')
MANUALS = $(wildcard man/*.[1-9])

# Asked for once, and only where something is compiled.
PKG_CFLAGS = $(eval PKG_CFLAGS := $$(shell \
	$(PKG_CONFIG) --cflags $(PACKAGES) 2>/dev/null))$(PKG_CFLAGS)
PKG_LIBS = $(eval PKG_LIBS := $$(shell \
	$(PKG_CONFIG) --libs $(PACKAGES) 2>/dev/null))$(PKG_LIBS)

WARNINGS = -Wall -Wextra -Werror -Wshadow -Wstrict-prototypes \
	-Wmissing-prototypes -Wwrite-strings -Wformat=2 -Wvla -Wundef
DEFINES = -D_GNU_SOURCE -DCERTVIGIL_VERSION='"$(VERSION)"'
HARDEN := -fstack-protector-strong -fstack-clash-protection -fPIE \
	$(shell [ "$$(uname -m)" = x86_64 ] && echo -fcf-protection=full)
HARDEN_LD = -pie -Wl,-z,relro,-z,now,-z,noexecstack
SANITIZE = -fsanitize=address,undefined -fno-sanitize-recover=all \
	-fno-omit-frame-pointer

FLAGS_release = -O2 -g -D_FORTIFY_SOURCE=2 $(HARDEN)
FLAGS_debug = -O0 -g3 $(HARDEN)
FLAGS_san = -O1 -g $(SANITIZE)
FLAGS_fuzz = -O1 -g -fsanitize=fuzzer-no-link $(SANITIZE)
LINK_release = $(HARDEN_LD)
LINK_debug = $(HARDEN_LD)
LINK_san = $(SANITIZE)
LINK_fuzz = -fsanitize=fuzzer $(SANITIZE)
ifeq ($(FLAGS_$(VARIANT)),)
$(error VARIANT is release, debug or san, not "$(VARIANT)")
endif

ALL_CFLAGS = -std=c17 -pthread $(WARNINGS) $(FLAGS_$(VARIANT)) $(DEFINES) \
	-Iagent -I. $(PKG_CFLAGS) $(CPPFLAGS) $(CFLAGS)
ALL_LDFLAGS = -pthread $(LINK_$(VARIANT)) $(LDFLAGS)

# As many jobs as processors, unless make was told how many.
JOBS = $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(shell nproc))
SUBMAKE = $(MAKE) --no-print-directory $(JOBS)

.PHONY: all tests fuzzers install uninstall deb container deps check test demo \
	bench fuzz lint man format dist clean help FORCE

all: $(PROGRAM) ## build the program (VARIANT=release, debug or san)

$(PROGRAM): $(BUILD)/agent/main.o $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(LIBRARY): $(OBJECTS) $(BUILD)/objects
	@rm -f $@
	@$(AR) rcs $@ $(OBJECTS)

# Stamps: another compiler, other flags or fewer sources, and what was made by
# the old ones is made again.
$(BUILD)/flags: export STAMP = $(CC) $(ALL_CFLAGS) $(ALL_LDFLAGS)
$(BUILD)/objects: export STAMP = $(OBJECTS)
$(BUILD)/flags $(BUILD)/objects: FORCE
	@$(PKG_CONFIG) --exists $(PACKAGES) 2>/dev/null || \
		{ tests/deps.sh check build; echo "try: make deps" >&2; exit 1; }
	@mkdir -p $(@D)
	@echo "$$STAMP" | cmp -s - $@ || echo "$$STAMP" >$@

$(BUILD)/%.o: %.c Makefile $(BUILD)/flags
	@mkdir -p $(@D)
	@echo "  CC      $<"
	@$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

# What the assembler takes in; no compiler's optimizer sees it.
$(BUILD)/agent/report/html/embed.o: override private CFLAGS += -fno-lto
$(BUILD)/agent/report/html/embed.o: $(addprefix agent/report/html/page.,css js)

# Tests: the makers of certificates, and one program a unit.
$(BUILD)/unit/%: $(BUILD)/tests/unit/%.o $(BUILD)/tests/support/mkcert.o \
		$(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS) -lcmocka

$(MKCERT): $(BUILD)/tests/support/mkcert_main.o \
		$(BUILD)/tests/support/mkcert.o $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/bench/%: $(BUILD)/tests/bench/%.o $(BUILD)/tests/support/mkcert.o \
		$(LIBRARY)
	@mkdir -p $(@D)
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

$(BUILD)/fuzz_%: $(BUILD)/tests/fuzz/fuzz_%.o $(LIBRARY)
	@echo "  LINK    $@"
	@$(CC) $(ALL_LDFLAGS) -o $@ $^ $(PKG_LIBS)

tests: $(PROGRAM) $(MKCERT) $(UNITS) $(BENCH)

fuzzers: $(FUZZERS)

deps: ## install what is missing (Debian, Ubuntu), or tell it
	@tests/deps.sh install $(DEPS)

check: ## build and run the unit tests of one VARIANT
	@$(SUBMAKE) tests
	@$(PYTHON) -B tests/run.py --unit $(BUILD)

test: deps ## install what is missing, run all tests, plain and sanitized
	@$(SUBMAKE) VARIANT=release BUILD=build/release tests
	@$(SUBMAKE) VARIANT=san BUILD=build/san tests
	@$(PYTHON) -B tests/run.py build/release build/san

demo: DEPS = build demo

demo: deps ## watch it at work, against servers of its own on loopback
	@$(SUBMAKE) $(PROGRAM) $(MKCERT)
	@$(PYTHON) -B tests/demo/demo.py $(BUILD)

bench: ## measure it beside its peers on this machine (BENCH_ARGS=--quick)
	@tests/deps.sh check build demo
	@$(SUBMAKE) $(PROGRAM) $(BENCH)
	@$(PYTHON) -B tests/bench/bench.py $(BENCH_ARGS) $(BUILD)

fuzz: ## fuzz every reader for FUZZ_SECONDS each (clang)
	@tests/deps.sh check build lint
	@$(SUBMAKE) $(MKCERT)
	@$(SUBMAKE) CC=clang VARIANT=fuzz BUILD=build/fuzz fuzzers
	@$(PYTHON) -B tests/fuzz/run.py --seconds $(FUZZ_SECONDS) \
		--mkcert $(MKCERT) build/fuzz

lint: ## hold the sources, scripts and manual pages to their rules
	@echo "  FORMAT  $(words $(C_FILES)) files"
	@clang-format --dry-run -Werror $(C_FILES)
	@echo "  TIDY    $(words $(C_PROGRAM)) files"
	@mkdir -p build/lint
	@printf '%s\n' -std=c17 $(DEFINES) -I$(CURDIR)/agent -I$(CURDIR) \
		$(PKG_CFLAGS) >build/lint/compile_flags.txt
	@printf '%s\n' $(C_PROGRAM) | xargs -n 4 -P $$(nproc) \
		clang-tidy --quiet -p build/lint 2>/dev/null
	@echo "  SHELL   $(words $(SCRIPTS)) scripts"
	@shellcheck $(SCRIPTS)
	@echo "  PYTHON  $(words $(PY_FILES)) scripts"
	@PYTHONPYCACHEPREFIX=build/lint $(PYTHON) -m py_compile $(PY_FILES)
	@echo "  MANUAL  $(words $(MANUALS)) pages"
	@mandoc -Tlint -Wwarning $(MANUALS)

man: $(PROGRAM) ## write certvigil-findings(7) from the catalogue of findings
	@$(PROGRAM) explain --mdoc >man/certvigil-findings.7

format: ## format the C sources
	@clang-format -i $(C_FILES)

# What is installed, by what lies there.
UNIT_FILES = $(patsubst systemd/%.in,%,$(wildcard systemd/*.in))
EXAMPLES = $(shell find examples -type f 2>/dev/null | sort)
MAN8 = $(notdir $(wildcard man/*.8))
MAN7 = $(notdir $(wildcard man/*.7))
MAN5 = $(notdir $(wildcard man/*.5))
COMPLETION_FILES = $(BASHDIR)/certvigil $(ZSHDIR)/_certvigil \
	$(FISHDIR)/certvigil.fish

install: $(PROGRAM) ## install under PREFIX (and DESTDIR)
	@$(INSTALL) -d $(DESTDIR)$(BINDIR) $(DESTDIR)$(UNITDIR) \
		$(DESTDIR)$(CATALOGDIR) $(DESTDIR)$(DOCDIR) $(DESTDIR)$(PLUGINDIR) \
		$(addprefix $(DESTDIR)$(MANDIR)/,man5 man7 man8)
	@$(INSTALL) -m 755 $(PROGRAM) $(DESTDIR)$(BINDIR)/certvigil
	@ln -srf $(DESTDIR)$(BINDIR)/certvigil \
		$(DESTDIR)$(PLUGINDIR)/check_certvigil
	@for unit in $(UNIT_FILES); do \
		sed 's|@BINDIR@|$(BINDIR)|g' systemd/$$unit.in \
			>$(DESTDIR)$(UNITDIR)/$$unit && \
		chmod 644 $(DESTDIR)$(UNITDIR)/$$unit || exit 1; \
	done
	@$(INSTALL) -m 644 systemd/certvigil.catalog $(DESTDIR)$(CATALOGDIR)
	@$(INSTALL) -m 644 man/*.8 $(DESTDIR)$(MANDIR)/man8
	@$(INSTALL) -m 644 man/*.7 $(DESTDIR)$(MANDIR)/man7
	@$(INSTALL) -m 644 man/*.5 $(DESTDIR)$(MANDIR)/man5
	@$(INSTALL) -m 644 README.md CHANGES.md LICENSE config.yaml.example \
		$(DESTDIR)$(DOCDIR)
	@for file in $(EXAMPLES); do \
		mode=644; [ ! -x $$file ] || mode=755; \
		$(INSTALL) -D -m $$mode $$file $(DESTDIR)$(DOCDIR)/$$file || exit 1; \
	done
ifeq ($(COMPLETIONS),yes)
	@$(INSTALL) -d $(addprefix $(DESTDIR),$(dir $(COMPLETION_FILES)))
	@set -- $(addprefix $(DESTDIR),$(COMPLETION_FILES)); \
	for shell in bash zsh fish; do \
		$(PROGRAM) completion $$shell >$$1 && chmod 644 $$1 || { \
			rm -f $$1; \
			echo "$(PROGRAM) does not run here (built for another" \
				"machine?): make install COMPLETIONS=no leaves" \
				"the completions of the shells out" >&2; \
			exit 1; \
		}; \
		shift; \
	done
endif
	@echo "  INSTALL $(DESTDIR)$(BINDIR)/certvigil"

uninstall: ## remove what install put there
	@rm -f $(DESTDIR)$(BINDIR)/certvigil \
		$(DESTDIR)$(PLUGINDIR)/check_certvigil \
		$(addprefix $(DESTDIR)$(UNITDIR)/,$(UNIT_FILES)) \
		$(DESTDIR)$(CATALOGDIR)/certvigil.catalog \
		$(addprefix $(DESTDIR),$(COMPLETION_FILES)) \
		$(addprefix $(DESTDIR)$(MANDIR)/man8/,$(MAN8)) \
		$(addprefix $(DESTDIR)$(MANDIR)/man7/,$(MAN7)) \
		$(addprefix $(DESTDIR)$(MANDIR)/man5/,$(MAN5))
	@rm -rf $(DESTDIR)$(DOCDIR)

deb: ## build the Debian package, build/deb/*.deb
	@packaging/deb.sh $(VERSION) build/deb

container: ## try the package in a booted container (as root)
	@$(PYTHON) -B tests/container/container.py

dist: ## pack the committed sources
	@git archive --prefix=certvigil-$(VERSION)/ \
		-o certvigil-$(VERSION).tar.gz HEAD
	@echo "  DIST    certvigil-$(VERSION).tar.gz"

clean: ## remove all that was built
	@rm -rf build certvigil-$(VERSION).tar.gz

help: ## list what there is to make
	@awk -F ':.*## ' '/^[a-z]+:.*## / { printf "  %-10s %s\n", $$1, $$2 }' \
		$(MAKEFILE_LIST)

.PRECIOUS: $(BUILD)/%.o
-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
