# Installed, everything a stranger needs is there: a plugin is built against the installed header
# alone, new projects pass at once, and removing it leaves nothing.
. "$ROOT/tests/end_to_end/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
PREFIX=/opt/gauntlet
TREE=$WORK/tree
BUILT=${BINARY%/gauntlet}

# The binary is built already; make would look at all of it again.
make -s -C "$ROOT" install BUILD="$BUILT" PREFIX=$PREFIX DESTDIR="$TREE" >"$OUT" 2>&1 || fail "make install"
for file in bin/gauntlet include/gauntlet/adapter.h lib/pkgconfig/gauntlet.pc share/man/man1/gauntlet.1 \
    share/gauntlet/adapters/PROTOCOL.md share/gauntlet/adapters/python/gauntlet_adapter.py \
    share/gauntlet/adapters/python/protean_bridge.py share/gauntlet/adapters/c/skeleton.c \
    share/gauntlet/scenarios/quickstart.yaml share/gauntlet/scenarios/conformance/PUB.yaml; do
    [ -s "$TREE$PREFIX/$file" ] || fail "$file is not installed"
done
[ "$(stat -c %a "$TREE$PREFIX/bin/gauntlet")" = 755 ] || fail "the program cannot be run by all"

# From here on nothing of the sources is used.
BINARY=$TREE$PREFIX/bin/gauntlet
export PATH=$TREE$PREFIX/bin:$PATH PKG_CONFIG_PATH=$TREE$PREFIX/lib/pkgconfig PKG_CONFIG_SYSROOT_DIR=$TREE
pkg-config --cflags gauntlet | grep -q "$TREE$PREFIX/include/gauntlet" || fail "gauntlet.pc"
cd "$WORK" || exit 1
command -v "${CC:-cc}" >/dev/null || CC=gcc

expect 0 new-adapter c my_broker
says "$OUT" "cd my_broker && make && gauntlet conform ./my_broker.so"
make -C my_broker CC="${CC:-cc}" >"$OUT" 2>&1 || fail "the new plugin does not build"
grep -q -e "-I$TREE$PREFIX/include/gauntlet" "$OUT" || fail "it was built with another header"
grep -qi warning "$OUT" && fail "the new plugin builds with warnings"
keeps 20 my_broker/my_broker.so --capability BASIC_PUBSUB
says "$OUT" "ok      SUB-02"

expect 0 new-adapter python my_other
cd my_other || exit 1
keeps 20 'exec:python3 my_other.py' --capability BASIC_PUBSUB
says "$OUT" "ok      SUB-02"
cd "$WORK" || exit 1

expect 2 new-adapter c my_broker
says "$ERR" "cannot make the folder 'my_broker': File exists"
expect 2 new-adapter cobol my_broker
says "$ERR" "there are c and python"
expect 2 new-adapter c 'My Broker'
says "$ERR" "is no name for an adapter"

make -s -C "$ROOT" uninstall BUILD="$BUILT" PREFIX=$PREFIX DESTDIR="$TREE" >"$OUT" 2>&1 || fail "make uninstall"
[ -z "$(find "$TREE" -type f)" ] || fail "left behind: $(find "$TREE" -type f | head -n 5)"
