# A plugin in processes of its own: it behaves as in ours; its crash is one call's, and said.
. "$ROOT/tests/end_to_end/lib.sh"
FAKES=${BINARY%/*}/fakes

for how in segv abort stack; do
    expect 1 conform "$FAKES/plugin_crash.so" --isolate --clause PUB-01 --set in=publish --set how=$how
    says "$OUT" "gauntlet: the adapter crash crashed in publish"
    expect "2 3" conform "$FAKES/plugin_crash.so" --isolate --clause PUB-01 --set in=create --set how=$how
    says "$ERR" "the adapter crash crashed in create"
done
expect 3 conform "$FAKES/plugin_newer.so" --isolate
says "$ERR" "is built for port 2, and this gauntlet speaks port 1"

# The reference broker, from the other side of the protocol, keeps all it promises.
expect "0 3" conform "exec:$FAKES/stdio_broker" --seed 5
says_not "$OUT" "Required, and failed"
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
