#!/bin/sh
# coverage.sh BUILD: lines reached by the tests, per file and in all, the least covered first.
set -eu

find "$1/harness" "$1/adapters" "$1/reports" -name '*.gcda' | xargs gcov -n 2>/dev/null |
awk -F"'" '
    /^File / { file = ($2 ~ /^(harness|adapters|reports)\/.*\.c$/) ? $2 : "" }
    /^Lines executed:/ && file {
        split($0, part, /[:% ]+/)
        percent = part[3]
        count = part[5]
        printf "%6.2f%% of %4d  %s\n", percent, count, file | "sort -n"
        reached += percent * count / 100
        lines += count
        file = ""
    }
    END {
        close("sort -n")
        printf "%6.2f%% of %4d  in all\n", lines ? 100 * reached / lines : 0, lines
    }'
