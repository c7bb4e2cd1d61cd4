#!/bin/sh
# banned.sh: fail when code calls a function that has no place here, and say what to use.
set -eu
cd "$(dirname "$0")/../.."

find harness adapters reports fakes \( -name '*.c' -o -name '*.h' \) | sort |
xargs awk '
    function ban(names, instead, rooms,    word, n) {
        for (n = split(names, word, " "); n > 0; n--) {
            use[word[n]] = instead
            home[word[n]] = rooms
        }
    }
    BEGIN {
        # functions, what to use, and where they are fine
        ban("strcpy strcat strncpy strncat stpcpy gets", "text_append or text_copy", "")
        ban("sprintf vsprintf", "snprintf or text_appendf", "")
        ban("strtok strtok_r atoi atol atoll atof", "a parser that reports errors", "")
        ban("rand random srand srandom rand_r drand48", "random_keyed", "")
        ban("alloca", "memory_new", "")
        ban("system popen", "a child process owned by pid", "")
        ban("tmpnam mktemp", "mkstemp or mkdtemp", "")
        ban("time gettimeofday clock_gettime clock timespec_get", "loop_now_ns", "^harness/loop/")
        ban("sleep usleep nanosleep clock_nanosleep", "loop_timer", "^harness/loop/")
        ban("getrandom getentropy arc4random", "random_keyed, or the entropy of the loop",
            "^harness/(loop|run|cli)/")
    }
    FNR == 1 { in_comment = 0 }
    {
        line = $0
        # Comments, strings and characters are no code.
        if (in_comment) {
            if (!match(line, /\*\//)) next
            line = substr(line, RSTART + 2)
            in_comment = 0
        }
        gsub(/"([^"\\]|\\.)*"/, "\"\"", line)
        gsub(/\047([^\047\\]|\\.)*\047/, "0", line)
        while (match(line, /\/\*/)) {
            head = substr(line, 1, RSTART - 1)
            line = substr(line, RSTART + 2)
            if (!match(line, /\*\//)) { in_comment = 1; line = head; break }
            line = head substr(line, RSTART + 2)
        }
        while (match(line, /[A-Za-z_][A-Za-z0-9_]*[ \t]*\(/)) {
            name = substr(line, RSTART, RLENGTH)
            sub(/[ \t]*\($/, "", name)
            member = (RSTART > 1) && (substr(line, RSTART - 1, 1) ~ /[.>]/)
            line = substr(line, RSTART + RLENGTH)
            if (member || !(name in use)) continue
            if (home[name] != "" && FILENAME ~ home[name]) continue
            printf "%s:%d: %s is banned: use %s\n", FILENAME, FNR, name, use[name]
            bad = 1
        }
    }
    END { exit bad }
'
