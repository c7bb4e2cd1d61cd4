# A program that misbehaves in every way its argument names: a clear verdict each time, in time, and
# nothing left behind.  None may pass that should not, crash the harness, or hang it.
. "$ROOT/tests/end_to_end/lib.sh"
HOSTILE=${BINARY%/*}/fakes/hostile

# try CODE WORDS MODE: what is said may stand in the summary or on standard error.
try() {
    local code=0 out=$WORK/$3
    timeout --kill-after=5 60 "$BINARY" conform "exec:$HOSTILE $3" --clause PUB-01 \
        --clause SUB-02 --quiet >"$out" 2>&1 </dev/null || code=$?
    # What is wrong is wrong; only times that a busy machine has spoilt may be left undecided.
    [ "$code" = "$1" ] || { [ "$1 $code" = "1 3" ] && grep -qF "this machine was too busy" "$out"; } ||
        echo "$3 ended with $code instead of $1" >>"$WORK/bad"
    tr -s ' \n' ' ' <"$out" | grep -qF -e "$2" || { echo "$3 does not say: $2"; cat "$out"; } >>"$WORK/bad"
    pgrep -f "^[^ ]*hostile $3\$" >/dev/null && echo "$3 was left behind" >>"$WORK/bad"
    return 0
}

# Its manners are bad, its answers are not.
for mode in behave drip shout stay; do
    try 0 "2 of 2 required clauses passed" $mode &
done
try 3 "it gave no hello within 10 s" late_hello &
try 3 "its first line is no hello: it must be" no_hello
try 3 "it speaks protocol 99, and this gauntlet speaks 1" new_protocol
try 2 "its hello does not have what it declares: get_next" boast
try 3 "did you mean 'publish'?" misspell

count=0
while read -r mode words; do
    try 1 "$words" "$mode" </dev/null &
    [ $((++count % 4)) = 0 ] && wait
done <<'END'
crash its process ended with signal 11 (Segmentation fault); its last words: 'about to do something stupid'
leave its process ended with exit code 0
hang the adapter's process gave no answer in time
garbage no JSON object to its standard output; what is meant for people belongs on standard error
print belongs on standard error: 'connected to the broker!'
half the adapter's process gave no answer in time
half_and_leave its process ended with exit code 0, in the middle of a line
flood it answered what was not asked, or was answered before
flood_log the adapter's process gave no answer in time
flood_line it wrote a line of more than 64 MiB
twice it answered what was not asked, or was answered before
another it answered what was not asked, or was answered before: '{"id":1005
wrong_shape why 'entries' is an object, and must be a list
too_little why there is no 'entries'
text_id it wrote a line that says with no 'id' what it answers
huge_id it wrote a line that says with no 'id' what it answers
no_id it wrote a line that says with no 'id' what it answers: '{"number":1}'
bad_text at byte 17 there should be UTF-8
half_character the second half of a character after its first
deep it wrote a line that is no JSON object
zeros it wrote a line that is no JSON object
deliver it delivers to what is no subscription
sunspots "outcome": "unknown"
close_output it closed its standard output, and went on
close_input the adapter's process gave no answer in time
leave_a_child the adapter's process gave no answer in time
END
wait
[ ! -s "$WORK/bad" ] || { cat "$WORK/bad"; fail "of the hostile programs, some were not dealt with"; }

# Manners alone.
expect 0 conform --check-protocol "exec:'$BINARY' serve inline"
says "$OUT" "ok     answers an operation that there is not with 'not_supported'"
says_not "$OUT" "WRONG"
expect 1 conform --check-protocol "exec:$HOSTILE behave"
says "$OUT" "WRONG  answers an operation that there is not with 'not_supported'"
says "$OUT" "it answered as if it could"
expect 2 conform --check-protocol inline
says "$ERR" "--check-protocol is for programs"

# Killed outright, the harness takes its children with it.
start conform "exec:$HOSTILE late_hello"
wait_for 10 pgrep -f "^[^ ]*hostile late_hello\$"
kill -KILL "$BACKGROUND_PID"
gone() { ! pgrep -f "^[^ ]*hostile late_hello\$"; }
wait_for 5 gone
BACKGROUND_PID=
exit 0
