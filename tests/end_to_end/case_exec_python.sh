# The Python kit: its own tests, its example under the suite and in a run, and planted mistakes.
. "$ROOT/tests/end_to_end/lib.sh"
export PYTHONDONTWRITEBYTECODE=1
command -v python3 >/dev/null || skip "python3 is needed"
KIT=$ROOT/adapters/python

python3 -m unittest discover -s "$ROOT/tests/python" >"$OUT" 2>&1 || fail "the kit's own tests"
[ "$(wc -l <"$KIT/example.py")" -le 60 ] || fail "the example is longer than 60 lines"

expect 0 adapters "exec:python3 $KIT/example.py"
says "$OUT" "toy: lists in a Python process"
keeps 50 "exec:python3 $KIT/example.py" --seed 3
says "$OUT" "declares SIMPLE_QUEUING; demonstrates SIMPLE_QUEUING"

quickstart 20000
expect 0 run "$WORK/quickstart.yaml" --adapter "exec:python3 $KIT/example.py" --out "$WORK/out"
has "$WORK/out/result.json" verdict pass
expect 2 run "$WORK/quickstart.yaml" --adapter "exec:python3 $KIT/example.py" --time virtual
says "$ERR" "lives by the real clock and cannot run in virtual time"

# Planted mistakes lead to their cause.
plant() {
    sed "$1" "$KIT/example.py" >"$WORK/planted.py"
    cp "$KIT/gauntlet_adapter.py" "$WORK/"
    cmp -s "$KIT/example.py" "$WORK/planted.py" && fail "nothing was planted: $1"
    expect "$2" conform "exec:python3 $WORK/planted.py" --clause PUB-01 --clause SUB-02 --seed 3
}
plant 's/capabilities, traits = \["SIMPLE_QUEUING"\]/capabilities, traits = ["SIMPLE_QUEUEING"]/' 3
says "$ERR" "its hello names the capability 'SIMPLE_QUEUEING', which there is not"
plant 's/capabilities, traits = \["SIMPLE_QUEUING"\]/capabilities, traits = ["RELIABLE_MESSAGING"]/' 2
says "$ERR" "does not have what it declares: ack (for ACK_NACK), nack (for ACK_NACK)"
plant 's/return messages\[-1\]\[0\]/return len(messages) + undefined/' 1
says "$OUT" "NameError: name 'undefined' is not defined"
plant 's/payload))$/json.loads(payload)))/' 1
says "$OUT" "a payload is text, and this is dict: pass it on as it came"
plant 's/^    main(ToyAdapter)/    raise SystemExit("no broker at all")/' 3
says "$ERR" "its process ended with exit code 1; its last words: 'no broker at all'"
plant 's/^import json$/import json; print("hello")/' 3
says "$ERR" "no JSON object to its standard output; what is meant for people belongs on standard error: 'hello'"

# A process that ends in the middle of a run ends the run: nobody waits for what cannot come any more.
sed 's/return messages\[-1\]\[0\]/return messages[-1][0] if len(messages) < 500 else __import__("os")._exit(7)/' \
    "$KIT/example.py" >"$WORK/planted.py"
before=$(date +%s)
expect 3 run "$WORK/quickstart.yaml" --adapter "exec:python3 $WORK/planted.py" --out "$WORK/ended"
[ $(($(date +%s) - before)) -lt 20 ] || fail "the run went on without its adapter"
has "$WORK/ended/result.json" verdict inconclusive
has "$WORK/ended/result.json" stop_reason "the adapter's process ended"
says "$OUT" "the process of an adapter ended before the run did"
says "$OUT" "its process ended with exit code 7"

# An object that knows nothing of Gauntlet, driven unchanged.
export PYTHONPATH=$ROOT/tests/python
keeps 50 "exec:python3 $KIT/protean_bridge.py --share toy_broker:ToyBroker" --seed 3
says "$OUT" "declares SIMPLE_QUEUING; demonstrates SIMPLE_QUEUING"
expect 1 conform "exec:python3 $KIT/protean_bridge.py --share toy_broker:Swallower" --clause SUB-02
says "$OUT" "and said: ERROR: lost"
expect 3 conform "exec:python3 $KIT/protean_bridge.py toy_broker:Nothing"
says "$ERR" "AttributeError: module 'toy_broker' has no attribute 'Nothing'"

pgrep -f "$WORK/planted.py" && fail "an adapter's process was left behind"
exit 0
