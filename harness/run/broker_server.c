/* broker_server.c: `spawn` and `control` of a scenario become servers. */
#include "run/broker_server.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "run/broker_replication.h"
#include "server/preset.h"
#include "server/server.h"

#define LOG_SIZE_MAX (4u << 20)

/* --- Plans ----------------------------------------------------------------------------------- */

/* Gives. */
static char *write_config(const struct server_preset *preset, const struct scenario_spawn *spawn,
                          const char *following)
{
    struct text text = {0};

    text_append_string(&text, preset->first);
    for (size_t i = 0; i < spawn->config_count; i++)
        text_appendf(&text, "%s %s\n", spawn->config[i].key, spawn->config[i].text);
    text_append_string(&text, following);
    text_append_string(&text, preset->last);
    return text.data; /* never empty */
}

static int check_preset(const struct scenario_spawn *spawn, const struct server_preset *preset,
                        struct error *reterr)
{
    if (preset || (spawn->config_count == 0 && !spawn->replica))
        return 0;
    return error_set(reterr, ERROR_SCENARIO,
                     "'%s' is for servers that are started by their name alone, as in 'command: "
                     "redis-server': '%.80s' says how it is started",
                     spawn->replica ? "replica" : "config", spawn->command);
}

struct start {
    const char *name;
    const char *following; /* configuration behind the scenario's */
    bool may_lose_power;
};

static struct server *start(const struct scenario_spawn *spawn, const struct start *how,
                            struct error *reterr)
{
    const struct server_preset *preset = server_preset_find(spawn->command);
    char *command, *config = NULL;
    struct server_plan plan = {.name = how->name,
                               .ready = spawn->ready,
                               .ready_timeout_ns = spawn->timeout_ns,
                               .may_lose_power = how->may_lose_power};
    struct server *server;

    if (check_preset(spawn, preset, reterr) < 0)
        return NULL;
    command =
        preset ? server_preset_command(preset, spawn->command) : memory_string(spawn->command);
    if (preset) {
        config = write_config(preset, spawn, how->following);
        plan.config = config;
        plan.config_name = preset->config_name;
        plan.ready = spawn->ready ? spawn->ready : preset->ready;
    }
    plan.command = command;
    server = server_new(&plan);
    free(command);
    free(config);
    if (server_start(server, reterr) == 0)
        return server;
    server_free(server);
    return NULL;
}

struct server *broker_server_spawn(const char *command, struct error *reterr)
{
    char *own = memory_string(command);
    const struct scenario_spawn spawn = {.command = own};
    const struct server_preset *preset = server_preset_find(command);
    const struct start how = {.name = "conform", .following = preset ? preset->keeps : ""};
    struct server *server = start(&spawn, &how, reterr);

    free(own);
    return server;
}

/* --- Where it is ----------------------------------------------------------------------------- */

char *broker_server_uri(const struct server *server, const char *command, const char *adapter,
                        const char *uri)
{
    const struct server_preset *preset = server_preset_find(command);

    if (uri)
        return server_fill_in(server, uri);
    if (preset)
        return server_fill_in(server, preset->uri);
    return memory_format("%.*s://127.0.0.1:%u", (int)strcspn(adapter, "_"), adapter,
                         server_port(server));
}

/* --- A broker's servers ---------------------------------------------------------------------- */

static int place_error(const struct broker *broker, struct error *reterr)
{
    if (!reterr->place.file)
        reterr->place = broker->scenario->place;
    return error_prefix(reterr, "broker %s: ", broker->scenario->name);
}

static int start_replica(struct broker *broker, const struct endpoint_place *place,
                         struct error *reterr)
{
    char *name;

    if (!broker->scenario->spawn.replica)
        return 0;
    name = memory_format("%s-replica", broker->scenario->name);
    broker->replica =
        start(&broker->scenario->spawn, &(struct start){.name = name, .following = ""}, reterr);
    free(name);
    return broker->replica ? broker_replication_open(broker, place, reterr) : -1;
}

static int start_own(struct broker *broker, const struct endpoint_place *place, bool may_lose_power,
                     struct error *reterr)
{
    const struct scenario_broker *scenario = broker->scenario;
    const struct start how = {
        .name = scenario->name, .following = "", .may_lose_power = may_lose_power};

    broker->server = start(&scenario->spawn, &how, reterr);
    if (!broker->server || start_replica(broker, place, reterr) < 0)
        return place_error(broker, reterr);
    const char *scheme = broker->endpoint.adapter->name; /* a plugin's own, not its path */
    broker->own_uri =
        broker_server_uri(broker->server, scenario->spawn.command, scheme, scenario->uri);
    broker->own_uri_shown =
        broker_server_uri(broker->server, scenario->spawn.command, scheme, scenario->uri_shown);
    broker->uri = broker->own_uri;
    broker->uri_shown = broker->own_uri_shown;
    return 0;
}

static void drive_theirs(struct broker *broker)
{
    struct server_plan plan = {.name = broker->scenario->name};
    bool has_any = false;

    for (enum server_word word = 0; word < SERVER_WORD_COUNT; word++) {
        plan.control[word] =
            scenario_control_of(&broker->scenario->control, server_word_name(word));
        has_any |= plan.control[word] != NULL;
    }
    if (has_any)
        broker->server = server_new(&plan);
}

int broker_server_open(struct broker *broker, const struct endpoint_place *place,
                       bool may_lose_power, struct error *reterr)
{
    const struct scenario_broker *scenario = broker->scenario;

    broker->uri = scenario->uri;
    broker->uri_shown = scenario->uri_shown;
    if (scenario->spawn.command && broker->endpoint.adapter->traits & ADAPTER_TRAIT_IN_PROCESS) {
        (void)error_set(reterr, ERROR_SCENARIO,
                        "adapter %s has its broker in this process: there is no server to spawn",
                        scenario->adapter);
        return place_error(broker, reterr);
    }
    if (scenario->spawn.command)
        return start_own(broker, place, may_lose_power, reterr);
    drive_theirs(broker);
    return 0;
}

void broker_server_close(struct broker *broker)
{
    server_free(broker->replica);
    server_free(broker->server);
    broker_replication_close(broker);
    free(broker->own_uri);
    free(broker->own_uri_shown);
    broker->replica = broker->server = NULL;
    broker->own_uri = broker->own_uri_shown = NULL;
}

char *broker_server_log(const struct broker *broker)
{
    struct text text = {0};
    const struct server *servers[] = {broker->server, broker->replica};

    for (size_t i = 0; i < sizeof(servers) / sizeof(servers[0]); i++) {
        char *log = servers[i] ? server_log(servers[i], LOG_SIZE_MAX) : NULL;

        if (log && i > 0)
            text_append_string(&text, "\n--- the replica\n");
        if (log)
            text_append_string(&text, log);
        free(log);
    }
    return text.data;
}
