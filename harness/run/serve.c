/* serve.c: requests from standard input become calls of an adapter, and its results answers. */
#include "run/serve.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "actors/endpoint.h"
#include "actors/host.h"
#include "adapters/stdio/reply.h"
#include "adapters/stdio/write.h"
#include "base/memory.h"
#include "port.h"
#include "port_note.h"
#include "run/instance.h"

enum { CHUNK = 256 << 10 };

struct served_instance {
    struct served_instance *next;
    int64_t number;
    struct instance made;
    char *uri;
    struct scenario_option *options;
    size_t option_count;
};

struct served_session {
    struct served_session *next;
    int64_t number;
    struct endpoint endpoint;
    char *failure; /* why it could not be opened; NULL: it is open */
};

struct serve {
    const struct broker_adapter *adapter;
    struct endpoint_place place;
    struct loop_watch input;
    struct loop_tail tail;
    char *bytes; /* gathered, no line yet */
    size_t size, capacity;
    struct text output;
    struct served_instance *instances;
    struct served_session *sessions;
};

/* A request under way, with the line it points into. */
struct served_call {
    struct adapter_call call; /* first member */
    struct serve *serve;
    uint64_t id;
    struct stdio_json json;
    char *line;
    struct adapter_text *items;
};

/* --- Output ----------------------------------------------------------------------------------- */

static void flush(void *context)
{
    struct serve *serve = context;
    size_t sent = 0;

    while (sent < serve->output.size) {
        ssize_t put = write(STDOUT_FILENO, serve->output.data + sent, serve->output.size - sent);

        if (put < 0 && errno != EINTR)
            break; /* nobody listens any more: the input ends, too */
        sent += put > 0 ? (size_t)put : 0;
    }
    text_clear(&serve->output);
}

/* --- Calls ------------------------------------------------------------------------------------ */

static void free_call(struct served_call *served)
{
    stdio_json_release(&served->json);
    free(served->line);
    free(served->items);
    free(served);
}

static void on_done(struct adapter_call *call, const struct adapter_result *result)
{
    struct served_call *served = (struct served_call *)call;

    stdio_reply_done(&served->serve->output, served->id, call, result);
    free_call(served);
}

static void on_deliver(struct adapter_call *call, const struct adapter_entry *entries, size_t count)
{
    struct served_call *served = (struct served_call *)call;

    stdio_reply_delivery(&served->serve->output, served->id, entries, count);
}

static int64_t number_of(struct served_call *served, const char *key)
{
    int64_t number = 0;

    (void)stdio_json_integer(
        &served->json, stdio_json_get(&served->json, stdio_json_root(&served->json), key), &number);
    return number;
}

static char *string_of(struct served_call *served, struct stdio_token *object, const char *key)
{
    struct stdio_token *token = stdio_json_get(&served->json, object, key);
    struct adapter_text text = stdio_json_text(&served->json, token);

    return token && token->kind == STDIO_STRING ? memory_format("%.*s", (int)text.size, text.data)
                                                : NULL;
}

static struct served_session *find_session(struct serve *serve, int64_t number)
{
    struct served_session *session = serve->sessions;

    while (session && session->number != number)
        session = session->next;
    return session;
}

/* What the other side has gated is not gated again: it may have asked on purpose. */
static void start(struct served_call *served)
{
    struct serve *serve = served->serve;
    const struct served_session *session = find_session(serve, number_of(served, "session"));
    int64_t timeout_ms = number_of(served, "timeout_ms");

    if (!session || session->failure) {
        stdio_reply_own(&serve->output, served->id, ADAPTER_ERROR_CONNECTION,
                        session ? session->failure : "there is no such session");
        free_call(served);
        return;
    }
    if (stdio_reply_read(&served->json, &served->call, &served->items) < 0) {
        stdio_reply_own(&serve->output, served->id, ADAPTER_ERROR_NOT_SUPPORTED,
                        "there is no such operation");
        free_call(served);
        return;
    }
    served->call.struct_size = sizeof(served->call);
    served->call.done = on_done;
    served->call.deliver = served->call.operation == ADAPTER_OP_SUBSCRIBE ? on_deliver : NULL;
    if (timeout_ms > 0)
        served->call.deadline_ns = loop_now_ns(serve->place.loop) + (uint64_t)timeout_ms * 1000000u;
    port_start(session->endpoint.broker->adapter, UINT32_MAX, host_port(session->endpoint.host),
               session->endpoint.session, &served->call);
}

/* --- Instances -------------------------------------------------------------------------------- */

static struct served_instance *find_instance(struct serve *serve, int64_t number)
{
    struct served_instance *instance = serve->instances;

    while (instance && instance->number != number)
        instance = instance->next;
    return instance;
}

static void read_options(struct served_call *served, struct served_instance *instance)
{
    struct stdio_json *json = &served->json;
    struct stdio_token *options = stdio_json_get(json, stdio_json_root(json), "options");

    instance->option_count = options && options->kind == STDIO_OBJECT ? options->count : 0;
    instance->options = memory_new(instance->option_count + 1, sizeof(*instance->options));
    struct stdio_token *key = instance->option_count ? stdio_json_first(json, options) : NULL;
    for (size_t i = 0; i < instance->option_count; i++) {
        struct adapter_text name = stdio_json_text(json, key);
        struct stdio_token *value = stdio_json_after(json, key);
        struct adapter_text text = stdio_json_text(json, value);

        instance->options[i] =
            (struct scenario_option){.key = memory_format("%.*s", (int)name.size, name.data),
                                     .text = memory_format("%.*s", (int)text.size, text.data)};
        key = stdio_json_after(json, value);
    }
}

static void free_instance(struct served_instance *instance)
{
    instance_close(&instance->made);
    for (size_t i = 0; i < instance->option_count; i++) {
        free(instance->options[i].key);
        free(instance->options[i].text);
    }
    free(instance->options);
    free(instance->uri);
    free(instance);
}

static void create(struct served_call *served)
{
    struct serve *serve = served->serve;
    struct served_instance *instance = memory_new(1, sizeof(*instance));
    struct error error = {0};

    instance->number = number_of(served, "instance");
    instance->uri = string_of(served, stdio_json_root(&served->json), "uri");
    read_options(served, instance);
    const struct instance_plan plan = {.adapter = serve->adapter,
                                       .name = "served",
                                       .uri = instance->uri,
                                       .options = instance->options,
                                       .option_count = instance->option_count,
                                       .number = (uint32_t)number_of(served, "instance_number")};
    if (instance_open(&instance->made, &plan, &serve->place, &error) < 0) {
        stdio_reply_own(&serve->output, served->id, ADAPTER_ERROR_OTHER, error.message);
        free_instance(instance);
        return;
    }
    instance->next = serve->instances;
    serve->instances = instance;
    stdio_reply_created(&serve->output, served->id, instance->made.endpoint.declared,
                        instance->made.endpoint.profile);
}

static void destroy(struct served_call *served)
{
    struct served_instance **place = &served->serve->instances;
    int64_t number = number_of(served, "instance");

    while (*place && (*place)->number != number)
        place = &(*place)->next;
    struct served_instance *instance = *place;
    if (instance) {
        *place = instance->next;
        free_instance(instance);
    }
    stdio_reply_own(&served->serve->output, served->id, ADAPTER_ERROR_NONE, NULL);
}

/* --- Sessions --------------------------------------------------------------------------------- */

static void open_session(struct served_call *served)
{
    struct serve *serve = served->serve;
    struct stdio_token *root = stdio_json_root(&served->json);
    struct served_instance *instance = find_instance(serve, number_of(served, "instance"));
    struct served_session *session = memory_new(1, sizeof(*session));
    char *name = string_of(served, root, "name"), *consumer = string_of(served, root, "consumer");
    struct error error = {0};

    session->number = number_of(served, "session");
    session->next = serve->sessions;
    serve->sessions = session;
    if (!instance)
        session->failure = memory_string("there is no such instance");
    else if (endpoint_open(&session->endpoint, &instance->made.endpoint, &serve->place,
                           name ? name : "?", consumer, &error) < 0)
        session->failure = memory_string(error.message);
    stdio_reply_own(&serve->output, served->id, ADAPTER_ERROR_CONNECTION, session->failure);
    free(name);
    free(consumer);
}

static void end_session(struct served_call *served, bool is_abandoned)
{
    struct served_session **place = &served->serve->sessions;
    int64_t number = number_of(served, "session");

    while (*place && (*place)->number != number)
        place = &(*place)->next;
    struct served_session *session = *place;
    if (session) {
        *place = session->next;
        if (is_abandoned)
            endpoint_abandon(&session->endpoint);
        else
            endpoint_close(&session->endpoint);
        free(session->failure);
        free(session);
    }
    stdio_reply_own(&served->serve->output, served->id, ADAPTER_ERROR_NONE, NULL);
}

static void close_session(struct served_call *served)
{
    end_session(served, false);
}

static void abandon_session(struct served_call *served)
{
    end_session(served, true);
}

/* --- Lines ------------------------------------------------------------------------------------ */

static const struct {
    const char *name;
    void (*take)(struct served_call *served);
} OWN[] = {{"create", create},
           {"destroy", destroy},
           {"open", open_session},
           {"close", close_session},
           {"abandon", abandon_session}};

static void take(struct served_call *served)
{
    struct stdio_token *op = stdio_json_get(&served->json, stdio_json_root(&served->json), "op");

    for (size_t i = 0; i < sizeof(OWN) / sizeof(OWN[0]); i++) {
        if (stdio_json_is(&served->json, op, OWN[i].name)) {
            OWN[i].take(served);
            free_call(served);
            return;
        }
    }
    start(served);
}

static void take_line(struct serve *serve, const char *line, size_t size)
{
    struct served_call *served = memory_new(1, sizeof(*served));

    served->serve = serve;
    served->line = memory_new(size + 1, 1);
    memcpy(served->line, line, size);
    if (stdio_json_read(&served->json, served->line, size) == 0) {
        served->id = (uint64_t)number_of(served, "id");
        take(served);
        return;
    }
    text_append_string(&serve->output, "{\"log\":\"a request is no JSON\",\"level\":\"error\"}\n");
    free_call(served);
}

static void cut_lines(struct serve *serve, size_t fresh)
{
    size_t begin = 0, look = serve->size - fresh;
    const char *end;

    while ((end = memchr(serve->bytes + look, '\n', serve->size - look)) != NULL) {
        size_t place = (size_t)(end - serve->bytes);

        take_line(serve, serve->bytes + begin, place - begin);
        begin = look = place + 1;
    }
    if (begin > 0)
        memmove(serve->bytes, serve->bytes + begin, serve->size - begin);
    serve->size -= begin;
}

static void on_input(void *context, unsigned events)
{
    struct serve *serve = context;
    ssize_t got;

    (void)events;
    if (serve->capacity - serve->size < CHUNK) {
        serve->capacity = serve->capacity * 2 + CHUNK;
        serve->bytes = memory_grow(serve->bytes, serve->capacity, 1);
    }
    got = read(STDIN_FILENO, serve->bytes + serve->size, serve->capacity - serve->size);
    if (got > 0) {
        serve->size += (size_t)got;
        cut_lines(serve, (size_t)got);
    } else if (got == 0 || (errno != EAGAIN && errno != EINTR)) {
        loop_stop(serve->place.loop);
    }
}

/* --- Life ------------------------------------------------------------------------------------- */

static void write_log(struct log *log, enum log_level level, const char *line)
{
    struct text text = {0};

    (void)log, (void)level;
    text_appendf(&text, "%s\n", line);
    (void)!write(STDERR_FILENO, text.data, text.size);
    text_release(&text);
}

static void close_all(struct serve *serve)
{
    while (serve->sessions) {
        struct served_session *session = serve->sessions;

        serve->sessions = session->next;
        endpoint_close(&session->endpoint);
        free(session->failure);
        free(session);
    }
    while (serve->instances) {
        struct served_instance *instance = serve->instances;

        serve->instances = instance->next;
        free_instance(instance);
    }
}

/* What its sessions know of each other, they know in one process only. */
static const char *processes_of(const struct broker_adapter *adapter)
{
    return adapter->traits & ADAPTER_TRAIT_PROCESSES ? "session" : "shared";
}

int serve_run(const struct broker_adapter *adapter, struct error *reterr)
{
    struct log log = {.level = LOG_INFO, .write = write_log};
    struct serve serve = {.adapter = adapter, .place = {.log = &log}};
    int result;

    serve.place.loop = loop_real_new(0, reterr);
    if (!serve.place.loop)
        return -1;
    port_note_guard(NULL); /* the last words of this process are where it crashed */
    serve.place.dialer = link_dialer_real_new();
    serve.place.seed = loop_entropy();
    serve.input = (struct loop_watch){.fd = STDIN_FILENO, .ready = on_input, .context = &serve};
    loop_tail_add(serve.place.loop, &serve.tail, flush, &serve);
    stdio_reply_hello(&serve.output, adapter, processes_of(adapter));
    flush(&serve);
    result = loop_watch_set(serve.place.loop, &serve.input, LOOP_READABLE, reterr);
    if (result == 0)
        loop_run(serve.place.loop);
    (void)loop_watch_set(serve.place.loop, &serve.input, 0, NULL);
    loop_tail_remove(serve.place.loop, &serve.tail);
    close_all(&serve);
    flush(&serve);
    link_dialer_free(serve.place.dialer);
    loop_free(serve.place.loop);
    text_release(&serve.output);
    free(serve.bytes);
    return result;
}
