/* stdio.c: an adapter made of a hello; its instances and sessions live in processes. */
#include "adapters/stdio/stdio.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/home.h"
#include "adapters/stdio/session.h"
#include "adapters/stdio/wire.h"
#include "adapters/stdio/write.h"
#include "base/memory.h"
#include "plugin.h"
#include "port.h"

struct stdio_adapter {
    struct broker_adapter adapter; /* first member */
    struct stdio_adapter *next;
    struct stdio_hello hello;
    struct stdio_homes homes;
    atomic_uint_least32_t instance_count;
    atomic_uint_least64_t session_count;
};

struct adapter_instance {
    struct stdio_adapter *owner;
    const struct adapter_host *host;
    struct stdio_home *home; /* its own, or the shared one; per session: that of the next session */
    char *uri, *members;     /* what 'create' was told, for the processes of sessions */
    uint32_t number, capabilities;
    struct adapter_profile profile;
    atomic_uint session_count; /* opened so far, where each has a process */
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static struct stdio_adapter *adapters;

/* --- Instances ---------------------------------------------------------------------------------
 */

static void write_options(struct text *members, const struct adapter_config *config)
{
    bool is_first = true;

    text_append_string(members, ",\"options\":{");
    for (size_t i = 0; i < config->setting_count; i++) {
        const struct adapter_setting *setting = &config->settings[i];

        if (!setting->text)
            continue;
        if (!is_first)
            text_append(members, ",", 1);
        is_first = false;
        stdio_write_string(members, setting->key, strlen(setting->key));
        text_append(members, ":", 1);
        stdio_write_string(members, setting->text, strlen(setting->text));
    }
    text_append(members, "}", 1);
}

static char *describe(const struct adapter_instance *instance, const struct adapter_config *config)
{
    struct text members = {0};

    stdio_write_count(&members, "instance", instance->number);
    stdio_write_count(&members, "instance_number", config->instance_number);
    stdio_write_member(&members, "uri", config->uri);
    write_options(&members, config);
    return members.data;
}

/* What it declares under its options, where it says so. */
static int create_there(struct adapter_instance *instance, struct stdio_home *home,
                        struct error *reterr)
{
    struct stdio_json *json;

    if (stdio_wire_ask(home->wire, "create", instance->members, &json, reterr) < 0)
        return -1;
    if (home != instance->home) /* it said the same in its first */
        return 0;
    struct stdio_token *root = stdio_json_root(json);
    struct stdio_token *capabilities = stdio_json_get(json, root, "capabilities");
    struct stdio_token *profile = stdio_json_get(json, root, "profile");
    if (capabilities &&
        stdio_hello_capabilities(json, capabilities, &instance->capabilities, reterr) < 0)
        return -1;
    return profile ? stdio_hello_profile(json, profile, &instance->profile, reterr) : 0;
}

static int move_in(struct adapter_instance *instance, bool *ret_is_old, struct error *reterr)
{
    struct stdio_adapter *owner = instance->owner;
    struct stdio_home *home =
        stdio_homes_enter(&owner->homes, owner->hello.processes, ret_is_old, reterr);

    if (!home)
        return -1;
    stdio_wire_log_to(home->wire, instance->host);
    instance->home = home;
    return create_there(instance, home, reterr);
}

static void move_out(struct adapter_instance *instance)
{
    stdio_homes_leave(&instance->owner->homes, instance->home);
    instance->home = NULL;
}

/* A process that others have made crash is not this instance's fault: it gets a fresh one. */
static int settle_in(struct adapter_instance *instance, struct error *reterr)
{
    bool is_old;

    if (move_in(instance, &is_old, reterr) == 0)
        return 0;
    if (!is_old || !stdio_wire_is_dead(instance->home->wire))
        return -1;
    move_out(instance);
    return move_in(instance, &is_old, reterr);
}

static void free_instance(struct adapter_instance *instance)
{
    free(instance->uri);
    free(instance->members);
    free(instance);
}

static void destroy(struct adapter_instance *instance)
{
    struct text members = {0};

    if (!instance)
        return;
    if (instance->home) {
        stdio_write_count(&members, "instance", instance->number);
        stdio_wire_tell(instance->home->wire, "destroy", text_string(&members));
        stdio_wire_log_to(instance->home->wire, NULL);
        text_release(&members);
    }
    move_out(instance);
    free_instance(instance);
}

static int create(const struct adapter_host *host, const struct adapter_config *config,
                  struct adapter_instance **ret_instance, char reterr[256])
{
    union {
        const struct broker_adapter *adapter;
        struct stdio_adapter *owner; /* ours, and never const */
    } cast = {.adapter = config->adapter};
    struct adapter_instance *instance = memory_new(1, sizeof(*instance));
    struct error error = {0};

    instance->owner = cast.owner;
    instance->host = host;
    instance->capabilities = config->adapter->capabilities;
    instance->profile = cast.owner->hello.profile;
    instance->uri = memory_string(config->uri);
    instance->number = atomic_fetch_add(&cast.owner->instance_count, 1);
    instance->members = describe(instance, config);
    if (settle_in(instance, &error) == 0) {
        *ret_instance = instance;
        return 0;
    }
    text_copy(reterr, 256, error.message);
    destroy(instance);
    return -1;
}

static uint32_t declared(const struct adapter_instance *instance)
{
    return instance->capabilities;
}

static const struct adapter_profile *profile_of(const struct adapter_instance *instance)
{
    return &instance->profile;
}

/* --- Sessions ----------------------------------------------------------------------------------
 */

/* Where each session has a process, the first one has that which the instance was made in. */
static bool needs_home(struct adapter_instance *instance, bool falls)
{
    if (instance->owner->hello.processes == STDIO_PROCESS_PER_SESSION)
        return atomic_fetch_add(&instance->session_count, 1) > 0;
    return falls;
}

/* Who blocks cannot be stopped where it is: a crash takes a process, unless the broker is in it. */
static bool falls(const struct adapter_instance *instance,
                  const struct adapter_session_config *config)
{
    const struct stdio_hello *hello = &instance->owner->hello;

    return config->flags & ADAPTER_SESSION_FALLS && hello->traits & ADAPTER_TRAIT_WAITS &&
           !(hello->traits & ADAPTER_TRAIT_IN_PROCESS);
}

static struct stdio_home *home_for_session(struct adapter_instance *instance, bool falls,
                                           struct error *reterr)
{
    struct stdio_homes *homes = &instance->owner->homes;
    struct stdio_home *home;

    if (!needs_home(instance, falls)) {
        stdio_homes_join(homes, instance->home);
        return instance->home;
    }
    home = stdio_homes_take(homes, reterr);
    if (!home)
        return NULL;
    stdio_wire_log_to(home->wire, instance->host);
    if (create_there(instance, home, reterr) == 0)
        return home;
    stdio_homes_leave(homes, home);
    return NULL;
}

struct seat { /* what the harness holds as a session */
    struct adapter_session *session;
    struct adapter_instance *instance;
    struct stdio_home *home;
    bool is_alone; /* its process is its own: a crash kills it */
};

static int open_session(struct adapter_instance *instance, const struct adapter_host *host,
                        const struct adapter_session_config *config,
                        struct adapter_session **ret_session, char reterr[256])
{
    struct stdio_adapter *owner = instance->owner;
    struct error error = {0};
    bool is_alone = falls(instance, config);
    struct stdio_home *home = home_for_session(instance, is_alone, &error);
    struct seat *seat;

    if (!home) {
        text_copy(reterr, 256, error.message);
        return -1;
    }
    seat = memory_new(1, sizeof(*seat));
    struct stdio_session_plan plan = {.wire = home->wire,
                                      .number = atomic_fetch_add(&owner->session_count, 1) + 1,
                                      .instance = instance->number,
                                      .uri = instance->uri};
    is_alone |= owner->hello.processes == STDIO_PROCESS_PER_SESSION;
    *seat = (struct seat){.instance = instance, .home = home, .is_alone = is_alone};
    if (stdio_session_open(&plan, host, config, &seat->session, reterr) == 0) {
        *ret_session = (struct adapter_session *)seat;
        return 0;
    }
    stdio_homes_leave(&owner->homes, home);
    free(seat);
    return -1;
}

static void end_session(struct adapter_session *session, bool is_abandoned)
{
    struct seat *seat = (struct seat *)session;

    if (!seat)
        return;
    struct stdio_adapter *owner = seat->instance->owner;
    stdio_session_close(seat->session, is_abandoned);
    if (is_abandoned && seat->is_alone)
        stdio_wire_kill(seat->home->wire, "its process was killed, as its consumer crashed");
    stdio_homes_leave(&owner->homes, seat->home);
    free(seat);
}

static void close_session(struct adapter_session *session)
{
    end_session(session, false);
}

static void abandon_session(struct adapter_session *session)
{
    end_session(session, true);
}

static void start(struct adapter_session *session, struct adapter_call *call)
{
    stdio_session_start(((struct seat *)session)->session, call);
}

uint64_t stdio_adapters_losses(void)
{
    return atomic_load(&stdio_wire_losses);
}

/* --- The adapter -------------------------------------------------------------------------------
 */

static void fill_in_operations(struct broker_adapter *adapter, const bool *operations)
{
    adapter_start *starter = start;
    char bytes[sizeof(*adapter)];

    memcpy(bytes, adapter, sizeof(bytes));
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++)
        if (operations[i])
            memcpy(bytes + port_operations[i].offset, &starter, sizeof(starter));
    memcpy(adapter, bytes, sizeof(bytes));
}

static void make_adapter(struct stdio_adapter *owner)
{
    const struct stdio_hello *hello = &owner->hello;

    owner->adapter = (struct broker_adapter){
        .abi = BROKER_ADAPTER_ABI,
        .struct_size = sizeof(owner->adapter),
        .name = hello->name,
        .summary = hello->summary,
        .capabilities = hello->capabilities,
        .traits = hello->traits | ADAPTER_TRAIT_REAL_TIME,
        .options = hello->options,
        .option_count = hello->option_count,
        .disturbances = hello->disturbances,
        .disturbance_count = hello->disturbance_count,
        .profile = &hello->profile,
        .create = create,
        .destroy = destroy,
        .open = open_session,
        .close = close_session,
        .abandon = abandon_session,
        .declared = declared,
        .profile_of = profile_of,
    };
    fill_in_operations(&owner->adapter, hello->operations);
}

/* Its hello is copied by asking a process of its own: the texts must outlive all processes. */
static int introduce(struct stdio_adapter *owner, struct error *reterr)
{
    const struct stdio_hello *hello = stdio_homes_introduce(&owner->homes, reterr);

    if (!hello)
        return -1;
    stdio_hello_copy(hello, &owner->hello);
    make_adapter(owner);
    return plugin_check(&owner->adapter, "its hello", reterr);
}

static void free_adapter(struct stdio_adapter *owner)
{
    stdio_homes_release(&owner->homes);
    stdio_hello_release(&owner->hello);
    free(owner);
}

const struct broker_adapter *stdio_adapter_load(const char *command, struct error *reterr)
{
    struct stdio_adapter *owner = memory_new(1, sizeof(*owner));

    stdio_homes_init(&owner->homes, command);
    if (introduce(owner, reterr) < 0) {
        free_adapter(owner);
        (void)error_prefix(reterr, "exec:%.100s: ", command);
        return NULL;
    }
    pthread_mutex_lock(&mutex);
    owner->next = adapters;
    adapters = owner;
    pthread_mutex_unlock(&mutex);
    return &owner->adapter;
}

/* All are told before the first is waited for. */
void stdio_adapters_leave(void)
{
    pthread_mutex_lock(&mutex);
    for (struct stdio_adapter *owner = adapters; owner; owner = owner->next)
        stdio_homes_tell(&owner->homes);
    for (struct stdio_adapter *owner = adapters; owner; owner = owner->next)
        stdio_homes_wait(&owner->homes);
    pthread_mutex_unlock(&mutex);
}
