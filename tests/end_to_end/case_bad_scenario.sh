# Wrong scenarios: file, line and column, what was wrong, what would be right; exit code 2.
. tests/end_to_end/lib.sh

good='name: Small
broker: {adapter: inline}
streams: [orders]
producers: [{name: shop, stream: orders, count: 10, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing}]
expect: [no lost]'
echo "$good" >"$WORK/good.yaml"
expect 0 check "$WORK/good.yaml"
says "$OUT" "ok  $WORK/good.yaml: Small"

wrong() { # SED LINE MESSAGE
    echo "$good" | sed "$1" >"$WORK/bad.yaml"
    expect 2 run "$WORK/bad.yaml" --out "$WORK/out"
    grep -qF "gauntlet: $WORK/bad.yaml:$2:" "$ERR" || fail "no place in line $2 for: $1"
    says "$ERR" "$3"
    [ "$(wc -l <"$ERR")" = 1 ] || fail "more than one line for: $1"
    [ ! -e "$WORK/out" ] || fail "a folder was made for: $1"
}
wrong 's/group: billing}/group: billing, membres: 2}/' 5 "members"
wrong 's/rate: unlimited/rate: 5000/' 4 "/s"
wrong 's/{adapter: inline}/{adapter: inlin}/' 2 "inline"
wrong 's/{adapter: inline}/{adapter: inline, max_retires: 3}/' 2 "max_retries"
wrong 's/{adapter: inline}/{adapter: redis, uri: "${GAUNTLET_NO_SUCH_NAME}"}/' 2 "GAUNTLET_NO_SUCH_NAME"
wrong 's/no lost/no lsot/' 6 "lost"
wrong 's/stream: orders, count/stream: ordres, count/' 4 "orders"
wrong 's/no lost/deliver.p(99) < 5/' 6 "ms"
# An expectation that can never be decided: nobody consumes.
wrong '/^consumers/d' 5 "lost"

# Everything is loaded before anything runs.
mkdir "$WORK/all"
cp "$WORK/good.yaml" "$WORK/all/a.yaml"
cp "$WORK/bad.yaml" "$WORK/all/b.yaml"
expect 2 run "$WORK/all" --out "$WORK/out"
[ ! -s "$OUT" ] || fail "the good one ran"
[ ! -e "$WORK/out" ] || fail "a folder was made"
expect 2 run "$WORK/good.yaml" --set producers.0.cuont=5
says "$ERR" count
