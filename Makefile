# Lintel's build. One file, no recursion into folders. `make help` lists what it can do.

.DELETE_ON_ERROR:
.SUFFIXES:
MAKEFLAGS += --no-builtin-rules

# --- what a user may set ---------------------------------------------------------------------------
# Read here, never overwritten; CFLAGS and LDFLAGS come after ours, so they win.
ifeq ($(origin CC),default)
CC := cc
endif
PREFIX  ?= /usr/local
DESTDIR ?=
MODE    ?= debug
SECONDS ?= 60
PROJECT ?= tests/projects/shop
WERROR  ?= 0
PKG_CONFIG ?= pkg-config
# V=1 prints whole commands, otherwise a short line for each file.
say = $(if $(V),,@printf '%-5s %s\n' $(1) $@; )
quiet = $(if $(V),,@)
BUILD   ?= build/$(MODE)

MODES := debug release asan tsan coverage
ifeq ($(filter $(MODE),$(MODES)),)
$(error MODE=$(MODE): it is one of $(MODES))
endif

# --- flags -----------------------------------------------------------------------------------------
warnings := -Wall -Wextra -Wpedantic -Wconversion -Wshadow -Wstrict-prototypes -Wmissing-prototypes \
            -Wold-style-definition -Wvla -Wformat=2 -Wundef -Wcast-qual -Wwrite-strings \
            -Wpointer-arith -Wnull-dereference -Wimplicit-fallthrough -Wswitch-enum
# What the sanitizers add to the code makes gcc see paths that are not there.
ifneq ($(filter asan tsan,$(MODE)),)
warnings := $(filter-out -Wnull-dereference,$(warnings))
endif
# In a test, a null that is followed is a test that fails: no need to say so before each.
test_warnings := -Wno-null-dereference
ifeq ($(WERROR),1)
warnings += -Werror
endif

# Frame pointers everywhere: a sanitizer's or a profiler's stack is worth more than a register.
flags_debug    := -O0 -g3 -fno-omit-frame-pointer
flags_release  := -O2 -g -DNDEBUG -D_FORTIFY_SOURCE=2 -fstack-protector-strong -fPIE
flags_asan     := -O1 -g3 -fsanitize=address,undefined -fno-sanitize-recover=all -fno-omit-frame-pointer
flags_tsan     := -O1 -g3 -fsanitize=thread -fno-omit-frame-pointer
flags_coverage := -O0 -g --coverage -fprofile-update=atomic
link_release   := -pie -Wl,-z,relro,-z,now
link_asan      := -fsanitize=address,undefined
link_tsan      := -fsanitize=thread
link_coverage  := --coverage

# Recursive on purpose: pkg-config is asked when the first object is made, that is after set-up, and
# then only once.
# Of libcurl only the header: server/loop/curl_library.h says why.
packages = libcjson yaml-0.1 libpcre2-8
header_packages = libcurl
once = $(eval $(1) := $(2))$($(1))
package_cflags = $(call once,package_cflags,$(patsubst -I%,-isystem%,$(shell $(PKG_CONFIG) --cflags $(packages) $(header_packages))))
package_libs   = $(call once,package_libs,$(shell $(PKG_CONFIG) --libs $(packages)) -ldl)
cmocka_libs    = $(call once,cmocka_libs,$(shell $(PKG_CONFIG) --libs cmocka))

runtime := grammars/node_modules/tree-sitter/vendor/tree-sitter/lib
defines := -D_POSIX_C_SOURCE=200809L
includes = -Iserver -Igrammars -isystem $(runtime)/include $(package_cflags)
compile  = $(CC) -std=c11 $(defines) $(includes) $(warnings) $(flags_$(MODE)) $(CFLAGS) -MMD -MP -c
# Other people's and generated code: not ours to warn about. In debug mode it is optimised all the
# same, because nobody steps through parse tables.
compile_grammar = $(CC) -std=c11 -D_POSIX_C_SOURCE=200809L -D_DEFAULT_SOURCE \
                  -I$(runtime)/include -I$(runtime)/src \
                  $(flags_$(MODE)) $(if $(filter debug,$(MODE)),-O2) $(CFLAGS) -w -MMD -MP -c
link = $(CC) $(flags_$(MODE)) $(CFLAGS) $(link_$(MODE)) $(LDFLAGS) -o

# The commit, where this is a checkout of git: only what `--version` prints is made anew for it. From
# an archive there is none, so that the same archive makes the same program.
LINTEL_COMMIT ?= $(call once,LINTEL_COMMIT,$(if $(wildcard .git),$(shell git describe --always --dirty --abbrev=12 --exclude '*' 2>/dev/null)))

# --- files -----------------------------------------------------------------------------------------
sources      := $(sort $(shell find server -name '*.c'))
library      := $(filter-out server/main.c,$(sources))
# Our own grammars, and those that are fetched: named, because at first they are not there.
fetched      := grammars/node_modules/tree-sitter-python/src
grammars     := $(sort $(wildcard grammars/*/src/parser.c grammars/*/src/scanner.c)) \
                $(fetched)/parser.c $(fetched)/scanner.c
test_sources := $(sort $(shell find tests -name 'test_*.c' -not -path '*/node_modules/*'))
agent        := agents/database-architect.md

library_objects := $(library:%.c=$(BUILD)/%.o) $(grammars:%.c=$(BUILD)/%.o) \
                   $(BUILD)/grammars/runtime.o $(BUILD)/generated/embedded_agent.o
fuzz_targets := $(filter-out tests/fuzz/replay.c,$(sort $(wildcard tests/fuzz/*.c)))
# A fuzz target is also a test: over its corpus, without a fuzzer.
test_programs   := $(test_sources:%.c=$(BUILD)/%) $(fuzz_targets:%.c=$(BUILD)/%)
# Scripts that speak TAP. They run from the top of the repository with LINTEL naming the binary.
test_scripts    := $(sort $(shell find tests -type f -name '*.t' -not -path '*/node_modules/*'))

.PHONY: all
all: $(BUILD)/lintel ## build MODE=debug|release|asan|tsan|coverage into build/<mode>/ (the default)

$(BUILD)/lintel: $(BUILD)/server/main.o $(BUILD)/liblintel.a
	$(call say,LINK)$(link) $@ $^ $(package_libs) -pthread

# Written anew each time, so that an object whose source is gone does not stay in it.
$(BUILD)/liblintel.a: $(library_objects)
	@rm -f $@
	$(quiet)$(AR) rcs $@ $^

$(BUILD)/server/%.o: server/%.c Makefile | $(runtime)/src/lib.c
	@mkdir -p $(@D)
	$(call say,CC)$(compile) -o $@ $<

$(BUILD)/server/cli/output.o: defines += $(if $(LINTEL_COMMIT),-DLINTEL_COMMIT='"$(LINTEL_COMMIT)"')
$(BUILD)/server/cli/output.o: $(BUILD)/generated/commit
.PHONY: always
$(BUILD)/generated/commit: always
	@mkdir -p $(@D)
	@echo '$(LINTEL_COMMIT)' | cmp -s - $@ || echo '$(LINTEL_COMMIT)' > $@

$(BUILD)/tests/%.o: tests/%.c Makefile | $(runtime)/src/lib.c
	@mkdir -p $(@D)
	$(call say,CC)$(compile) $(test_warnings) -Itests -o $@ $<

$(BUILD)/grammars/%.o: grammars/%.c Makefile | $(runtime)/src/lib.c
	@mkdir -p $(@D)
	$(call say,CC)$(compile_grammar) -o $@ $<

$(BUILD)/grammars/runtime.o: $(runtime)/src/lib.c Makefile
	@mkdir -p $(@D)
	$(call say,CC)$(compile_grammar) -o $@ $<

$(BUILD)/tests/%: $(BUILD)/tests/%.o $(BUILD)/liblintel.a
	$(call say,LINK)$(link) $@ $^ $(cmocka_libs) $(package_libs) -pthread

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(BUILD)/tests/fuzz/replay.o $(BUILD)/liblintel.a
	$(call say,LINK)$(link) $@ $^ $(package_libs) -pthread

# The grammar runtime and the fetched grammars come by the lock file the first time something is
# compiled.
$(fetched)/parser.c $(fetched)/scanner.c: | $(runtime)/src/lib.c
$(runtime)/src/lib.c: grammars/package-lock.json
	@tests/setup.sh build
	@touch $@

# The shipped agent is part of the binary: `const char embedded_agent[]`, not NUL-terminated, and
# `const unsigned embedded_agent_length`. Octal escapes keep it free of the host's character set.
$(BUILD)/generated/embedded_agent.c: $(agent) Makefile
	@mkdir -p $(@D)
	@od -An -v -b $(agent) | awk ' \
	    BEGIN { print "/* Made by the Makefile from $(agent). */"; \
	            print "extern const char embedded_agent[];"; \
	            print "extern const unsigned embedded_agent_length;"; \
	            print "const char embedded_agent[] = {" } \
	    { for (i = 1; i <= NF; i++) { printf "%s\\%s%s,", quote, $$i, quote; n++ } print "" } \
	    END { printf "};\nconst unsigned embedded_agent_length = %d;\n", n }' quote="'" > $@

$(BUILD)/generated/%.o: $(BUILD)/generated/%.c
	$(call say,CC)$(compile) -o $@ $<

-include $(patsubst %.o,%.d,$(library_objects) $(BUILD)/server/main.o) $(test_programs:%=%.d)

# --- using it --------------------------------------------------------------------------------------
.PHONY: demo
demo: ## set up, build, and print a consultation of PROJECT=tests/projects/shop, offline
	@tests/setup.sh demo
	@$(MAKE) --no-print-directory MODE=release all >&2
	@build/release/lintel consult --provider offline $(PROJECT)

# Where `MODE=release` puts the program: BUILD, where the caller has set it.
release_build := $(if $(filter command,$(firstword $(origin BUILD))),$(BUILD),build/release)

.PHONY: install uninstall
install: ## install under DESTDIR and PREFIX (/usr/local)
	@$(MAKE) --no-print-directory MODE=release all
	install -d $(DESTDIR)$(PREFIX)/bin $(DESTDIR)$(PREFIX)/share/doc/lintel \
	    $(DESTDIR)$(PREFIX)/share/lintel/agents
	install -m 755 $(release_build)/lintel $(DESTDIR)$(PREFIX)/bin/lintel
	install -m 644 README.md LICENSE $(DESTDIR)$(PREFIX)/share/doc/lintel
	install -m 644 $(agent) agents/.mcp.json $(DESTDIR)$(PREFIX)/share/lintel/agents
	install -D -m 644 agents/.claude-plugin/plugin.json $(DESTDIR)$(PREFIX)/share/lintel/agents/.claude-plugin/plugin.json

uninstall: ## remove what install put there
	rm -f $(DESTDIR)$(PREFIX)/bin/lintel
	rm -rf $(DESTDIR)$(PREFIX)/share/doc/lintel $(DESTDIR)$(PREFIX)/share/lintel

# The program for machines that lack our libraries: it looks for them in the folder lib/ beside it, too.
$(BUILD)/portable/lintel: $(BUILD)/server/main.o $(BUILD)/liblintel.a
	@rm -rf $(@D) && mkdir -p $(@D)/lib
	$(call say,LINK)$(link) $@ $^ $(package_libs) -pthread -s -Wl,-rpath,'$$ORIGIN/lib'
	@ldd $@ | awk '/libcjson|libyaml|libpcre2/ { print $$3 }' | xargs -I{} cp -L {} $(@D)/lib/

.PHONY: vsix
vsix: ## package the VS Code extension with the server inside, for this platform: build/vsix/*.vsix
	@tests/setup.sh vsix
	@$(MAKE) --no-print-directory MODE=release build/release/portable/lintel
	@clients/vscode/scripts/package.sh build/release/portable build/vsix

.PHONY: docs
docs: $(BUILD)/lintel ## write server/RULES.md from the rules' own declarations
	$(BUILD)/lintel rules --format markdown > server/RULES.md

# --- tests -----------------------------------------------------------------------------------------
.PHONY: test programs tests run-tests
test: ## set up, build with ASan and UBSan, run every test; TESTS='tests/unit/test_arena ...' for some
	@tests/setup.sh test
	@$(MAKE) --no-print-directory MODE=asan run-tests

programs: $(BUILD)/lintel $(test_programs)

tests: programs

# Every test of this MODE, or those named in TESTS: a program without .c, a script with .t.
wanted_programs := $(if $(TESTS),$(patsubst %,$(BUILD)/%,$(filter-out %.t,$(TESTS))),$(test_programs))
wanted_scripts  := $(if $(TESTS),$(filter %.t,$(TESTS)),$(test_scripts))
run-tests: $(wanted_programs) $(if $(wanted_scripts),$(BUILD)/lintel $(addprefix $(BUILD)/tests/tools/,lower models check_report))
	@BUILD=$(BUILD) tests/run.sh $(wanted_scripts) $(wanted_programs)

.PHONY: test-editors
test-editors: ## the VS Code extension in a real VS Code, with pictures in build/editors/screens; ONLY=part for some
	@tests/setup.sh editors
	@$(MAKE) --no-print-directory vsix
	@node tests/editors/vscode/suite.mjs build/vsix/lintel-*.vsix build/editors/screens

.PHONY: check
check: ## all checks, then all tests: what CI runs
	@tests/setup.sh check
	@MAKE='$(MAKE)' tests/checks/all.sh

.PHONY: format
format: ## lay out the C sources by .clang-format
	@find server tests -name '*.[ch]' -not -path '*/node_modules/*' | xargs clang-format -i

.PHONY: coverage
coverage: ## run the tests and print which share of each folder's lines they reach
	@tests/setup.sh test
	@$(MAKE) --no-print-directory MODE=coverage run-tests || true
	@tests/checks/coverage.sh build/coverage

.PHONY: fuzz
fuzz: ## fuzz each target for SECONDS=60; TARGET=name for one
	@tests/setup.sh fuzz
	@MAKE='$(MAKE)' tests/fuzz/run.sh $(SECONDS) $(TARGET)

.PHONY: test-live
test-live: ## a consultation with llama.cpp's server, which comes from Debian sid; not part of `test`
	@tests/setup.sh test
	@$(MAKE) --no-print-directory all
	@tests/live/fetch.sh build/live
	@LINTEL=$(CURDIR)/$(BUILD)/lintel python3 tests/live/live.py build/live

.PHONY: bench
bench: ## measure the server and the command line beside squawk's, against our budgets
	@tests/setup.sh bench
	@$(MAKE) --no-print-directory MODE=release all build/release/tests/tools/models
	@python3 tests/bench/bench.py --lintel build/release/lintel

.PHONY: grammar-rate
grammar-rate: ## how much real SQL the grammar reads; CORPUS=folder of SQL files
	@tests/setup.sh test
	@$(MAKE) --no-print-directory MODE=release programs
	@tests/grammar/rate.sh $(CORPUS)

.PHONY: clean
clean: ## remove build/
	rm -rf build

.PHONY: help
help: ## this list
	@echo 'make [TARGET] [MODE=debug] [WERROR=1] [CC=..] [CFLAGS=..] [LDFLAGS=..] [PREFIX=..] [DESTDIR=..]'
	@echo
	@awk -F ':.*## ' '/^[a-z-]+:.*## / { printf "  %-13s %s\n", $$1, $$2 }' Makefile

# Objects of test programs are kept: they are what makes the second `make test` quick.
.SECONDARY:
