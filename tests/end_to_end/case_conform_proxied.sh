# Clauses about lost connections, on adapters that dial by themselves: they are given the address of a
# proxy.  An honest one passes, one that lies about what was lost fails, and one that dials past the
# proxy proves nothing.
. "$ROOT/tests/end_to_end/lib.sh"
redis_start --unixsocket "$WORK/redis.sock"

# Every one of them, through a program that happens to speak Redis Streams.
LINKS='--clause ACK-10 --clause BLK-10 --clause CON-07 --clause CON-08 --clause CON-09 --clause CON-10
    --clause CON-11 --clause CON-13 --clause DLQ-16 --clause DLQ-20 --clause DLV-07 --clause DLV-08
    --clause DLV-09 --clause DLV-10 --clause DLV-12 --clause ORD-08'
# shellcheck disable=SC2086
expect 0 conform "exec:'$BINARY' serve redis" --uri "$REDIS_URI" --seed 7 --quiet $LINKS
says "$OUT" "12 of 12 required clauses passed"
says_not "$OUT" "Not run"
says_not "$OUT" "INCONCLUSIVE"

# Where there is no port, there is nothing to disturb.
expect 0 conform "exec:'$BINARY' serve redis" --uri "unix://$WORK/redis.sock" --seed 7 --quiet \
    --clause PUB-01 --clause CON-07
says "$OUT" "so links are disturbed by a proxy, which"
says "$OUT" "1 of 2 required clauses passed, 1 not run"

# A socket of its own, in Python.
command -v python3 >/dev/null || skip "python3 is needed for the rest"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/adapters/python
DIALS=$ROOT/tests/python/dials.py
OWN='--clause CON-07 --clause CON-08 --clause CON-09 --clause DLV-07 --clause DLV-08 --clause DLV-10'

plant() { # NAME SED: a copy that lies
    sed "$2" "$DIALS" >"$WORK/$1.py"
    cmp -s "$DIALS" "$WORK/$1.py" && fail "nothing was planted: $1"
}
# shellcheck disable=SC2086
expect 0 conform "exec:python3 $DIALS" --uri "$REDIS_URI" --seed 7 --quiet $OWN
says "$OUT" "6 of 6 required clauses passed"

# What was lost never happened, it says; and what was lost has an id, it says.
plant denies 's/ConnectionLost(str(lost))/ConnectionLost(str(lost), definite=True)/'
expect 1 conform "exec:python3 $WORK/denies.py" --uri "$REDIS_URI" --seed 7 --quiet --clause DLV-10
says "$OUT" '"outcome": "refused"'
plant invents 's/raise ConnectionLost(str(lost))/return 77/'
expect 1 conform "exec:python3 $WORK/invents.py" --uri "$REDIS_URI" --seed 7 --quiet --clause CON-07
says "$OUT" "CON-07"

# Past the proxy.
plant deaf "s|address = None|address = '$REDIS_URI'|"
expect 3 conform "exec:python3 $WORK/deaf.py" --uri "$REDIS_URI" --seed 7 --quiet --clause CON-07
tr -s ' \n' ' ' <"$OUT" | grep -qF "the adapter did not dial the address it was given" ||
    fail "it is not said why nothing was proved"
