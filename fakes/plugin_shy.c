/* plugin_shy.c: accepted: a broker with a fault of its own, under which it refuses what is
 * published.
 */
#include <string.h>

#include "plugin_null.h"

static int is_hiding;

static void shy_publish(struct adapter_session *session, struct adapter_call *call)
{
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_REFUSED,
                                    .error = ADAPTER_ERROR_OTHER,
                                    .attempts = 1,
                                    .detail = "it hides"};

    if (is_hiding)
        call->done(call, &result);
    else
        null_start(session, call);
}

static void shy_disturb(struct adapter_session *session, struct adapter_call *call)
{
    static const char UNDO[] = "{\"undo\": \"hide\"}";
    struct adapter_result result = {.struct_size = sizeof(result),
                                    .outcome = ADAPTER_DONE,
                                    .attempts = 1,
                                    .number = 1,
                                    .text = {UNDO, sizeof(UNDO) - 1}};

    (void)session;
    if (!(call->flags & ADAPTER_CALL_PREVIEW))
        is_hiding = strcmp(call->key, "hide") == 0;
    call->done(call, &result);
}

static void shy_restore(struct adapter_session *session, struct adapter_call *call)
{
    is_hiding = 0;
    null_start(session, call);
}

static const struct adapter_disturbance disturbances[] = {
    {"hide", ADAPTER_OPTION_CHOICE, ADAPTER_DISTURBANCE_LASTS, "here|there", 0, 0, "here",
     "it refuses what is published"},
};

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_LIFE,
    .name = "shy",
    .traits = ADAPTER_TRAIT_IN_PROCESS | ADAPTER_TRAIT_BLOCKS,
    .disturbances = disturbances,
    .disturbance_count = 1,
    .publish = shy_publish,
    .ping = null_start,
    .ensure_connection = null_start,
    .disturb = shy_disturb,
    .restore = shy_restore,
};
