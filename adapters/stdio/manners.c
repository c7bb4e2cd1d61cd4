/* manners.c: requests that any adapter can be asked, and one that none can. */
#include "adapters/stdio/manners.h"

#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <unistd.h>

#include "adapters/stdio/operation.h"
#include "adapters/stdio/stdio.h"
#include "adapters/stdio/wire.h"
#include "adapters/stdio/write.h"
#include "port.h"

struct manners {
    const struct stdio_manners_plan *plan;
    struct stdio_wire *wire;
    const struct broker_adapter *adapter;
    size_t broken;
    char stream[64];
};

static void tell(struct manners *manners, const char *rule, const char *wrong)
{
    manners->broken += wrong != NULL;
    manners->plan->tell(manners->plan->context, rule, wrong);
}

/* --- Questions -------------------------------------------------------------------------------- */

static int ask(struct manners *manners, struct error *reterr, const char *op, const char *format,
               ...) __attribute__((format(printf, 4, 5)));

/* 0 when it was answered without an error. */
static int ask(struct manners *manners, struct error *reterr, const char *op, const char *format,
               ...)
{
    struct text members = {0};
    struct stdio_json *json;
    va_list arguments;

    va_start(arguments, format);
    text_appendv(&members, format, arguments);
    va_end(arguments);
    *reterr = (struct error){0};
    int result = stdio_wire_ask(manners->wire, op, text_string(&members), &json, reterr);
    text_release(&members);
    return result;
}

static void expect_success(struct manners *manners, const char *rule, int result,
                           const struct error *error)
{
    tell(manners, rule, result == 0 ? NULL : error->message);
}

/* --- Rules ------------------------------------------------------------------------------------ */

static void begin(struct manners *manners)
{
    struct text members = {0};
    struct error error;

    stdio_write_member(&members, "uri", manners->plan->uri);
    int result =
        ask(manners, &error, "create", ",\"instance\":0,\"instance_number\":0,\"options\":{}%s",
            text_string(&members));
    expect_success(manners, "makes an instance when it is told to 'create'", result, &error);
    result = ask(manners, &error, "open", ",\"instance\":0,\"session\":1,\"name\":\"manners\"%s",
                 text_string(&members));
    expect_success(manners, "opens a session", result, &error);
    text_release(&members);
}

static void try_unknown_member(struct manners *manners)
{
    struct error error;
    int result =
        ask(manners, &error, "ping", ",\"session\":1,\"from_the_future\":[1,{\"a\":null}]");

    expect_success(manners, "ignores members that it does not know", result, &error);
}

static void try_unknown_operation(struct manners *manners)
{
    static const char rule[] = "answers an operation that there is not with 'not_supported'";
    const struct stdio_question question = {.operation = ADAPTER_OP_PING};
    struct stdio_complaint complaint = {"", ""};
    struct adapter_result result;
    struct error error;

    if (ask(manners, &error, "juggle", ",\"session\":1") == 0) {
        tell(manners, rule, "it answered as if it could");
        return;
    }
    if (stdio_wire_examine(manners->wire, &question, &result, &complaint) < 0)
        tell(manners, rule, complaint.why[0] ? complaint.why : error.message);
    else if (result.error != ADAPTER_ERROR_NOT_SUPPORTED)
        tell(manners, rule, "the kind of its error is another");
    else
        tell(manners, rule, NULL);
}

static void try_unknown_session(struct manners *manners, const char *rule, int session)
{
    struct error error;
    int result = ask(manners, &error, "ping", ",\"session\":%d", session);

    tell(manners, rule, result < 0 ? NULL : "it answered as if there were one");
}

/* What harms nobody, with what it is asked with. */
static const struct {
    uint32_t operation;
    size_t item_count;
    const char *members;
} HARMLESS[] = {
    {ADAPTER_OP_PING, 0, ""},
    {ADAPTER_OP_ENSURE_CONNECTION, 0, ""},
    {ADAPTER_OP_PUBLISH, 2, ",\"items\":[\"{\\\"n\\\": 1}\",\"{\\\"n\\\": \\\"\\u00e9\\\"}\"]"},
    {ADAPTER_OP_ENSURE_GROUP, 0, ",\"group\":\"g\""},
    {ADAPTER_OP_GET_NEXT, 0, ",\"group\":\"g\""},
    {ADAPTER_OP_READ, 0, ",\"group\":\"g\",\"count\":5"},
    {ADAPTER_OP_ACK, 1, ",\"group\":\"g\",\"items\":[\"no such id\"]"},
    {ADAPTER_OP_NACK, 1, ",\"group\":\"g\",\"items\":[\"no such id\"]"},
    {ADAPTER_OP_READ_FROM, 0, ",\"key\":\"start\",\"count\":5"},
    {ADAPTER_OP_HEALTH_STATS, 0, ""},
    {ADAPTER_OP_INFO, 0, ""},
    {ADAPTER_OP_STREAM_DEPTH, 0, ""},
    {ADAPTER_OP_STREAM_REMOVE, 0, ""},
};

static void try_operation(struct manners *manners, size_t index)
{
    const char *name = port_operations[HARMLESS[index].operation].name;
    const struct stdio_question question = {.operation = HARMLESS[index].operation,
                                            .item_count = HARMLESS[index].item_count};
    struct stdio_complaint complaint = {"", ""};
    struct adapter_result result;
    struct error error;
    char rule[80], wrong[600];

    (void)snprintf(rule, sizeof(rule), "answers %s as the protocol says", name);
    (void)ask(manners, &error, name, ",\"session\":1,\"stream\":\"%s\"%s,\"timeout_ms\":5000",
              manners->stream, HARMLESS[index].members);
    if (stdio_wire_examine(manners->wire, &question, &result, &complaint) == 0) {
        tell(manners, rule, NULL);
        return;
    }
    (void)snprintf(wrong, sizeof(wrong), "%s%s%s", complaint.why[0] ? complaint.why : error.message,
                   complaint.expected[0] ? "; expected: " : "", complaint.expected);
    tell(manners, rule, wrong);
}

static void finish(struct manners *manners)
{
    static const char rule[] = "ends by itself when its input ends";
    struct error error;
    char why[400];
    int result = ask(manners, &error, "close", ",\"session\":1");

    expect_success(manners, "closes a session", result, &error);
    try_unknown_session(manners, "knows a closed session no more", 1);
    result = ask(manners, &error, "destroy", ",\"instance\":0");
    expect_success(manners, "destroys an instance", result, &error);
    bool is_late = !stdio_wire_end(manners->wire, why, sizeof(why));
    tell(manners, rule, is_late ? why : NULL);
}

int stdio_manners_check(const struct stdio_manners_plan *plan, size_t *ret_broken,
                        struct error *reterr)
{
    struct manners manners = {.plan = plan};

    manners.adapter = stdio_adapter_load(plan->command, reterr);
    if (!manners.adapter)
        return -1;
    tell(&manners, "says hello, and has what it declares", NULL);
    manners.wire = stdio_wire_new(plan->command, reterr);
    if (!manners.wire || !stdio_wire_hello(manners.wire, reterr)) {
        stdio_wire_free(manners.wire);
        return -1;
    }
    (void)snprintf(manners.stream, sizeof(manners.stream), "gauntlet:manners:%ld", (long)getpid());
    begin(&manners);
    try_unknown_member(&manners);
    try_unknown_operation(&manners);
    try_unknown_session(&manners, "answers with an error for a session that there is not", 77);
    for (size_t i = 0; i < sizeof(HARMLESS) / sizeof(HARMLESS[0]); i++)
        if (port_has(manners.adapter, HARMLESS[i].operation))
            try_operation(&manners, i);
    finish(&manners);
    *ret_broken = manners.broken;
    return 0;
}
