# Faults that a stranger's adapter brings: named in scenarios as those of built-in ones, and as
# strictly checked.
. "$ROOT/tests/end_to_end/lib.sh"
SHY=${BINARY%/*}/fakes/plugin_shy.so

scenario shy <<END
name: A broker that hides
faults:
  - {when: {count: {event: send, reaches: 300}, for: 100ms}, do: {broker: default, hide: there}}
broker: {adapter: $SHY}
seed: 3
producers: [{name: shop, stream: orders, count: 1000, rate: 2000/s, in_flight: 4}]
END
for way in '' --isolate; do
    # shellcheck disable=SC2086
    expect 0 run "$WORK/shy.yaml" $way --out "$WORK/out$way"
    says "$OUT" "hide"
    has_some "$WORK/out$way/result.json" messages.refused
    has_some "$WORK/out$way/result.json" messages.accepted
done

sed 's/hide: there/hidden: there/' "$WORK/shy.yaml" >"$WORK/wrong.yaml"
expect 2 check "$WORK/wrong.yaml"
says "$ERR" "hidden"
sed 's/hide: there/hide: nowhere/' "$WORK/shy.yaml" >"$WORK/wrong.yaml"
expect 2 check "$WORK/wrong.yaml"
says "$ERR" "nowhere"
sed "s|^broker:.*|brokers: {default: inline, other: $SHY}|" "$WORK/shy.yaml" >"$WORK/wrong.yaml"
expect 2 run "$WORK/wrong.yaml"
says "$ERR" "broker default (inline) cannot be given this fault"

command -v python3 >/dev/null || skip "python3 is needed for the rest"
export PYTHONDONTWRITEBYTECODE=1 PYTHONPATH=$ROOT/adapters/python
cat >"$WORK/sleepy.py" <<'PYTHON'
from example import ToyAdapter
from gauntlet_adapter import ConnectionLost, main


class SleepyAdapter(ToyAdapter):
    disturbances = [{"key": "sleep", "type": "integer", "minimum": 1, "maximum": 9, "lasts": True, "help": "how deep"}]

    def publish(self, stream, payload):
        if getattr(self.instance, "depth", 0) > 3:
            raise ConnectionLost("it sleeps", definite=True)
        return super().publish(stream, payload)

    def disturb(self, fault, argument, stream, group, id, preview):
        if not preview:
            self.instance.depth = int(argument)
        return {"awake": True}

    def restore(self, undo):
        self.instance.depth = 0


main(SleepyAdapter)
PYTHON
sed -e "s|^broker:.*|broker: {adapter: 'exec:python3 $WORK/sleepy.py'}|" -e 's/hide: there/sleep: 5/' \
    "$WORK/shy.yaml" >"$WORK/sleepy.yaml"
expect 0 run "$WORK/sleepy.yaml" --out "$WORK/sleepy"
has_some "$WORK/sleepy/result.json" messages.refused
has_some "$WORK/sleepy/result.json" messages.accepted
sed 's/sleep: 5/sleep: 10/' "$WORK/sleepy.yaml" >"$WORK/wrong.yaml"
expect 2 check "$WORK/wrong.yaml"
says "$ERR" "sleep"
exit 0
