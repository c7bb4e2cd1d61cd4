/* json_faults.c: what was done on purpose, and when, in result.json. */
#include "reports/json.h"

#define AT(member) offsetof(struct result_fault_window, member)

/* null: not caught up with, or not known. */
static json_t *write_recovery(const void *member, const struct result *result)
{
    const struct result_fault_window *window = member;
    (void)result;
    return window->is_recovered ? json_count(window->recovery_ns) : json_null();
}

static int read_recovery(const json_t *value, void *member, const struct result *result,
                         struct error *reterr)
{
    struct result_fault_window *window = member;
    window->is_recovered = !json_is_null(value);
    return window->is_recovered ? json_field_count.read(value, &window->recovery_ns, result, reterr)
                                : 0;
}

static const struct json_field_kind recovery = {write_recovery, read_recovery};

static const struct json_field window_fields[] = {
    {"begin_ns", &json_field_moment, AT(begin_ns)},
    {"end_ns", &json_field_end, AT(end_ns)},
    {"recovery_ns", &recovery, 0},
    {"hit", &json_field_text, AT(hit)},
};
static const struct json_field_table window_table =
    JSON_FIELDS(window_fields, struct result_fault_window);

static json_t *write_windows(const void *member, const struct result *result)
{
    const struct result_fault *fault = member;
    return json_field_write_list(&window_table, fault->windows, fault->window_count, result);
}

static int read_windows(const json_t *value, void *member, const struct result *result,
                        struct error *reterr)
{
    struct result_fault *fault = member;
    return json_field_read_list(&window_table, value, (void **)&fault->windows,
                                &fault->window_count, result, reterr);
}

static const struct json_field_kind windows = {write_windows, read_windows};

#define OF(member) offsetof(struct result_fault, member)

static const struct json_field fault_fields[] = {
    {"name", &json_field_word, OF(name)},          {"text", &json_field_word, OF(text)},
    {"fired", &json_field_count, OF(fired)},       {"expected", &json_field_flag, OF(is_expected)},
    {"accepted", &json_field_count, OF(accepted)}, {"delivered", &json_field_count, OF(delivered)},
    {"settled", &json_field_count, OF(settled)},   {"refused", &json_field_count, OF(refused)},
    {"unknown", &json_field_count, OF(unknown)},   {"windows", &windows, 0},
};
static const struct json_field_table fault_table = JSON_FIELDS(fault_fields, struct result_fault);

static json_t *write_faults(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&fault_table, result->faults, result->fault_count, result);
}

static int read_faults(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&fault_table, value, (void **)&into->faults, &into->fault_count,
                                result, reterr);
}

const struct json_field_kind json_faults = {write_faults, read_faults};
