# make              build build/release/gauntlet
# make demo         install what is missing, build, and run the quickstart scenario
# make check        everything a change must pass: lint, tests, tests under sanitizers
# make matrix       every broker that lies against every clause: who catches whom
# make bench        the harness's own speed
# make plugins      adapters that are built where their client libraries are (NATS JetStream)
# Apart: valgrind, analyze, fuzz (SECONDS=60), coverage, install and uninstall (PREFIX, DESTDIR),
# packages, clean.  V=1 shows the commands; SAN=thread unit (or another target) uses a sanitizer.

NAME    := gauntlet
VERSION := 0.1.0
PREFIX  ?= /usr/local
SAN     ?=
SECONDS ?= 10
JOBS    ?= $(shell nproc)
comma   := ,
BUILD   := build/$(if $(SAN),$(subst $(comma),-,$(SAN)),release)
BINARY  := $(BUILD)/$(NAME)

PACKAGES  := hiredis libfyaml jansson zlib
PKGCONFIG ?= pkg-config
# Asked at first use, because `make demo` starts on machines that have yet to install pkg-config.
ask_packages = $(if $(shell $(PKGCONFIG) --exists $(PACKAGES) && echo yes),$(shell $(PKGCONFIG) \
	$(1) $(PACKAGES)),$(error Libraries are missing: run "make packages"))
# -isystem: our warnings are for our code, not for the headers we include.
DEP_CFLAGS = $(eval DEP_CFLAGS := $$(patsubst -I%,-isystem %,$$(call ask_packages,--cflags)))$(DEP_CFLAGS)
DEP_LIBS   = $(eval DEP_LIBS := $$(filter-out -D%,$$(call ask_packages,--libs)))$(DEP_LIBS)

# Warnings are errors to the compiler they were tried with; another may know more of them.
WERROR   ?= $(if $(filter 12,$(shell $(CC) -dumpversion)),-Werror)
WARNINGS := -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wsign-conversion \
	-Wstrict-prototypes -Wmissing-prototypes -Wold-style-definition -Wpointer-arith \
	-Wcast-qual -Wcast-align -Wwrite-strings -Wundef -Wvla -Wformat=2 -Wswitch-enum \
	-Wimplicit-fallthrough -Wnull-dereference -Wdouble-promotion -Wredundant-decls

CFLAGS   ?= $(if $(SAN),-O1,-O2) -g
FORTIFY  := -U_FORTIFY_SOURCE $(if $(SAN),,-D_FORTIFY_SOURCE=2)
INCLUDES := -I. -Iharness -Iadapters -Itests
DEFINES  := -D_GNU_SOURCE -DGAUNTLET_VERSION='"$(VERSION)"'
SANITIZE := $(if $(SAN),-fsanitize=$(SAN) -fno-sanitize-recover=all -fno-omit-frame-pointer)
# Sanitizers' own code sets off warnings, so only the plain build has them.
ALL_CFLAGS = -std=c17 $(if $(SANITIZE),,$(WARNINGS) $(WERROR)) -pthread -fno-common -fPIC \
	-fvisibility=hidden $(FORTIFY) $(CFLAGS) $(SANITIZE) $(DEFINES) $(INCLUDES) $(DEP_CFLAGS) $(CPPFLAGS)
ALL_LDFLAGS = -pthread -Wl,-z,relro,-z,now -Wl,--as-needed $(SANITIZE) $(LDFLAGS)
ALL_LIBS    = $(DEP_LIBS) -lm -ldl

# Every .c file in a room belongs to it: adding a file needs no line here.
MAIN      := harness/cli/main.c
LIB_SRC   := $(filter-out $(MAIN) adapters/c/% harness/server/preload/%,$(shell find harness adapters reports -name '*.c'))
PLUGINS   := $(wildcard fakes/plugin_*.c)
PROGRAMS  := $(wildcard fakes/*_main.c)
FAKES_SRC := $(filter-out $(PLUGINS) $(PROGRAMS),$(shell find fakes tests/support -name '*.c'))
UNIT_SRC  := $(wildcard tests/unit/test_*.c)
BENCH_SRC := $(wildcard tests/bench/*.c)
MATRIX    := $(BUILD)/tests/matrix/matrix
FUZZ_SRC  := $(wildcard tests/fuzz/fuzz_*.c)
OUR_SRC   := $(MAIN) $(LIB_SRC) $(FAKES_SRC) $(PLUGINS) $(PROGRAMS)
# What is preloaded into servers that may lose power travels inside the binary.
MARKS     := $(BUILD)/harness/server/preload/sync_marks
LIB       := $(BUILD)/lib$(NAME).a
FAKES     := $(BUILD)/libfakes.a
UNIT_BIN  := $(UNIT_SRC:%.c=$(BUILD)/%)
BENCH_BIN := $(BENCH_SRC:%.c=$(BUILD)/%)
FAKE_BIN  := $(PLUGINS:%.c=$(BUILD)/%.so) $(PROGRAMS:%_main.c=$(BUILD)/%)

Q := $(if $(V),,@)
say = $(if $(V),@:,@printf '  %-7s %s\n' $(1) $(2))
# Sub-makes share the work of one with -j, and otherwise use every core.
SUBMAKE = $(MAKE) --no-print-directory $(if $(findstring jobserver,$(MAKEFLAGS)),,-j$(JOBS))

.DELETE_ON_ERROR:
.SUFFIXES:
.SECONDARY:
.PHONY: all fakes plugins packages demo check unit unit-programs end-to-end check-faults matrix sanitize valgrind bench coverage \
	lint format layers headers tidy cppcheck analyze fuzz fuzz-programs install uninstall clean

all: $(BINARY)

fakes: $(FAKE_BIN)

# Where its library is missing, a plugin is left out, and its test says so.
HAS_NATS = $(shell $(PKGCONFIG) --exists libnats 2>/dev/null && echo yes)
plugins: $(if $(HAS_NATS),$(BUILD)/plugins/nats_jetstream.so)
	$(if $(HAS_NATS),,@echo "  libnats is not installed: no plugin for NATS JetStream")

# Every .c file of its folder is a plugin's: of ours it includes adapter.h, and links nothing.
.SECONDEXPANSION:
$(BUILD)/plugins/%.so: $$(wildcard plugins/%/*.c plugins/%/*.h) adapters/adapter.h Makefile
	$(call say,PLUGIN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE -O2 -g -Wall -Wextra $(WERROR) -Iadapters $(shell $(PKGCONFIG) --cflags libnats) \
		-fPIC -fvisibility=hidden -pthread -shared -o $@ $(filter %.c,$^) $(shell $(PKGCONFIG) --libs libnats)

$(BINARY): $(BUILD)/$(MAIN:.c=.o) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(LIB): $(LIB_SRC:%.c=$(BUILD)/%.o) $(MARKS).o
$(FAKES): $(FAKES_SRC:%.c=$(BUILD)/%.o)
$(LIB) $(FAKES):
	$(call say,AR,$@)
	$(Q)mkdir -p $(@D) && rm -f $@ && $(AR) rcs $@ $^

$(MARKS).o: harness/server/preload/sync_marks.c Makefile
	$(call say,PRELOAD,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -D_GNU_SOURCE $(WARNINGS) $(WERROR) -O2 -fPIC -shared -o $(@:.o=.so) $<
	$(Q)cd $(@D) && $(LD) -r -b binary -z noexecstack -o $(@F) $(notdir $(@:.o=.so))

$(BUILD)/%.o: %.c Makefile
	$(call say,CC,$<)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) $(ALL_CFLAGS) -MMD -MP -c -o $@ $<

$(BUILD)/tests/unit/%: $(BUILD)/tests/unit/%.o $(FAKES) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS) -lcmocka

$(BUILD)/tests/bench/%: $(BUILD)/tests/bench/%.o $(FAKES) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/tests/matrix/%: $(BUILD)/tests/matrix/%.o $(FAKES) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

$(BUILD)/fakes/%: $(BUILD)/fakes/%_main.o $(FAKES) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -o $@ $^ $(ALL_LIBS)

# A plugin, built exactly as a stranger would build one: only adapter.h.
$(BUILD)/fakes/plugin_%.so: fakes/plugin_%.c fakes/plugin_null.h adapters/adapter.h
	$(call say,PLUGIN,$@)
	$(Q)mkdir -p $(@D)
	$(Q)$(CC) -std=c17 -Wall -Wextra -Wpedantic $(WERROR) -Iadapters -g -fPIC -pthread -shared -o $@ $<

packages:
	$(Q)tests/install_packages.sh build

demo: packages
	+$(Q)$(SUBMAKE) all
	$(BINARY) run scenarios/quickstart.yaml --out gauntlet-out

check:
	+$(Q)MAKE='$(SUBMAKE)' tests/check.sh

unit-programs: $(UNIT_BIN) $(FAKE_BIN) $(BINARY) plugins

unit: unit-programs
	$(Q)BUILD=$(BUILD) JOBS=$(JOBS) tests/run_unit.sh $(UNIT_BIN)

end-to-end: $(BINARY) $(FAKE_BIN) plugins
	$(Q)sh tests/end_to_end/run.sh $(BINARY)

# Every scenario of scenarios/faults/, three times each, on servers of their own.
check-faults: $(BINARY)
	$(Q)tests/faults.sh $(BINARY)

# Who catches whom: every lie of fakes/ against every clause.
matrix: $(MATRIX)
	$(Q)$(MATRIX)

sanitize:
	+$(Q)$(SUBMAKE) SAN=address,undefined unit
	+$(Q)$(SUBMAKE) SAN=thread unit

VALGRIND := valgrind -q --leak-check=full --error-exitcode=99 --child-silent-after-fork=yes

valgrind: unit-programs
	$(Q)WRAP='$(VALGRIND)' BUILD=$(BUILD) JOBS=$(JOBS) tests/run_unit.sh $(UNIT_BIN)
	$(VALGRIND) $(BINARY) run scenarios/quickstart.yaml --set producers.0.count=2000

bench: $(BINARY) $(BENCH_BIN) $(FAKE_BIN)
	$(Q)BUILD=$(BUILD) sh tests/bench/run.sh $(BINARY) $(BUILD)/tests/bench

lint: format layers headers tidy cppcheck

format:
	$(call say,FORMAT,.)
	$(Q)find harness adapters fakes plugins reports tests -name '*.[ch]' | xargs clang-format-14 --dry-run --Werror

layers:
	$(call say,LAYERS,.)
	$(Q)tests/lint/layers.sh
	$(Q)tests/lint/banned.sh

# The port must suit whatever a stranger compiles with.
headers:
	$(call say,PORT,adapters/adapter.h)
	$(Q)for std in c11 c17; do \
		$(CC) -std=$$std -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c adapters/adapter.h || exit 1; done
	$(Q)for std in c++11 c++17; do \
		g++ -std=$$std -Wall -Wextra -Wpedantic -Werror -fsyntax-only -x c++ adapters/adapter.h || exit 1; done

tidy: $(OUR_SRC:%.c=build/lint/%.tidy)

# The object stands for all headers it was built from: when they change, so does it.
build/lint/%.tidy: %.c $(BUILD)/%.o .clang-tidy
	$(call say,TIDY,$<)
	$(Q)mkdir -p $(@D)
	$(Q)clang-tidy-14 --quiet $< -- -std=c17 $(WARNINGS) $(DEFINES) $(INCLUDES) $(DEP_CFLAGS) >$@.log 2>/dev/null || \
		{ cat $@.log; exit 1; }
	$(Q)touch $@

cppcheck:
	$(call say,CPPCHECK,.)
	$(Q)mkdir -p build/lint/cppcheck
	$(Q)cppcheck --quiet -j$(JOBS) --cppcheck-build-dir=build/lint/cppcheck --std=c11 \
		--enable=warning,performance,portability --inline-suppr --suppress=varFuncNullUB \
		--error-exitcode=1 $(DEFINES) $(INCLUDES) $(OUR_SRC)

analyze:
	$(call say,ANALYZE,.)
	$(Q)printf '%s\n' $(OUR_SRC) | xargs -P$(JOBS) -n1 $(CC) -std=c17 -O1 -Werror -fanalyzer $(DEFINES) \
		$(INCLUDES) $(DEP_CFLAGS) -c -o /dev/null

# What is found goes to build/fuzz/found; a case worth keeping is moved to tests/fuzz/corpus by hand.
fuzz:
	$(Q)tests/install_packages.sh build fuzz
	+$(Q)$(SUBMAKE) BUILD=build/fuzz CC=clang-14 FORTIFY=-U_FORTIFY_SOURCE CFLAGS='-O1 -g' \
		SANITIZE='-fsanitize=fuzzer-no-link,address,undefined -fno-sanitize-recover=all' fuzz-programs
	$(Q)for f in $(FUZZ_SRC:tests/fuzz/%.c=%); do \
		mkdir -p build/fuzz/found/$$f tests/fuzz/corpus/$$f && echo "  FUZZ    $$f" && \
		build/fuzz/tests/fuzz/$$f -max_total_time=$(SECONDS) -artifact_prefix=build/fuzz/ \
			build/fuzz/found/$$f tests/fuzz/corpus/$$f >build/fuzz/$$f.log 2>&1 || \
			{ tail -n 60 build/fuzz/$$f.log; exit 1; }; tail -n 1 build/fuzz/$$f.log; done

fuzz-programs: $(FUZZ_SRC:%.c=$(BUILD)/%)

$(BUILD)/tests/fuzz/%: $(BUILD)/tests/fuzz/%.o $(FAKES) $(LIB)
	$(call say,LINK,$@)
	$(Q)$(CC) $(ALL_LDFLAGS) -fsanitize=fuzzer -o $@ $^ $(ALL_LIBS)

coverage:
	$(Q)rm -rf build/coverage
	+$(Q)$(SUBMAKE) BUILD=build/coverage FORTIFY=-U_FORTIFY_SOURCE CFLAGS='-O0 -g' SANITIZE=--coverage unit end-to-end
	$(Q)tests/coverage.sh build/coverage

# Always written anew: PREFIX may have changed.
.PHONY: $(BUILD)/$(NAME).pc
$(BUILD)/$(NAME).pc:
	$(Q)mkdir -p $(@D)
	$(Q)printf '%s\n' 'prefix=$(PREFIX)' 'includedir=$${prefix}/include' \
		'plugindir=$${prefix}/lib/$(NAME)' '' 'Name: $(NAME)' \
		'Description: the adapter interface of a message broker test harness' \
		'Version: $(VERSION)' 'Cflags: -I$${includedir}/$(NAME)' > $@

install: all plugins $(BUILD)/$(NAME).pc
	install -Dm755 $(BINARY) $(DESTDIR)$(PREFIX)/bin/$(NAME)
	install -Dm644 adapters/adapter.h $(DESTDIR)$(PREFIX)/include/$(NAME)/adapter.h
	install -Dm644 $(BUILD)/$(NAME).pc $(DESTDIR)$(PREFIX)/lib/pkgconfig/$(NAME).pc
	install -Dm644 harness/cli/$(NAME).1 $(DESTDIR)$(PREFIX)/share/man/man1/$(NAME).1
	install -d $(DESTDIR)$(PREFIX)/lib/$(NAME) $(DESTDIR)$(PREFIX)/share/$(NAME)
	$(if $(HAS_NATS),install -Dm644 $(BUILD)/plugins/nats_jetstream.so \
		$(DESTDIR)$(PREFIX)/lib/$(NAME)/nats_jetstream.so)
	cp -R scenarios $(DESTDIR)$(PREFIX)/share/$(NAME)/
	for f in PROTOCOL.md c/skeleton.c python/gauntlet_adapter.py python/protean_bridge.py python/example.py; do \
		install -Dm644 adapters/$$f $(DESTDIR)$(PREFIX)/share/$(NAME)/adapters/$$f || exit 1; done

uninstall:
	rm -rf $(DESTDIR)$(PREFIX)/bin/$(NAME) $(DESTDIR)$(PREFIX)/include/$(NAME) \
		$(DESTDIR)$(PREFIX)/lib/pkgconfig/$(NAME).pc $(DESTDIR)$(PREFIX)/share/man/man1/$(NAME).1 \
		$(DESTDIR)$(PREFIX)/share/$(NAME)/scenarios $(DESTDIR)$(PREFIX)/share/$(NAME)/adapters
	rm -f $(DESTDIR)$(PREFIX)/lib/$(NAME)/nats_jetstream.so
	-rmdir $(DESTDIR)$(PREFIX)/lib/$(NAME) $(DESTDIR)$(PREFIX)/share/$(NAME)

clean:
	rm -rf build

-include $(shell find $(BUILD) -name '*.d' 2>/dev/null)
