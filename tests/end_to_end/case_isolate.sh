# A plugin in a process of its own: it behaves as in ours; its crash is one call's, and said.
. "$ROOT/tests/end_to_end/lib.sh"
FAKES=${BINARY%/*}/fakes

for how in segv abort stack; do
    expect 1 conform "$FAKES/plugin_crash.so" --isolate --clause PUB-01 --set in=publish --set how=$how
    says "$OUT" "gauntlet: the adapter crash crashed in publish"
    expect 2 conform "$FAKES/plugin_crash.so" --isolate --clause PUB-01 --set in=create --set how=$how
    says "$ERR" "the adapter crash crashed in create"
done
expect 3 conform "$FAKES/plugin_newer.so" --isolate
says "$ERR" "is built for port 2, and this gauntlet speaks port 1"

# A run ends with it, and says what crashed; without --isolate Gauntlet ends there.
scenario crash <<END
name: A plugin that crashes
broker: {adapter: $FAKES/plugin_crash.so, in: publish}
producers: [{name: shop, stream: orders, count: 50}]
END
expect 3 run "$WORK/crash.yaml" --isolate
says "$OUT" "the process of an adapter ended before the run did"
tr -s ' \n' ' ' <"$OUT" | grep -qF "the adapter crash crashed in publish, stream gauntlet:" ||
    fail "the run does not say what crashed"
expect 3 run "$WORK/crash.yaml"
says "$ERR" "--isolate gives it one of its own"

# A broker in the memory of a plugin: every verdict is the same in a process of its own, where it keeps
# everything in one place; and a crash costs the clause that it happens in, and no other.
verdicts() { # FOLDER: one line a clause
    tr -d ' ,' <"$1/conformance.json" |
        awk -F'"' '$2 == "id" { id = $4 } $2 == "verdict" && id { print id, $4; id = "" }'
}
(cd "$WORK" && "$BINARY" new-adapter c toy >/dev/null) || fail "no skeleton"
sed -i '/^static int open_session(/,/^{$/ s/^{$/{ fprintf(stderr, "lives in %d\\n", (int)getpid());/
        s/^#include <pthread.h>$/&\n#include <unistd.h>/' "$WORK/toy/toy.c"
make -C "$WORK/toy" -s >/dev/null || fail "the toy cannot be built"
expect 0 conform "$WORK/toy/toy.so" --seed 3 --quiet --out "$WORK/plain"
expect 0 conform "$WORK/toy/toy.so" --seed 3 --quiet --out "$WORK/isolated" --isolate
verdicts "$WORK/plain" >"$WORK/plain.verdicts"
[ "$(wc -l <"$WORK/plain.verdicts")" -gt 200 ] || fail "the verdicts cannot be read"
verdicts "$WORK/isolated" | diff "$WORK/plain.verdicts" - >"$OUT" || fail "isolated, it is judged otherwise"
[ "$("$BINARY" conform "$WORK/toy/toy.so" --isolate --clause 'GRP-*' --verbose 2>&1 |
    grep -o 'lives in [0-9]*' | sort -u | wc -l)" = 1 ] || fail "its sessions live in several processes"
sed -i '/^static void publish(struct adapter_session/,/^{$/ s/^{$/{ if (strstr(call->stream, ":GRP-03.")) abort();/' \
    "$WORK/toy/toy.c"
make -C "$WORK/toy" -s >/dev/null || fail "the crashing toy cannot be built"
expect 1 conform "$WORK/toy/toy.so" --seed 3 --quiet --out "$WORK/crashed" --isolate
says "$OUT" "the adapter toy crashed in publish"
verdicts "$WORK/crashed" | diff "$WORK/plain.verdicts" - | grep '^>' >"$WORK/changed"
[ "$(cat "$WORK/changed")" = "$(printf '> GRP-03 fail\n> NEG-06 fail')" ] ||
    fail "a crash in GRP-03 costs others: $(cat "$WORK/changed")"

# The reference broker, from the other side of the protocol, keeps all it promises.
keeps 140 "exec:$FAKES/stdio_broker" --seed 5
says "$OUT" "declares ENTERPRISE_STREAMING"
quickstart 50000
expect 0 run "$WORK/quickstart.yaml" --adapter "exec:'$BINARY' serve inline" --out "$WORK/out"
has "$WORK/out/result.json" verdict pass

expect 2 serve
says "$ERR" "which adapter?"
expect 2 serve nothing
says "$ERR" "no adapter is called 'nothing'"
printf '%s\n' '{"id":1,"op":"ping","session":9}' 'nonsense' |
    "$BINARY" serve inline >"$OUT" 2>"$ERR" || fail "serve does not end with its input"
says "$OUT" '"hello":"gauntlet"'
says "$OUT" '"id":1,"error":{"kind":"connection","definite":true,"message":"there is no such session"}'
