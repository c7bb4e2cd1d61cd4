# Each fault of what a broker keeps, by what its server then answers to a stranger.
. tests/end_to_end/lib.sh

redis_start
# The consumer is away before the fault comes, so that nobody puts right what is looked at.
scenario kept <<YAML
name: Kept
drain: 1s
broker: {adapter: redis, uri: $REDIS_URI}
producers: [{name: shop, stream: orders, count: 1000, rate: unlimited}]
consumers: [{name: billing, stream: orders, group: billing, batch: 5, prefetch: 5, work: 20ms}]
YAML
# during FAULT: starts a run with it, whose stream is full by then; sets STREAM, GROUP and OLDEST.
during() {
    redis flushall >/dev/null
    start run "$WORK/kept.yaml" --destructive --set "faults=[
        {name: away, when: {at: 700ms, for: 60s}, do: {consumer: billing, hang: true}},
        {when: {at: 2s}, do: {broker: default, $1}}]"
    wait_for 10 find_stream orders
    wait_for 10 keeps 1000
    GROUP=$(redis xinfo groups "$STREAM" | sed -n 2p)
    OLDEST=$(redis xrange "$STREAM" - + count 4 | grep -E '^[0-9]+-[0-9]+$')
    [ -n "$GROUP" ] || fail "there is no group to begin with"
}
over() {
    kill -INT "$BACKGROUND_PID"
    wait "$BACKGROUND_PID"
    BACKGROUND_PID=
    says "$OUT" "$1 "
    says_not "$OUT" "could not be"
}
# answers TEXT COMMAND...: what the server says begins so.
answers() {
    local expected=$1
    shift
    case $(redis "$@" 2>&1) in "$expected"*) return 0 ;; esac
    return 1
}
keeps() {
    [ "$(redis xlen "$STREAM")" = "$1" ]
}
oldest() {
    echo "$OLDEST" | sed -n "$1p"
}

during 'delete: 3'
wait_for 10 keeps 997
answers "$(oldest 4)" xrange "$STREAM" - + count 1 || fail "not the oldest three were deleted"
over delete

during 'trim: 100'
newest=$(redis xrevrange "$STREAM" + - count 1 | head -n 1)
wait_for 10 keeps 100
answers "$newest" xrevrange "$STREAM" + - count 1 || fail "the newest one is gone"
[ -z "$(redis xrange "$STREAM" "$(oldest 1)" "$(oldest 4)")" ] || fail "the oldest are there still"
over trim

during 'remove_group: true'
answers "" xpending "$STREAM" "$GROUP" || fail "the group does not answer"
wait_for 10 answers "NOGROUP" xpending "$STREAM" "$GROUP"
keeps 1000 || fail "more than the group is gone"
over remove_group

during 'change_type: true'
answers stream type "$STREAM" || fail "it was no stream to begin with"
wait_for 10 answers "WRONGTYPE" xadd "$STREAM" '*' f v
answers string type "$STREAM" || fail "it is not what it was to become"
over change_type

during 'flush: true'
wait_for 10 answers none type "$STREAM"
answers "ERR no such key" xinfo groups "$STREAM" || fail "something of it is left"
over flush
