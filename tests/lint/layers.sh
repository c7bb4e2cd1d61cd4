#!/bin/sh
# layers.sh: fail when a file includes a room that layers.txt does not allow it, when an include names
# no file of ours, or when layers.txt itself allows a cycle.
set -eu
cd "$(dirname "$0")/../.."

find harness adapters reports fakes -name '*.[ch]' | sort |
xargs awk '
    BEGIN {
        while ((getline line < "tests/lint/layers.txt") > 0) {
            if (line ~ /^#/ || line ~ /^$/) continue
            n = split(line, word, " ")
            order[++rooms_count] = word[1]
            rooms[word[1]] = 1
            for (i = 2; i <= n; i++) if (word[i] != "-") allowed[word[1], word[i]] = 1
        }
        find_cycle()
    }
    # Take away rooms that depend on no other until none is left; what stays goes round in a circle.
    function find_cycle(    left, gone, i, j, blocked, before) {
        for (left = rooms_count; left > 0 && left != before; ) {
            before = left
            for (i = 1; i <= rooms_count; i++) {
                blocked = gone[i]
                for (j = 1; j <= rooms_count; j++)
                    if (!gone[j] && ((order[i], order[j]) in allowed)) blocked = 1
                if (!blocked) { gone[i] = 1; left-- }
            }
        }
        for (i = 1; left > 0 && i <= rooms_count; i++)
            if (!gone[i]) { printf "layers.txt: %s is part of a cycle\n", order[i]; bad = 1 }
    }
    function room_of(path,    p) {
        for (p = path; !(p in rooms); ) if (!sub(/\/[^\/]*$/, "", p)) return path
        return p
    }
    function exists(path,    line, result) {
        if (!(path in known)) {
            known[path] = (getline line < path) >= 0
            close(path)
        }
        return known[path]
    }
    # As the compiler looks: beside the file, then in -I. -Iharness -Iadapters.
    function locate(target, from) {
        sub(/[^\/]*$/, "", from)
        if (exists(from target))        return from target
        if (exists(target))             return target
        if (exists("harness/" target))  return "harness/" target
        if (exists("adapters/" target)) return "adapters/" target
        return ""
    }
    FNR == 1 { here = room_of(FILENAME) }
    /^[ \t]*#[ \t]*include[ \t]*"/ {
        split($0, quote, "\"")
        path = locate(quote[2], FILENAME)
        if (path == "") {
            printf "%s:%d: no such file: %s\n", FILENAME, FNR, quote[2]
            bad = 1
            next
        }
        room = room_of(path)
        if (room != here && !((here, room) in allowed)) {
            printf "%s:%d: %s may not include %s (%s)\n", FILENAME, FNR, here, room, quote[2]
            bad = 1
        }
    }
    # A system header that only one room may know.
    /^[ \t]*#[ \t]*include[ \t]*<libfyaml/ && here != "harness/scenario" {
        printf "%s:%d: only harness/scenario may include libfyaml\n", FILENAME, FNR
        bad = 1
    }
    END { exit bad }
'
