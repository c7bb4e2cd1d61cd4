/* plugin_crash.c: accepted, and crashes in the operation it is told to, in the way it is told to;
   or never answers it. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define null_start unused_start
#include "plugin_null.h"
#undef null_start

static char crash_in[32];
static int64_t crash_how;

static int overflow(volatile char *above)
{
    volatile char frame[4096];

    for (size_t i = 0; i < sizeof(frame); i++)
        frame[i] = above[0];
    frame[0]++;
    return frame[0] == above[0] ? 0 : overflow(frame) + frame[1];
}

static void crash_if(const char *where)
{
    volatile char *volatile nowhere = NULL;

    if (strcmp(crash_in, where) != 0)
        return;
    if (crash_how == 0)
        *nowhere = 1; /* NOLINT: this is what it is for */
    else if (crash_how == 1)
        abort();
    else if (crash_how == 2)
        crash_in[0] = (char)overflow(crash_in);
}

static int crash_create(const struct adapter_host *host, const struct adapter_config *config,
                        struct adapter_instance **ret_instance, char reterr[256])
{
    if (config->settings[0].text)
        snprintf(crash_in, sizeof(crash_in), "%s", config->settings[0].text);
    crash_how = config->settings[1].number;
    crash_if("create");
    return null_create(host, config, ret_instance, reterr);
}

static int crash_open(struct adapter_instance *instance, const struct adapter_host *host,
                      const struct adapter_session_config *config,
                      struct adapter_session **ret_session, char reterr[256])
{
    crash_if("open");
    return null_open(instance, host, config, ret_session, reterr);
}

static void crash_publish(struct adapter_session *session, struct adapter_call *call)
{
    crash_if("publish");
    if (crash_how < 3 || strcmp(crash_in, "publish") != 0)
        unused_start(session, call);
}

/* It forgets the answer, or it waits for ever. */
static void crash_ensure_connection(struct adapter_session *session, struct adapter_call *call)
{
    if (strcmp(crash_in, "connect") != 0)
        unused_start(session, call);
    else if (crash_how == 4)
        for (;;)
            (void)pause();
}

static const struct adapter_option options[] = {
    {"in", ADAPTER_OPTION_TEXT, NULL, 0, 0, NULL, "the operation to crash in"},
    {"how", ADAPTER_OPTION_CHOICE, "segv|abort|stack|silent|hang", 0, 0, "segv",
     "the way to crash, or not to answer"},
};

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    .name = "crash",
    .capabilities = ADAPTER_PUBLISH,
    .traits = ADAPTER_TRAIT_IN_PROCESS | ADAPTER_TRAIT_BLOCKS,
    .options = options,
    .option_count = 2,
    .create = crash_create,
    .destroy = null_destroy,
    .open = crash_open,
    .close = null_close,
    .abandon = null_close,
    .publish = crash_publish,
    .ping = unused_start,
    .ensure_connection = crash_ensure_connection,
};
