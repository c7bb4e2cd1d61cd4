#!/bin/sh
# install_packages.sh PURPOSE...: install what packages.txt lists for these purposes, and only what is
# missing.  NO_INSTALL=1 trusts you to have it all.
set -eu
cd "$(dirname "$0")/.."
[ -z "${NO_INSTALL:-}" ] || exit 0

wanted=$(awk -v purposes=" $* " '!/^#/ && index(purposes, " " $1 " ") { print $2 }' packages.txt)

find_missing() {
    # shellcheck disable=SC2046,SC2086 # one word each
    dpkg-query -W -f='${Package} ${db:Status-Status}\n' $(echo $wanted | tr '|' ' ') 2>/dev/null |
    awk -v wanted="$(echo $wanted)" '
        $2 == "installed" { has[$1] = 1 }
        END {
            for (count = split(wanted, line, " "); ++i <= count; ) {
                found = 0
                for (n = split(line[i], either, "|"); n > 0; n--) found += either[n] in has
                if (!found) print line[i]
            }
        }'
}

# Of "a|b", the first that apt knows here.
choose() {
    for line in $missing; do
        for package in $(echo "$line" | tr '|' ' '); do
            if apt-cache show "$package" >/dev/null 2>&1; then break; fi
        done
        echo "$package"
    done
}

fail() {
    echo "$1" >&2
    # shellcheck disable=SC2086
    printf '    %s\n' $missing >&2
    echo "Install them, then call make again (NO_INSTALL=1 skips this check)." >&2
    exit 1
}

if ! command -v dpkg-query >/dev/null; then
    missing=$wanted
    fail "This is not Debian or Ubuntu.  Needed, by the names these packages have there:"
fi
missing=$(find_missing)
[ -n "$missing" ] || exit 0
case $missing in
*redis-server*) new_redis=1 ;;
esac

if [ "$(id -u)" = 0 ]; then
    as_root=env
elif command -v sudo >/dev/null && sudo -n true 2>/dev/null; then
    as_root="sudo -n"
else
    fail "Not root, and sudo asks for a password.  These packages are missing:"
fi

# Installing redis-server would start a server of its own; tests start theirs.  A policy that is
# already there (as in container images) stays.
guard=/usr/sbin/policy-rc.d
remove_guard() {
    if [ -n "${guarded:-}" ]; then $as_root rm -f "$guard"; fi
}
trap remove_guard EXIT
trap 'exit 3' INT TERM HUP
if [ ! -e "$guard" ]; then
    guarded=1
    printf '#!/bin/sh\nexit 101\n' | $as_root tee "$guard" >/dev/null
    $as_root chmod 755 "$guard"
fi

apt_get() {
    # shellcheck disable=SC2086
    $as_root env DEBIAN_FRONTEND=noninteractive RUNLEVEL=1 \
        apt-get -qq -y -o DPkg::Lock::Timeout=300 "$@"
}

# Package lists may be absent or out of date: fetch them when they do not suffice.
echo "installing:" $(choose)
log=$(mktemp)
# shellcheck disable=SC2046
if ! apt_get install --no-install-recommends $(choose) >"$log" 2>&1; then
    apt_get update >>"$log" 2>&1 || true
    if ! apt_get install --no-install-recommends $(choose) >>"$log" 2>&1; then
        cat "$log" >&2
        rm -f "$log"
        fail "apt-get could not install:"
    fi
fi
rm -f "$log"

case $missing in
*nats-server*) new_nats=1 ;;
esac
if [ -n "${new_nats:-}" ] && [ -d /run/systemd/system ]; then
    $as_root systemctl disable --quiet nats-server 2>/dev/null || true
fi
if [ -n "${new_redis:-}" ] && [ -d /run/systemd/system ]; then
    $as_root systemctl disable --quiet redis-server 2>/dev/null || true
fi
missing=$(find_missing)
[ -z "$missing" ] || fail "apt-get did not install:"
