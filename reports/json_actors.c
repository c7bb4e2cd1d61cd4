/* json_actors.c: actors, and facts of the machine, in result.json. */
#include "reports/json.h"

#define AT(member) offsetof(struct result_actor, member)

static const struct json_field actor_fields[] = {
    {"name", &json_field_word, AT(name)},
    {"kind", &json_field_word, AT(kind)},
    {"group", &json_field_text, AT(group)},
    {"calls", &json_field_count, AT(calls)},
    {"messages", &json_field_count, AT(messages)},
    {"bytes", &json_field_count, AT(bytes)},
    {"done", &json_field_count, AT(done)},
    {"refused", &json_field_count, AT(refused)},
    {"unknown", &json_field_count, AT(unknown)},
    {"empty", &json_field_count, AT(empty)},
    {"acked", &json_field_count, AT(acked)},
    {"nacked", &json_field_count, AT(nacked)},
    {"reconnects", &json_field_count, AT(reconnects)},
    {"last_error", &json_field_text, AT(last_error)},
};
static const struct json_field_table actor_table = JSON_FIELDS(actor_fields, struct result_actor);

static json_t *write_actors(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&actor_table, result->actors, result->actor_count, result);
}

static int read_actors(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&actor_table, value, (void **)&into->actors, &into->actor_count,
                                result, reterr);
}

const struct json_field_kind json_actors = {write_actors, read_actors};

/* --- Operations ---------------------------------------------------------------------------------
 */

#define IN(member) offsetof(struct result_operation, member)

static const struct json_field operation_fields[] = {
    {"name", &json_field_word, IN(name)},
    {"done", &json_field_count, IN(done)},
    {"refused", &json_field_count, IN(refused)},
    {"unknown", &json_field_count, IN(unknown)},
};
static const struct json_field_table operation_table =
    JSON_FIELDS(operation_fields, struct result_operation);

static json_t *write_operations(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&operation_table, result->operations, result->operation_count,
                                 result);
}

static int read_operations(const json_t *value, void *member, const struct result *result,
                           struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&operation_table, value, (void **)&into->operations,
                                &into->operation_count, result, reterr);
}

const struct json_field_kind json_operations = {write_operations, read_operations};

/* --- The machine --------------------------------------------------------------------------------
 */

#define OF(member) offsetof(struct result, environment.member)

static const struct json_field environment_fields[] = {
    {"version", &json_field_text, OF(version)},
    {"host", &json_field_text, OF(host)},
    {"kernel", &json_field_text, OF(kernel)},
    {"started", &json_field_text, OF(started)},
    {"cores", &json_field_unsigned, OF(cores)},
    {"workers", &json_field_unsigned, OF(workers)},
    {"cpu_share", &json_field_real, OF(cpu_share)},
    {"cpu_ns", &json_field_count, OF(cpu_ns)},
    {"rss_bytes", &json_field_count, OF(rss_bytes)},
    {"ping_ns", &json_field_count, OF(ping_ns)},
    {"gap_ns_max", &json_field_count, OF(gap_ns_max)},
    {"overshoot_ns", &json_field_count, OF(overshoot_ns)},
    {"others", &json_field_real, OF(others)},
};
static const struct json_field_table environment_table =
    JSON_FIELDS(environment_fields, struct result);

/* Empty in virtual time, where no machine may leave a trace. */
static json_t *write_environment(const void *member, const struct result *result)
{
    if (result->is_virtual || !result->environment.version)
        return json_object();
    return json_field_write(&environment_table, member, result);
}

static int read_environment(const json_t *value, void *member, const struct result *result,
                            struct error *reterr)
{
    if (json_is_object(value) && json_object_size(value) == 0)
        return 0;
    return json_field_read(&environment_table, value, member, result, reterr);
}

const struct json_field_kind json_environment = {write_environment, read_environment};
