/* test_redis_disturb.c: faults by a server's own commands: what it answers while one is on, and
   that its undo heals it, also from another session. */
#include "support/unit.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <hiredis/hiredis.h>

#include "adapters/redis/redis.h"
#include "port.h"
#include "support/redis_desk.h"
#include "support/redis_server.h"

static struct redis_server server;
static struct desk desk; /* large */

static int start_server(void **state)
{
    (void)state;
    if (!redis_server_is_installed())
        return 0;
    return redis_server_start(&server, NULL);
}

static int stop_server(void **state)
{
    (void)state;
    redis_server_release(&server);
    return 0;
}

static void open_desk(struct desk *which)
{
    if (!redis_server_is_installed())
        skip();
    assert_int_equal(desk_open(which, &redis_adapter, server.uri, "c", NULL), 0);
}

static const struct desk_answer *disturb(const char *key, const char *argument, uint32_t flags)
{
    struct adapter_call call = {.struct_size = sizeof(call),
                                .operation = ADAPTER_OP_DISTURB,
                                .key = key,
                                .token = argument,
                                .flags = flags};

    return desk_do(&desk, &call);
}

static const struct desk_answer *restore(struct desk *which, const char *undo)
{
    const struct adapter_text item = {undo, strlen(undo)};
    struct adapter_call call = {.struct_size = sizeof(call),
                                .operation = ADAPTER_OP_RESTORE,
                                .items = &item,
                                .item_count = 1};

    return desk_do(which, &call);
}

/* What a second client is answered. */
static const char *ask(const char *words)
{
    static char answer[300];

    return redis_server_text(&server, answer, sizeof(answer), words);
}

/* --- Each fault, by what the server then answers ----------------------------------------------
 */

static const struct {
    const char *key, *argument;
    const char *command, *answer; /* how it begins */
    const char *healed;
} FAULTS[] = {
    {"out_of_memory", NULL, "XADD s * f v", "OOM ", "1"},
    {"out_of_memory", "4KiB", "CONFIG GET maxmemory", "(no text)", "(no text)"},
    {"deny", "xack", "XACK s g 1-1", "NOPERM ", "(no text)"},
    {"deny", "xadd, xgroup|create", "XGROUP CREATE s h $ MKSTREAM", "NOPERM ", "OK"},
    {"read_only", NULL, "XADD s * f v", "READONLY ", "1"},
    {"too_few_replicas", "2", "XADD s * f v", "NOREPLICAS ", "1"},
    {"busy", NULL, "PING", "BUSY ", "PONG"},
};

static void each_fault_shows_in_answers_and_is_healed_by_its_undo(void **state)
{
    (void)state;
    for (size_t i = 0; i < ARRAY_SIZE(FAULTS); i++) {
        const struct desk_answer *answer;
        static struct desk other;
        char *undo;

        open_desk(&desk);
        answer = disturb(FAULTS[i].key, FAULTS[i].argument, 0);
        if (answer->outcome != ADAPTER_DONE)
            fail_msg("%s: %s", FAULTS[i].key, answer->detail);
        undo = strdup(answer->text);
        if (strncmp(ask(FAULTS[i].command), FAULTS[i].answer, strlen(FAULTS[i].answer)) != 0)
            fail_msg("%s: %s", FAULTS[i].key, ask(FAULTS[i].command));
        desk_abandon(&desk); /* as if we had been killed */
        assert_int_equal(desk_open(&other, &redis_adapter, server.uri, "d", NULL), 0);
        answer = restore(&other, undo);
        if (answer->outcome != ADAPTER_DONE)
            fail_msg("healing %s: %s", FAULTS[i].key, answer->detail);
        if (strncmp(ask(FAULTS[i].command), FAULTS[i].healed, strlen(FAULTS[i].healed)) != 0)
            fail_msg("%s is not healed: %s", FAULTS[i].key, ask(FAULTS[i].command));
        desk_close(&other);
        free(undo);
    }
    assert_int_equal(redis_server_number(&server, "CONFIG GET maxmemory"), 2);
    assert_string_equal(ask("CONFIG SET maxmemory 0"), "OK");
}

/* A fault without a row above has a test of its own below. */
static void no_fault_of_the_table_is_left_out(void **state)
{
    static const char *const APART[] = {"kick", "max_clients", "pause_clients", "pause_writes"};

    (void)state;
    for (uint64_t i = 0; i < redis_adapter.disturbance_count; i++) {
        const char *key = redis_adapter.disturbances[i].key;
        bool is_proved = false;

        for (size_t k = 0; k < ARRAY_SIZE(FAULTS); k++)
            is_proved |= strcmp(FAULTS[k].key, key) == 0;
        for (size_t k = 0; k < ARRAY_SIZE(APART); k++)
            is_proved |= strcmp(APART[k], key) == 0;
        if (!is_proved)
            fail_msg("nothing shows what %s does", key);
    }
}

/* --- Pauses: who waits, and what ends it ------------------------------------------------------
 */

/* A third client, whose command is on its way while we do something else. */
static redisContext *send_apart(const char *command)
{
    const struct timeval patience = {.tv_sec = 20};
    redisContext *client = redisConnectUnix(server.socket_uri + strlen("unix://"));
    int is_sent = 0;

    assert_int_equal(client->err, 0);
    redisSetTimeout(client, patience);
    assert_int_equal(redisAppendCommand(client, command), REDIS_OK);
    while (!is_sent)
        assert_int_equal(redisBufferWrite(client, &is_sent), REDIS_OK);
    return client;
}

static bool is_answered(const redisContext *client)
{
    struct pollfd look = {.fd = client->fd, .events = POLLIN};

    return poll(&look, 1, 0) > 0;
}

/* The answer must come; then the client leaves. */
static void assert_answer(redisContext *client, const char *begins)
{
    redisReply *reply = NULL;

    assert_int_equal(redisGetReply(client, (void **)&reply), REDIS_OK);
    assert_non_null(reply->str);
    if (strncmp(reply->str, begins, strlen(begins)) != 0)
        fail_msg("%s", reply->str);
    freeReplyObject(reply);
    redisFree(client);
}

static bool somebody_is_held(void)
{
    static char answer[2000];

    redis_server_text(&server, answer, sizeof(answer), "INFO clients");
    return strstr(answer, "blocked_clients:1") != NULL;
}

/* The pause outlasts all patience here: only its undo can end it. */
static void paused_writes_wait_for_the_undo_while_others_are_answered(void **state)
{
    static struct desk other;
    redisContext *writer;
    char *undo;

    (void)state;
    open_desk(&desk);
    assert_int_equal(disturb("pause_writes", "60s", 0)->outcome, ADAPTER_DONE);
    undo = strdup(desk.answer.text);
    writer = send_apart("XADD paused 1-1 f v");
    assert_string_equal(ask("PING"), "PONG"); /* sent later, answered before */
    for (int i = 0; i < 100000 && !somebody_is_held(); i++)
        assert_false(is_answered(writer));
    assert_true(somebody_is_held());
    assert_int_equal(redis_server_number(&server, "XLEN paused"), 0);
    assert_false(is_answered(writer));
    desk_abandon(&desk);
    assert_int_equal(desk_open(&other, &redis_adapter, server.uri, "d", NULL), 0);
    assert_int_equal(restore(&other, undo)->outcome, ADAPTER_DONE);
    assert_answer(writer, "1-1");
    assert_int_equal(redis_server_number(&server, "XLEN paused"), 1);
    assert_string_equal(ask("XADD paused 1-2 f v"), "1-2");
    desk_close(&other);
    free(undo);
}

static uint64_t clock_ms(void)
{
    struct timespec now;

    clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

/* Not even the undo is heard before its time is over, so only the least time can be told. */
static void paused_clients_are_all_answered_when_the_time_is_over(void **state)
{
    uint64_t begin_ms;
    redisContext *reader;
    char *undo;

    (void)state;
    open_desk(&desk);
    assert_string_equal(ask("PING"), "PONG");
    begin_ms = clock_ms();
    assert_int_equal(disturb("pause_clients", "400ms", 0)->outcome, ADAPTER_DONE);
    undo = strdup(desk.answer.text);
    reader = send_apart("PING");
    assert_int_equal(restore(&desk, undo)->outcome, ADAPTER_DONE);
    assert_answer(reader, "PONG");
    assert_true(clock_ms() - begin_ms >= 399); /* two clocks, each cut to whole milliseconds */
    assert_string_equal(ask("PING"), "PONG");
    assert_false(somebody_is_held());
    desk_close(&desk);
    free(undo);
}

static void an_undo_puts_back_what_was_there_before(void **state)
{
    const struct desk_answer *answer;
    char *undo;

    (void)state;
    open_desk(&desk);
    assert_string_equal(ask("CONFIG SET maxmemory 64mb"), "OK");
    answer = disturb("out_of_memory", "1", 0);
    assert_int_equal(answer->outcome, ADAPTER_DONE);
    assert_string_equal(answer->text,
                        "{\"disturbance\": \"out_of_memory\", \"commands\": [[\"CONFIG\", \"SET\", "
                        "\"maxmemory\", \"67108864\"]]}");
    undo = strdup(answer->text);
    assert_int_equal(restore(&desk, undo)->outcome, ADAPTER_DONE);
    free(undo);
    assert_string_equal(ask("XADD p * f v") ? "x" : "", "x");
    assert_string_equal(ask("CONFIG SET maxmemory 0"), "OK");
    desk_close(&desk);
}

/* What was denied before stays denied. */
static void a_denial_of_others_is_not_undone(void **state)
{
    const struct desk_answer *answer;
    char *undo;

    (void)state;
    open_desk(&desk);
    assert_string_equal(ask("ACL SETUSER default -xtrim"), "OK");
    answer = disturb("deny", "xtrim xdel", 0);
    assert_int_equal(answer->outcome, ADAPTER_DONE);
    assert_string_equal(answer->text, "{\"disturbance\": \"deny\", \"commands\": [[\"ACL\", "
                                      "\"SETUSER\", \"default\", \"+xdel\"]]}");
    undo = strdup(answer->text);
    assert_int_equal(strncmp(ask("XDEL s 1-1"), "NOPERM ", 7), 0);
    assert_int_equal(restore(&desk, undo)->outcome, ADAPTER_DONE);
    free(undo);
    assert_int_equal(strncmp(ask("XTRIM s MAXLEN 1"), "NOPERM ", 7), 0);
    assert_int_equal(redis_server_number(&server, "XDEL s 1-1"), 0);
    assert_string_equal(ask("ACL SETUSER default +xtrim"), "OK");
    desk_close(&desk);
}

static void a_preview_tells_the_undo_and_changes_nothing(void **state)
{
    const struct desk_answer *answer;

    (void)state;
    open_desk(&desk);
    for (uint64_t i = 0; i < redis_adapter.disturbance_count; i++) {
        answer = disturb(redis_adapter.disturbances[i].key, i == 1 ? "xack" : NULL,
                         ADAPTER_CALL_PREVIEW);
        assert_int_equal(answer->outcome, ADAPTER_DONE);
        assert_non_null(strstr(answer->text, "\"commands\": ["));
        assert_string_equal(ask("PING"), "PONG");
        assert_int_equal(redis_server_number(&server, "XACK s g 1-1"), 0);
        assert_true(redis_server_number(&server, "XADD s * f v") != -1);
    }
    desk_close(&desk);
}

static void new_connections_are_refused_and_others_are_kicked(void **state)
{
    struct redis_server second = server;
    const struct desk_answer *answer;
    char text[200], *undo;

    (void)state;
    open_desk(&desk);
    assert_string_equal(ask("PING"), "PONG"); /* a client that is there */
    answer = disturb("max_clients", "1", 0);
    assert_int_equal(answer->outcome, ADAPTER_DONE);
    undo = strdup(answer->text);
    second.admin = NULL;
    redis_server_text(&second, text, sizeof(text), "PING");
    assert_string_not_equal(text, "PONG");
    answer = disturb("kick", NULL, 0);
    assert_int_equal(answer->outcome, ADAPTER_DONE);
    assert_int_equal(answer->number, 1);
    assert_string_equal(ask("PING"), "(no answer)");
    assert_int_equal(restore(&desk, undo)->outcome, ADAPTER_DONE);
    assert_string_equal(ask("PING"), "PONG");
    free(undo);
    desk_close(&desk);
}

static void what_could_never_be_put_right_is_refused(void **state)
{
    static const char *const words[] = {"", "acl", "xack,CONFIG", "@all", "allcommands", " , "};

    (void)state;
    open_desk(&desk);
    for (size_t i = 0; i < ARRAY_SIZE(words); i++)
        assert_int_equal(disturb("deny", words[i], 0)->outcome, ADAPTER_REFUSED);
    assert_int_equal(disturb("flood", NULL, 0)->outcome, ADAPTER_UNSUPPORTED);
    assert_int_equal(disturb("out_of_memory", "much", 0)->outcome, ADAPTER_REFUSED);
    assert_int_equal(restore(&desk, "{\"commands\": [[\"FLUSHALL\"]]}")->outcome, ADAPTER_REFUSED);
    assert_int_equal(restore(&desk, "[]")->outcome, ADAPTER_REFUSED);
    assert_int_equal(restore(&desk, "{\"commands\": []}")->outcome, ADAPTER_DONE);
    assert_string_equal(ask("PING"), "PONG");
    desk_close(&desk);
}

int main(void)
{
    static const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_fault_shows_in_answers_and_is_healed_by_its_undo),
        cmocka_unit_test(no_fault_of_the_table_is_left_out),
        cmocka_unit_test(paused_writes_wait_for_the_undo_while_others_are_answered),
        cmocka_unit_test(paused_clients_are_all_answered_when_the_time_is_over),
        cmocka_unit_test(an_undo_puts_back_what_was_there_before),
        cmocka_unit_test(a_denial_of_others_is_not_undone),
        cmocka_unit_test(a_preview_tells_the_undo_and_changes_nothing),
        cmocka_unit_test(new_connections_are_refused_and_others_are_kicked),
        cmocka_unit_test(what_could_never_be_put_right_is_refused),
    };

    (void)signal(SIGPIPE, SIG_IGN);
    return cmocka_run_group_tests(tests, start_server, stop_server);
}
