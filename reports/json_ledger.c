/* json_ledger.c: counts, anomalies and witnesses in result.json. */
#include "reports/json.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"

/* --- Counts of anomalies ------------------------------------------------------------------------
 */

static const struct json_field count_fields[] = {
    {"observed", &json_field_count, offsetof(struct anomaly_count, observed)},
    {"disallowed", &json_field_count, offsetof(struct anomaly_count, disallowed)},
    {"caused", &json_field_count, offsetof(struct anomaly_count, caused)},
};
static const struct json_field_table count_table = JSON_FIELDS(count_fields, struct anomaly_count);

static json_t *write_counts(const void *member, const struct result *result)
{
    const struct anomaly_count *counts = member;
    json_t *object = json_object();
    for (int family = 0; family < ANOMALY_FAMILIES; family++)
        json_put(object, anomaly_name((enum anomaly)family),
                 json_field_write(&count_table, &counts[family], result));
    return object;
}

static int read_counts(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct anomaly_count *counts = member;
    for (int family = 0; family < ANOMALY_FAMILIES; family++) {
        const char *name = anomaly_name((enum anomaly)family);
        if (json_field_read(&count_table, json_object_get(value, name), &counts[family], result,
                            reterr))
            return error_prefix(reterr, "%s: ", name);
    }
    return 0;
}

static const struct json_field_kind counts = {write_counts, read_counts};

/* --- Messages: what makes a ledger's report at all ----------------------------------------------
 */

static const struct json_field message_fields[] = {
    {"attempted", &json_field_count, offsetof(struct ledger_report, attempted)},
    {"accepted", &json_field_count, offsetof(struct ledger_report, accepted)},
    {"refused", &json_field_count, offsetof(struct ledger_report, refused)},
    {"unknown", &json_field_count, offsetof(struct ledger_report, unknown)},
    {"drained", &json_field_flag, offsetof(struct ledger_report, is_drained)},
};
static const struct json_field_table message_table =
    JSON_FIELDS(message_fields, struct ledger_report);

static json_t *write_messages(const void *member, const struct result *result)
{
    (void)member;
    return result->ledger ? json_field_write(&message_table, result->ledger, result) : json_null();
}

static int read_messages(const json_t *value, void *member, const struct result *result,
                         struct error *reterr)
{
    struct result *into = member;
    if (json_is_null(value))
        return 0;
    into->ledger = memory_new(1, sizeof(*into->ledger));
    return json_field_read(&message_table, value, into->ledger, result, reterr);
}

const struct json_field_kind json_messages = {write_messages, read_messages};

static json_t *write_anomalies(const void *member, const struct result *result)
{
    (void)member;
    return result->ledger ? write_counts(result->ledger->anomalies, result) : json_null();
}

static int read_anomalies(const json_t *value, void *member, const struct result *result,
                          struct error *reterr)
{
    struct result *into = member;
    if (!into->ledger)
        return json_is_null(value) ? 0
                                   : json_field_refuse(value, "null, as in 'messages',", reterr);
    return read_counts(value, into->ledger->anomalies, result, reterr);
}

const struct json_field_kind json_anomalies = {write_anomalies, read_anomalies};

/* --- Groups -------------------------------------------------------------------------------------
 */

static const char *const cause_names[] = {"nack",   "crash", "connection",
                                          "expiry", "retry", "unknown_ack"};
#define CAUSES (sizeof(cause_names) / sizeof(cause_names[0]))

static json_t *write_causes(const void *member, const struct result *result)
{
    const uint64_t *by_cause = member;
    json_t *object = json_object();
    (void)result;
    for (size_t cause = 0; cause < CAUSES; cause++)
        json_put(object, cause_names[cause], json_count(by_cause[cause]));
    return object;
}

static int read_causes(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    uint64_t *by_cause = member;
    for (size_t cause = 0; cause < CAUSES; cause++)
        if (json_field_count.read(json_object_get(value, cause_names[cause]), &by_cause[cause],
                                  result, reterr))
            return error_prefix(reterr, "%s: ", cause_names[cause]);
    return 0;
}

static const struct json_field_kind causes = {write_causes, read_causes};

#define AT(member) offsetof(struct ledger_group_report, member)

/* Names are borrowed from the ledger's report: here they are copied, and settle_names frees them.
 */
static const struct json_field group_fields[] = {
    {"name", &json_field_word, AT(name)},
    {"expected", &json_field_count, AT(expected)},
    {"first", &json_field_count, AT(first)},
    {"again", &json_field_count, AT(again)},
    {"settled", &json_field_count, AT(settled)},
    {"nacked", &json_field_count, AT(nacked)},
    {"dead_lettered", &json_field_count, AT(dead_lettered)},
    {"recovered", &json_field_count, AT(recovered)},
    {"again_by_cause", &causes, AT(duplicates_by_cause)},
    {"anomalies", &counts, AT(anomalies)},
};
static const struct json_field_table group_table =
    JSON_FIELDS(group_fields, struct ledger_group_report);

static json_t *write_groups(const void *member, const struct result *result)
{
    const struct ledger_report *ledger = result->ledger;
    (void)member;
    return ledger ? json_field_write_list(&group_table, ledger->groups, ledger->group_count, result)
                  : json_array();
}

static int read_groups(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct ledger_report *ledger = ((struct result *)member)->ledger;
    if (!ledger)
        return json_array_size(value) == 0 ? 0 : json_field_refuse(value, "an empty list", reterr);
    return json_field_read_list(&group_table, value, (void **)&ledger->groups, &ledger->group_count,
                                result, reterr);
}

const struct json_field_kind json_groups = {write_groups, read_groups};

/* --- Witnesses ----------------------------------------------------------------------------------
 */

#define EVENT(member) offsetof(struct witness_event, member)

static const struct json_field event_fields[] = {
    {"time_ns", &json_field_moment, EVENT(time_ns)},
    {"actor", &json_field_word, EVENT(actor)},
    {"what", &json_field_word, EVENT(what)},
    {"exact", &json_field_flag, EVENT(is_exact)},
};
static const struct json_field_table event_table = JSON_FIELDS(event_fields, struct witness_event);

static json_t *write_events(const void *member, const struct result *result)
{
    const struct witness *witness = member;
    return json_field_write_list(&event_table, witness->events, witness->event_count, result);
}

static int read_events(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct witness *witness = member;
    return json_field_read_list(&event_table, value, (void **)&witness->events,
                                &witness->event_count, result, reterr);
}

static const struct json_field_kind events = {write_events, read_events};

static json_t *write_family(const void *member, const struct result *result)
{
    (void)result;
    return json_text(anomaly_name(*(const enum anomaly *)member));
}

static int read_family(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    const char *name = json_string_value(value);
    (void)result;
    for (int family = 0; name && family < ANOMALY_FAMILIES; family++) {
        if (strcmp(name, anomaly_name((enum anomaly)family)) == 0) {
            *(enum anomaly *)member = (enum anomaly)family;
            return 0;
        }
    }
    return json_field_refuse(value, "the name of an anomaly", reterr);
}

static const struct json_field_kind family_kind = {write_family, read_family};

/* null: it carries no identity. */
static json_t *write_sequence(const void *member, const struct result *result)
{
    const struct witness *witness = member;
    (void)result;
    return witness->producer ? json_count(witness->sequence) : json_null();
}

static int read_sequence(const json_t *value, void *member, const struct result *result,
                         struct error *reterr)
{
    struct witness *witness = member;
    return json_is_null(value) ? 0
                               : json_field_count.read(value, &witness->sequence, result, reterr);
}

static const struct json_field_kind sequence = {write_sequence, read_sequence};

static json_t *write_why(const void *member, const struct result *result)
{
    (void)result;
    return json_text(member);
}

static int read_why(const json_t *value, void *member, const struct result *result,
                    struct error *reterr)
{
    static const struct witness shape;
    (void)result;
    if (!json_is_string(value))
        return json_field_refuse(value, "text", reterr);
    text_copy(member, sizeof(shape.why), json_string_value(value));
    return 0;
}

static const struct json_field_kind why = {write_why, read_why};

#define OF(member) offsetof(struct witness, member)

static const struct json_field witness_fields[] = {
    {"anomaly", &family_kind, OF(anomaly)},
    {"allowed", &json_field_flag, OF(is_allowed)},
    {"producer", &json_field_text, OF(producer)},
    {"sequence", &sequence, 0},
    {"stream", &json_field_text, OF(stream)},
    {"group", &json_field_text, OF(group)},
    {"why", &why, OF(why)},
    {"complete", &json_field_flag, OF(is_history_complete)},
    {"events", &events, 0},
};
static const struct json_field_table witness_table = JSON_FIELDS(witness_fields, struct witness);

static json_t *write_witnesses(const void *member, const struct result *result)
{
    const struct ledger_report *ledger = result->ledger;
    (void)member;
    return ledger ? json_field_write_list(&witness_table, ledger->witnesses, ledger->witness_count,
                                          result)
                  : json_array();
}

static int read_witnesses(const json_t *value, void *member, const struct result *result,
                          struct error *reterr)
{
    struct ledger_report *ledger = ((struct result *)member)->ledger;
    if (!ledger)
        return json_array_size(value) == 0 ? 0 : json_field_refuse(value, "an empty list", reterr);
    return json_field_read_list(&witness_table, value, (void **)&ledger->witnesses,
                                &ledger->witness_count, result, reterr);
}

const struct json_field_kind json_witnesses = {write_witnesses, read_witnesses};

/* --- Names --------------------------------------------------------------------------------------
 */

typedef void visit_name(const char **name, void *context);

static void visit_names(struct ledger_report *ledger, visit_name *visit, void *context)
{
    for (size_t i = 0; i < ledger->group_count; i++)
        visit(&ledger->groups[i].name, context);
    for (size_t i = 0; i < ledger->witness_count; i++) {
        struct witness *witness = &ledger->witnesses[i];
        visit(&witness->producer, context);
        visit(&witness->stream, context);
        visit(&witness->group, context);
        for (size_t event = 0; event < witness->event_count; event++) {
            visit(&witness->events[event].actor, context);
            visit(&witness->events[event].what, context);
        }
    }
}

static void add_size(const char **name, void *context)
{
    *(size_t *)context += *name ? strlen(*name) + 1 : 0;
}

/* To the next free place, and there it stays. */
static void move_name(const char **name, void *context)
{
    char **place = context;
    if (!*name)
        return;
    char *old;
    size_t size = strlen(*name) + 1;
    memcpy(&old, name, sizeof(old)); /* ours, though the report only borrows it */
    memcpy(*place, old, size);
    free(old);
    *name = *place;
    *place += size;
}

void json_settle_names(struct ledger_report *ledger)
{
    size_t size = ledger->group_count * sizeof(*ledger->groups), groups_size = size;
    visit_names(ledger, add_size, &size);
    char *block = memory_new(size + 1, 1), *place = block + groups_size;
    if (groups_size > 0)
        memcpy(block, ledger->groups, groups_size);
    free(ledger->groups);
    ledger->groups = (void *)block;
    visit_names(ledger, move_name, &place);
}
