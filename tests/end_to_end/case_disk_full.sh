# A disk that is full gives one clear error, exit code 3 and no half file.
. tests/end_to_end/lib.sh

quickstart 100
mkdir "$WORK/out"
room=ulimit
if mount -t tmpfs -o size=4k tmpfs "$WORK/out" 2>/dev/null; then
    room=tmpfs
    trap 'umount "$WORK/out"; clean_up' EXIT
fi
code=0
(
    [ "$room" = tmpfs ] || ulimit -f 1
    exec "$BINARY" run "$WORK/quickstart.yaml" --time virtual \
        --out "$WORK/out" --quiet >/dev/null 2>"$WORK/err.pipe"
) || code=$?
mv "$WORK/err.pipe" "$ERR"
[ "$code" = 3 ] || fail "ended with $code instead of 3"
grep -qE "^gauntlet: cannot write '$WORK/out/[a-z.]+': (No space left|File too large)" "$ERR" ||
    fail "the message is not clear"
[ "$(sort -u "$ERR" | wc -l)" -le 2 ] || fail "more than an error for each folder"
[ -z "$(find "$WORK/out" -name '*.part')" ] || fail "half a file was left"

# The folder cannot be made at all.
: >"$WORK/file"
expect 3 run "$WORK/quickstart.yaml" --time virtual \
    --out "$WORK/file/below"
says "$ERR" "cannot make the folder '$WORK/file"
head -n 1 "$OUT" | grep -q '^PASS' || fail "the summary was lost with the files"
