# Thousands of connections: the limit of open files is raised, or named in a clear error.
. tests/end_to_end/lib.sh

redis_start --maxclients 10000

scenario many <<YAML
broker: {adapter: redis, uri: "$REDIS_URI"}
producers:
  - {name: shop, stream: orders, members: 1000, count: 20000, rate: 20000/s, in_flight: 4}
consumers:
  - {name: billing, stream: orders, members: 50}
expect: [no lost, no duplicates]
YAML
(
    ulimit -S -n 256
    expect 0 run "$WORK/many.yaml" -q
) || fail "a soft limit of 256 files was not raised"

(
    ulimit -n 512
    expect 3 run "$WORK/many.yaml" -q
    says "$ERR" "1100 connections need 1301 open files, and this system allows 512"
    says "$ERR" "ulimit -n 1301"
) || fail "a hard limit of 512 files was not named"
