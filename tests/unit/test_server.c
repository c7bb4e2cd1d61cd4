/* test_server.c: processes of servers: started, driven by words, ended, and never left behind. */
#include "support/unit.h"

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "loop/loop.h"
#include "server/preset.h"
#include "server/server.h"

/* What a test does not need a broker for is tried with a shell that listens on nothing. */
#define SAYS_READY "echo ready on {port}; exec sleep 1000"

static struct server *make(const char *command, const char *ready)
{
    const struct server_plan plan = {.name = "test", .command = command, .ready = ready};

    return server_new(&plan);
}

static bool is_alive(pid_t pid)
{
    return kill(pid, 0) == 0;
}

/* Orphans are reaped by others, a moment later. */
static bool ends(pid_t pid)
{
    for (int i = 0; i < 500 && is_alive(pid); i++)
        (void)usleep(10000);
    return !is_alive(pid);
}

static bool exists(const char *path)
{
    return access(path, F_OK) == 0;
}

/* --- Starting -------------------------------------------------------------------------------- */

static void one_of_our_own_has_a_port_a_folder_and_a_log(void **state)
{
    struct server *server = make(SAYS_READY, "log:ready on");
    struct error error = {0};
    char folder[200], text[100] = "", wanted[100];
    FILE *log;

    (void)state;
    assert_int_equal(server_start(server, &error), 0);
    assert_in_range(server_port(server), 20000, 31999);
    assert_true(exists(server_folder(server)));
    assert_true(server_is_running(server));
    log = fopen(server_log_path(server), "r");
    assert_non_null(log);
    assert_non_null(fgets(text, sizeof(text), log));
    assert_int_equal(fclose(log), 0);
    (void)snprintf(wanted, sizeof(wanted), "ready on %u\n", server_port(server));
    assert_string_equal(text, wanted);
    (void)snprintf(folder, sizeof(folder), "%s", server_folder(server));
    server_free(server);
    assert_false(exists(folder));
}

static void one_that_ends_at_once_is_said_with_what_it_said(void **state)
{
    struct server *server = make("echo no such thing; exit 3", "log:ready");
    struct error error = {0};

    (void)state;
    assert_int_equal(server_start(server, &error), -1);
    assert_int_equal(error.kind, ERROR_ADAPTER);
    assert_non_null(strstr(error.message, "ended at once"));
    assert_non_null(strstr(error.message, "it said: no such thing"));
    server_free(server);
}

static void one_that_never_answers_is_ended(void **state)
{
    const struct server_plan plan = {
        .name = "mute", .command = "echo thinking; exec sleep 1000", .ready_timeout_ns = 200000000};
    struct server *server = server_new(&plan);
    struct error error = {0};
    int result = server_start(server, &error);
    pid_t pid = server_pid(server);

    (void)state;
    assert_int_equal(result, -1);
    assert_non_null(strstr(error.message, "does not answer"));
    assert_non_null(strstr(error.message, "thinking"));
    assert_true(ends(pid));
    server_free(server);
}

/* --- Words ----------------------------------------------------------------------------------- */

static char state_of(pid_t pid)
{
    char path[64], text[300] = "";
    FILE *file;

    (void)snprintf(path, sizeof(path), "/proc/%d/stat", (int)pid);
    file = fopen(path, "r");
    if (!file)
        return '-';
    (void)!fgets(text, sizeof(text), file);
    (void)fclose(file);
    return strrchr(text, ')') ? strrchr(text, ')')[2] : '?';
}

static void words_become_signals(void **state)
{
    struct server *server = make(SAYS_READY, "log:ready on");
    struct error error = {0};
    uint16_t port;
    pid_t pid;

    (void)state;
    assert_false(server_can(server, SERVER_KILL));
    assert_int_equal(server_start(server, &error), 0);
    pid = server_pid(server);
    port = server_port(server);
    assert_int_equal(server_do(server, SERVER_PAUSE, &error), 0);
    assert_int_equal(state_of(pid), 'T');
    assert_int_equal(server_do(server, SERVER_CONTINUE, &error), 0);
    assert_int_not_equal(state_of(pid), 'T');
    assert_int_equal(server_do(server, SERVER_WIPE, &error), -1);
    assert_non_null(strstr(error.message, "kill it before"));
    assert_int_equal(server_do(server, SERVER_KILL, &error), 0);
    assert_false(server_is_running(server));
    assert_int_equal(server_do(server, SERVER_PAUSE, &error), -1);
    assert_string_equal(error.message, "the server is not running");
    assert_int_equal(server_do(server, SERVER_RESTART, &error), 0);
    assert_int_not_equal(server_pid(server), pid);
    assert_int_equal(server_port(server), port);
    assert_int_equal(server_do(server, SERVER_STOP, &error), 0);
    assert_false(server_is_running(server));
    server_free(server);
}

/* A frozen or dead one looks ready all the same, to whoever reads its log or connects to it. */
static void one_that_was_left_frozen_or_dead_is_brought_back(void **state)
{
    struct server *server = make(SAYS_READY, "log:ready on");
    struct error error = {0};
    pid_t pid;

    (void)state;
    assert_int_equal(server_start(server, &error), 0);
    pid = server_pid(server);
    server_revive(server);
    assert_int_equal(server_pid(server), pid);
    assert_int_equal(server_do(server, SERVER_PAUSE, &error), 0);
    server_revive(server);
    assert_int_equal(server_pid(server), pid);
    assert_int_not_equal(state_of(pid), 'T');
    assert_int_equal(server_do(server, SERVER_KILL, &error), 0);
    server_revive(server);
    assert_true(server_is_running(server));
    assert_int_not_equal(server_pid(server), pid);
    server_free(server);
}

static void data_stays_over_a_restart_and_goes_when_it_is_wiped(void **state)
{
    struct server *server = make("touch fact; mkdir -p deep/er; " SAYS_READY, "log:ready on");
    struct error error = {0};
    char path[300];

    (void)state;
    assert_int_equal(server_start(server, &error), 0);
    (void)snprintf(path, sizeof(path), "%s/fact", server_folder(server));
    assert_true(exists(path));
    assert_int_equal(server_do(server, SERVER_KILL, &error), 0);
    assert_true(exists(path));
    assert_int_equal(server_do(server, SERVER_WIPE, &error), 0);
    assert_false(exists(path));
    assert_true(exists(server_folder(server)));
    assert_int_equal(server_do(server, SERVER_START, &error), 0);
    assert_true(exists(path));
    server_free(server);
}

static long size_of(const struct server *server, const char *name)
{
    char path[300];
    struct stat status;

    (void)snprintf(path, sizeof(path), "%s/%s", server_folder(server), name);
    return stat(path, &status) == 0 ? (long)status.st_size : -1;
}

/* As when the power fails: what was never synced is empty, what was is as long as it was then. */
static void what_was_not_synced_is_forgotten(void **state)
{
    struct server_plan plan = {.name = "test",
                               .command = "mkdir -p deep; printf 12345 >deep/kept; sync deep/kept; "
                                          "mv deep/kept deep/moved; printf 678 >>deep/moved; "
                                          "printf never >unsynced; " SAYS_READY,
                               .ready = "log:ready on",
                               .config_name = "own.conf",
                               .config = "ours",
                               .may_lose_power = true};
    struct server *server = server_new(&plan);
    struct error error = {0};

    (void)state;
    assert_int_equal(server_start(server, &error), 0);
    assert_int_equal(server_do(server, SERVER_KILL, &error), 0);
    assert_int_equal(size_of(server, "deep/moved"), 8);
    assert_int_equal(server_forget_unsynced(server, &error), 0);
    assert_int_equal(size_of(server, "deep/moved"), 5);
    assert_int_equal(size_of(server, "unsynced"), 0);
    assert_int_equal(size_of(server, "own.conf"), 4);
    server_free(server);
    plan.may_lose_power = false;
    server = server_new(&plan);
    assert_int_equal(server_start(server, &error), 0);
    assert_int_equal(server_do(server, SERVER_KILL, &error), 0);
    assert_int_equal(server_forget_unsynced(server, &error), -1);
    server_free(server);
}

/* Writes past the bound fail, and succeed again without it. */
static void files_are_bounded_while_it_runs(void **state)
{
    struct server *server =
        make("echo ready; while :; do printf x >>grows 2>/dev/null; sleep 0.01; done", "log:ready");
    struct error error = {0};
    long size;

    (void)state;
    assert_int_equal(server_start(server, &error), 0);
    assert_int_equal(server_limit_files(server, 1, &error), 0);
    (void)usleep(100000);
    size = size_of(server, "grows");
    (void)usleep(200000);
    assert_int_equal(size_of(server, "grows"), size);
    assert_int_equal(server_limit_files(server, UINT64_MAX, &error), 0);
    for (int i = 0; i < 500 && size_of(server, "grows") <= size; i++)
        (void)usleep(10000);
    assert_true(size_of(server, "grows") > size);
    server_free(server);
}

struct waiting {
    struct loop *loop;
    int result, count;
};

static void on_done(void *context, int result, const struct error *error)
{
    struct waiting *waiting = context;

    (void)error;
    waiting->result = result;
    waiting->count++;
    loop_stop(waiting->loop);
}

static void a_loop_goes_on_while_a_word_is_done(void **state)
{
    struct server *server = make(SAYS_READY, "log:ready on");
    struct error error = {0};
    struct waiting waiting = {.loop = loop_real_new(0, &error)};

    (void)state;
    assert_non_null(waiting.loop);
    server_do_later(server, SERVER_START, waiting.loop, on_done, &waiting);
    loop_run(waiting.loop);
    assert_int_equal(waiting.count, 1);
    assert_int_equal(waiting.result, 0);
    assert_true(server_is_running(server));
    server_free(server);
    loop_free(waiting.loop);
}

/* --- Nothing is left behind -------------------------------------------------------------------
 */

static void grandchildren_end_with_it_also_when_they_hide(void **state)
{
    struct server *server =
        make("setsid sleep 1001 & echo $! >hidden; (setsid sleep 1002 & echo $! >orphan); "
             "echo ready; exec sleep 1000",
             "log:ready");
    struct error error = {0};
    int pids[2] = {0, 0};
    const char *const names[] = {"hidden", "orphan"};

    (void)state;
    assert_int_equal(server_start(server, &error), 0);
    for (int i = 0; i < 2; i++) {
        char path[300];
        FILE *file;

        (void)snprintf(path, sizeof(path), "%s/%s", server_folder(server), names[i]);
        file = fopen(path, "r");
        assert_non_null(file);
        assert_int_equal(fscanf(file, "%d", &pids[i]), 1);
        (void)fclose(file);
        assert_true(is_alive(pids[i]));
    }
    assert_int_equal(server_do(server, SERVER_PAUSE, &error), 0);
    assert_int_equal(state_of(pids[1]), 'T');
    server_free(server);
    assert_true(ends(pids[0]));
    assert_true(ends(pids[1]));
}

/* A child of ours starts a server, says where it is, and waits to be killed. */
static void live_until_killed(int pipe_end)
{
    struct server *server = make("setsid sleep 1003 & " SAYS_READY, "log:ready on");
    struct error error = {0};
    char line[300] = "";
    int size;

    if (server_start(server, &error) == 0) {
        size =
            snprintf(line, sizeof(line), "%d %s", (int)server_pid(server), server_folder(server));
        (void)!write(pipe_end, line, (size_t)size + 1);
    }
    for (;;)
        (void)pause();
}

static void nothing_outlives_us_when_we_are_killed(void **state)
{
    char line[300] = "", folder[290] = "";
    int ends_of_pipe[2], server = 0;
    pid_t child;

    (void)state;
    assert_int_equal(pipe(ends_of_pipe), 0);
    child = fork();
    if (child == 0)
        live_until_killed(ends_of_pipe[1]);
    assert_true(read(ends_of_pipe[0], line, sizeof(line) - 1) > 0);
    assert_int_equal(sscanf(line, "%d %289s", &server, folder), 2);
    assert_true(is_alive(server));
    assert_int_equal(kill(child, SIGKILL), 0);
    assert_int_equal(waitpid(child, NULL, 0), child);
    assert_true(ends(server));
    for (int i = 0; i < 500 && exists(folder); i++)
        (void)usleep(10000);
    assert_false(exists(folder));
    (void)close(ends_of_pipe[0]);
    (void)close(ends_of_pipe[1]);
}

/* --- A profile's server ------------------------------------------------------------------------
 */

/* A "server" that is there while its file is; waits for a moment when it is not. */
static bool is_there(void *context)
{
    bool found = access(context, F_OK) == 0;

    if (!found)
        (void)usleep(20000);
    return found;
}

struct stage {
    char path[64], start[200];
    struct server *server;
};

/* The command names the file between these words. */
static void open_stage(struct stage *stage, struct server_plan plan, const char *before,
                       const char *after)
{
    (void)snprintf(stage->path, sizeof(stage->path), "/tmp/gauntlet-server-%d", (int)getpid());
    (void)snprintf(stage->start, sizeof(stage->start), "%s %s%s", before, stage->path, after);
    (void)unlink(stage->path);
    plan.command = stage->start;
    plan.answers = is_there;
    plan.context = stage->path;
    plan.runs_here = true;
    stage->server = server_new(&plan);
}

static void close_stage(struct stage *stage)
{
    server_free(stage->server);
    (void)unlink(stage->path);
}

static void a_server_that_answers_already_is_somebody_elses(void **state)
{
    struct stage stage = {0};
    struct error error = {0};
    FILE *file;

    (void)state;
    open_stage(&stage, (struct server_plan){0}, "touch", "");
    file = fopen(stage.path, "w");
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_int_equal(server_start(stage.server, &error), -1);
    assert_int_equal(error.kind, ERROR_USAGE);
    close_stage(&stage);
}

static void one_that_goes_into_the_background_is_ours_too(void **state)
{
    struct stage stage = {0};
    struct error error = {0};

    (void)state;
    open_stage(&stage, (struct server_plan){0}, "(setsid sleep 1004 &); sleep 0.1; touch", "");
    assert_int_equal(server_start(stage.server, &error), 0);
    assert_true(server_can(stage.server, SERVER_PAUSE));
    assert_int_equal(server_do(stage.server, SERVER_PAUSE, &error), 0);
    assert_true(server_is_running(stage.server));
    assert_int_equal(server_do(stage.server, SERVER_KILL, &error), 0);
    assert_false(server_is_running(stage.server));
    close_stage(&stage);
}

static void commands_stand_above_signals(void **state)
{
    struct stage stage = {0};
    struct error error = {0};

    (void)state;
    open_stage(
        &stage,
        (struct server_plan){.control = {[SERVER_KILL] = "true", [SERVER_RESTART] = "false"}},
        "echo", "");
    assert_int_equal(server_do(stage.server, SERVER_KILL, &error), 0);
    assert_int_equal(server_do(stage.server, SERVER_RESTART, &error), -1);
    assert_string_equal(error.message, "'false' failed");
    assert_int_equal(server_do(stage.server, SERVER_PAUSE, &error), -1);
    assert_string_equal(error.message, "the server has no command 'pause'");
    close_stage(&stage);
}

/* What `systemctl start` leaves running is not ours. */
static void what_a_command_leaves_running_goes_on(void **state)
{
    struct server_plan plan = {
        .name = "theirs",
        .control = {[SERVER_RESTART] = "(setsid sleep 1005 & echo $! >/tmp/gauntlet-theirs)"}};
    struct server *server = server_new(&plan);
    struct error error = {0};
    FILE *file;
    int pid = 0;

    (void)state;
    assert_int_equal(server_do(server, SERVER_RESTART, &error), 0);
    server_free(server);
    file = fopen("/tmp/gauntlet-theirs", "r");
    assert_non_null(file);
    assert_int_equal(fscanf(file, "%d", &pid), 1);
    (void)fclose(file);
    (void)unlink("/tmp/gauntlet-theirs");
    assert_true(is_alive(pid));
    assert_int_equal(kill(pid, SIGKILL), 0);
}

/* By its name alone a program gets its configuration file; one that says {port} needs none. */
static void programs_are_known_by_name(void **state)
{
    static const struct {
        const char *command, *whole;
    } cases[] = {
        {"redis-server", "exec redis-server {dir}/redis.conf"},
        {"/opt/bin/redis-server --appendonly yes",
         "exec /opt/bin/redis-server {dir}/redis.conf --appendonly yes"},
        {"valkey-server", "exec valkey-server {dir}/valkey.conf"},
        {"redis-server --port {port}", NULL},
        {"redis-server-7", NULL},
        {"nats-server", NULL},
    };

    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(cases); i++) {
        const struct server_preset *preset = server_preset_find(cases[i].command);
        char *whole = preset ? server_preset_command(preset, cases[i].command) : NULL;

        assert_int_equal(preset != NULL, cases[i].whole != NULL);
        if (whole)
            assert_string_equal(whole, cases[i].whole);
        free(whole);
    }
}

static void words_have_names(void **state)
{
    (void)state;
    for (enum server_word word = 0; word < SERVER_WORD_COUNT; word++)
        assert_int_equal(server_word_find(server_word_name(word)), word);
    assert_int_equal(server_word_find("dance"), SERVER_WORD_COUNT);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_of_our_own_has_a_port_a_folder_and_a_log),
        cmocka_unit_test(one_that_ends_at_once_is_said_with_what_it_said),
        cmocka_unit_test(one_that_never_answers_is_ended),
        cmocka_unit_test(words_become_signals),
        cmocka_unit_test(one_that_was_left_frozen_or_dead_is_brought_back),
        cmocka_unit_test(data_stays_over_a_restart_and_goes_when_it_is_wiped),
        cmocka_unit_test(what_was_not_synced_is_forgotten),
        cmocka_unit_test(files_are_bounded_while_it_runs),
        cmocka_unit_test(a_loop_goes_on_while_a_word_is_done),
        cmocka_unit_test(grandchildren_end_with_it_also_when_they_hide),
        cmocka_unit_test(nothing_outlives_us_when_we_are_killed),
        cmocka_unit_test(a_server_that_answers_already_is_somebody_elses),
        cmocka_unit_test(one_that_goes_into_the_background_is_ours_too),
        cmocka_unit_test(commands_stand_above_signals),
        cmocka_unit_test(what_a_command_leaves_running_goes_on),
        cmocka_unit_test(programs_are_known_by_name),
        cmocka_unit_test(words_have_names),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
