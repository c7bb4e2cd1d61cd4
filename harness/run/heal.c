/* heal.c: each undo is a command for a shell, or the adapter's own. */
#include "run/heal.h"

#include <stdlib.h>
#include <string.h>

#include <jansson.h>

#include "base/memory.h"
#include "link/link.h"
#include "registry.h"
#include "run/instance.h"
#include "run/undo.h"
#include "run/wait.h"
#include "scenario/environment.h"
#include "server/server.h"

#define RESTORE_TIMEOUT_NS 20000000000u

/* --- By a command ---------------------------------------------------------------------------- */

static int run_command(const struct undo_entry *entry, struct error *reterr)
{
    const struct server_plan plan = {.name = entry->broker,
                                     .control = {[SERVER_RESTART] = entry->command}};
    struct server *server = server_new(&plan);
    int result = server_do(server, SERVER_RESTART, reterr);

    server_free(server);
    return result;
}

/* --- By the adapter -------------------------------------------------------------------------- */

/* Where the server is: as said now, or as on record with its references looked up.  Gives. */
static int find_uri(const struct heal_options *options, const struct undo_entry *entry,
                    char **ret_uri, struct error *reterr)
{
    static const struct source_place place = {UNDO_FILE_NAME, 0, 0};
    const char *shown = options->uri ? options->uri : entry->uri;
    bool has_reference = false;

    if (!shown)
        return 0;
    if (strstr(shown, "***"))
        return error_set(reterr, ERROR_USAGE,
                         "the password of %.200s is not on record: say --uri URI", shown);
    return environment_expand(shown, place, ret_uri, &has_reference, reterr);
}

static int ask(struct loop *loop, struct endpoint *endpoint, struct adapter_call *call,
               struct error *reterr)
{
    const struct waiter waiter = {.loop = loop};
    struct answer answer;
    int result;

    wait_answer(&waiter, endpoint, call, RESTORE_TIMEOUT_NS, &answer);
    result = answer.outcome == ADAPTER_DONE
                 ? 0
                 : error_set(reterr, ERROR_ADAPTER, "%s",
                             answer.detail[0] ? answer.detail : "no answer");
    answer_release(&answer);
    return result;
}

static int ask_restore(struct loop *loop, struct endpoint *endpoint, const struct undo_entry *entry,
                       struct error *reterr)
{
    const struct adapter_text undo = {entry->undo, strlen(entry->undo)};
    struct adapter_call call = {.operation = ADAPTER_OP_RESTORE, .items = &undo, .item_count = 1};

    return ask(loop, endpoint, &call, reterr);
}

/* --- Private streams ------------------------------------------------------------------------- */

/* "gauntlet:1a2b3c4d:orders" of the run 1a2b3c4d: nothing else is ever removed. */
static bool is_of_run(const char *stream, const char *run)
{
    size_t size = run ? strlen(run) : 0;

    return size > 0 && strncmp(stream, "gauntlet:", 9) == 0 &&
           strncmp(stream + 9, run, size) == 0 && stream[9 + size] == ':';
}

static int remove_stream(struct loop *loop, struct endpoint *endpoint, const char *stream,
                         const char *run, struct error *reterr)
{
    struct adapter_call call = {.operation = ADAPTER_OP_STREAM_REMOVE, .stream = stream};

    if (!stream || !is_of_run(stream, run))
        return error_set(reterr, ERROR_USAGE, "'%.80s' is no stream of run %.20s, so it stays",
                         stream ? stream : "?", run ? run : "?");
    return ask(loop, endpoint, &call, reterr);
}

static int remove_streams(struct loop *loop, struct endpoint *endpoint,
                          const struct undo_entry *entry, const char *run, struct error *reterr)
{
    json_t *document = json_loads(entry->undo, 0, NULL);
    const json_t *streams = json_object_get(document, "streams");
    int result = 0;

    for (size_t i = 0; result == 0 && i < json_array_size(streams); i++)
        result = remove_stream(loop, endpoint, json_string_value(json_array_get(streams, i)), run,
                               reterr);
    json_decref(document);
    return result;
}

/* --- One entry ------------------------------------------------------------------------------- */

static int put_right(const struct endpoint_place *place, struct instance *made,
                     const struct undo_entry *entry, const char *run, struct error *reterr)
{
    struct endpoint endpoint = {0};
    int result;

    if (endpoint_open(&endpoint, &made->endpoint, place, "heal", NULL, reterr) < 0)
        return -1;
    if (strcmp(entry->fault, UNDO_STREAMS) == 0)
        result = remove_streams(place->loop, &endpoint, entry, run, reterr);
    else
        result = ask_restore(place->loop, &endpoint, entry, reterr);
    endpoint_close(&endpoint);
    return result;
}

static int restore_there(const struct undo_entry *entry, const char *run,
                         const struct endpoint_place *place, const char *uri, struct error *reterr)
{
    struct instance made = {0};
    const struct instance_plan plan = {
        .adapter = registry_find(entry->adapter, reterr), .name = entry->broker, .uri = uri};
    int result;

    if (!plan.adapter)
        return -1;
    result = instance_open(&made, &plan, place, reterr);
    if (result == 0)
        result = put_right(place, &made, entry, run, reterr);
    instance_close(&made);
    return result;
}

static int restore(const struct heal_options *options, const struct undo_entry *entry,
                   const char *run, struct error *reterr)
{
    struct endpoint_place place = {.loop = loop_real_new(0, reterr), .log = options->log};
    char *uri = NULL;
    int result = -1;

    if (!place.loop)
        return -1;
    place.dialer = link_dialer_real_new();
    if (find_uri(options, entry, &uri, reterr) == 0)
        result = restore_there(entry, run, &place, uri, reterr);
    free(uri);
    link_dialer_free(place.dialer);
    loop_free(place.loop);
    return result;
}

/* --- All of it ------------------------------------------------------------------------------- */

static int undo_all(const struct heal_options *options, const struct undo_list *list,
                    struct error *reterr)
{
    size_t failed = 0;

    for (size_t i = list->count; i-- > 0;) {
        const struct undo_entry *entry = &list->entries[i];
        struct error error = {0};
        int result = entry->command ? run_command(entry, &error)
                                    : restore(options, entry, list->run, &error);

        failed += result < 0;
        options->told(options->context, entry, result < 0 ? error.message : NULL);
    }
    if (failed == 0)
        return 0;
    return error_set(reterr, ERROR_ADAPTER,
                     "%zu of %zu could not be healed: %.200s stays, say 'gauntlet heal' again",
                     failed, list->count, options->folder);
}

int heal(const struct heal_options *options, struct error *reterr)
{
    struct undo_list list = {0};
    int result;

    if (undo_is_in_use(options->folder))
        return error_set(reterr, ERROR_USAGE, "%.200s: the run that wrote this is still under way",
                         options->folder);
    result = undo_list_read(options->folder, &list, reterr);
    if (result == 0)
        result = undo_all(options, &list, reterr);
    if (result == 0)
        result = undo_list_remove(options->folder, reterr);
    undo_list_free(&list);
    return result;
}
