# Plugins: named by their path, on the command line and in scenarios; a crash says where it was.
. "$ROOT/tests/end_to_end/lib.sh"
PLUGINS=${BINARY%/*}/fakes

expect 0 adapters "$PLUGINS/plugin_null.so"
says "$OUT" "null_plugin: answers at once and keeps nothing"

expect 2 conform "$PLUGINS/plugin_newer.so"
says "$ERR" "plugin_newer.so is built for port 2, and this gauntlet speaks port 1: install a newer"
expect 2 conform ./nowhere.so
says "$ERR" "./nowhere.so cannot be loaded: cannot open shared object file"
touch "$WORK/mine.py" "$WORK/mine.c"
expect 2 conform "$WORK/mine.py"
says "$ERR" "a program is named 'exec:COMMAND', as in 'exec:python3 my_adapter.py'"
expect 2 conform "$WORK/mine.c"
says "$ERR" "that is the source: build it, and name the .so"
expect 2 conform "python3 $WORK/mine.py"
says "$ERR" "is it a command? then say 'exec:COMMAND', in quotes"
expect 2 conform exec:
says "$ERR" "'exec:' names no command"
expect 2 conform exec:python3 "$WORK/mine.py"
says "$ERR" "is one too many; a command with spaces is put in quotes"

# Two of them in one process, each with its own sessions.
scenario two <<END
name: Two plugins
brokers: {default: $PLUGINS/plugin_null.so, other: {adapter: $PLUGINS/plugin_other.so}}
producers: [{name: shop, stream: orders, count: 100}, {name: mall, broker: other, stream: bills, count: 50}]
END
expect 0 run "$WORK/two.yaml"
says "$OUT" "default: null_plugin, none"
says "$OUT" "other: other_plugin, none"

scenario wrong <<END
name: A plugin that is not there
broker:
  adapter: $PLUGINS/plugin_short.so
producers: [{name: shop, stream: orders, count: 100}]
END
expect 2 check "$WORK/wrong.yaml"
says "$ERR" "wrong.yaml:3:"
says "$ERR" "set '.struct_size = sizeof(struct broker_adapter)'"

for how in segv abort stack; do
    for where in create open publish; do
        expect 3 conform "$PLUGINS/plugin_crash.so" --clause PUB-01 --set in=$where --set how=$how
        says "$ERR" "the adapter crash crashed in $where"
    done
done
says "$ERR" "PUB-01.1:s (SIGSEGV: it used memory that is not its own)"

# One that forgets an answer, or waits for ever, hangs nobody else.
expect 3 conform "$PLUGINS/plugin_crash.so" --clause PUB-01 --set in=connect --set how=hang
says "$ERR" "the adapter did not answer ensure_connection by its deadline"
expect 1 conform "$PLUGINS/plugin_crash.so" --clause PUB-01 --set in=publish --set how=silent
says "$OUT" "the adapter did not answer publish by its deadline"
