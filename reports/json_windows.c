/* json_windows.c: slices of time, as columns, phases, and points of a rate search in result.json.
 */
#include "reports/json.h"

#include "base/memory.h"

/* --- Slices of time: one list per column, which is how plots and data frames want them ----------
 */

#define AT(member) offsetof(struct result_window, member)

static const struct column {
    const char *key;
    size_t offset;
    size_t count_offset; /* of the samples that a quantile needs; 0: it needs none */
    const struct json_field_kind *kind;
} columns[] = {
    {"begin_ns", AT(begin_ns), 0, &json_field_moment},
    {"end_ns", AT(end_ns), 0, &json_field_moment},
    {"sent", AT(sent), 0, &json_field_count},
    {"accepted", AT(accepted), 0, &json_field_count},
    {"delivered", AT(delivered), 0, &json_field_count},
    {"settled", AT(settled), 0, &json_field_count},
    {"backlog", AT(backlog), 0, &json_field_count},
    {"publish_count", AT(publish.count), 0, &json_field_count},
    {"publish_p50_ns", AT(publish.p50_ns), AT(publish.count), &json_field_count},
    {"publish_p99_ns", AT(publish.p99_ns), AT(publish.count), &json_field_count},
    {"publish_p99_9_ns", AT(publish.p999_ns), AT(publish.count), &json_field_count},
    {"publish_max_ns", AT(publish.max_ns), AT(publish.count), &json_field_count},
    {"deliver_count", AT(deliver.count), 0, &json_field_count},
    {"deliver_p50_ns", AT(deliver.p50_ns), AT(deliver.count), &json_field_count},
    {"deliver_p99_ns", AT(deliver.p99_ns), AT(deliver.count), &json_field_count},
    {"deliver_p99_9_ns", AT(deliver.p999_ns), AT(deliver.count), &json_field_count},
    {"deliver_max_ns", AT(deliver.max_ns), AT(deliver.count), &json_field_count},
};

static const uint64_t *cell_of(const struct result_window *window, size_t offset)
{
    return (const void *)((const char *)window + offset);
}

static json_t *write_column(const struct column *column, const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < result->window_count; i++) {
        const struct result_window *window = &result->windows[i];
        bool is_known = !column->count_offset || *cell_of(window, column->count_offset) > 0;
        json_array_append_new(
            array,
            is_known ? column->kind->write(cell_of(window, column->offset), result) : json_null());
    }
    return array;
}

static json_t *write_windows(const void *member, const struct result *result)
{
    json_t *object = json_object();
    (void)member;
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        json_put(object, columns[i].key, write_column(&columns[i], result));
    return object;
}

static int read_column(const struct column *column, const json_t *array, struct result *into,
                       struct error *reterr)
{
    if (!json_is_array(array))
        return json_field_refuse(array, "a list", reterr);
    if (json_array_size(array) != into->window_count)
        return error_set(reterr, ERROR_USAGE, "%zu entries are wanted, as in begin_ns, not %zu",
                         into->window_count, json_array_size(array));
    for (size_t i = 0; i < into->window_count; i++) {
        const json_t *cell = json_array_get(array, i);
        char *window = (char *)&into->windows[i];
        if (column->count_offset && json_is_null(cell))
            continue;
        if (column->kind->read(cell, window + column->offset, into, reterr))
            return -1;
    }
    return 0;
}

static int read_windows(const json_t *value, void *member, const struct result *result,
                        struct error *reterr)
{
    struct result *into = member;
    (void)result;
    into->window_count = json_array_size(json_object_get(value, columns[0].key));
    into->windows = memory_new(into->window_count + 1, sizeof(*into->windows));
    for (size_t i = 0; i < sizeof(columns) / sizeof(columns[0]); i++)
        if (read_column(&columns[i], json_object_get(value, columns[i].key), into, reterr))
            return error_prefix(reterr, "%s: ", columns[i].key);
    return 0;
}

const struct json_field_kind json_windows = {write_windows, read_windows};

/* --- Points -------------------------------------------------------------------------------------
 */

static const struct json_field quantile_fields[] = {
    {"count", &json_field_count, offsetof(struct result_quantiles, count)},
    {"p50_ns", &json_field_count, offsetof(struct result_quantiles, p50_ns)},
    {"p99_ns", &json_field_count, offsetof(struct result_quantiles, p99_ns)},
    {"p99_9_ns", &json_field_count, offsetof(struct result_quantiles, p999_ns)},
    {"max_ns", &json_field_count, offsetof(struct result_quantiles, max_ns)},
};
static const struct json_field_table quantile_table =
    JSON_FIELDS(quantile_fields, struct result_quantiles);

/* null: no sample. */
static json_t *write_quantiles(const void *member, const struct result *result)
{
    const struct result_quantiles *quantiles = member;
    return quantiles->count ? json_field_write(&quantile_table, quantiles, result) : json_null();
}

static int read_quantiles(const json_t *value, void *member, const struct result *result,
                          struct error *reterr)
{
    return json_is_null(value) ? 0
                               : json_field_read(&quantile_table, value, member, result, reterr);
}

static const struct json_field_kind quantiles = {write_quantiles, read_quantiles};

#define OF(member) offsetof(struct result_point, member)

static const struct json_field point_fields[] = {
    {"rate_per_second", &json_field_real, OF(rate)},
    {"achieved_per_second", &json_field_real, OF(achieved)},
    {"holds", &json_field_flag, OF(holds)},
    {"backlog", &json_field_count, OF(backlog)},
    {"publish", &quantiles, OF(publish)},
    {"deliver", &quantiles, OF(deliver)},
};
static const struct json_field_table point_table = JSON_FIELDS(point_fields, struct result_point);

static json_t *write_points(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&point_table, result->points, result->point_count, result);
}

static int read_points(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&point_table, value, (void **)&into->points, &into->point_count,
                                result, reterr);
}

const struct json_field_kind json_points = {write_points, read_points};

/* --- Phases -------------------------------------------------------------------------------------
 */

#define IN(member) offsetof(struct result_phase, member)

static const struct json_field phase_fields[] = {
    {"name", &json_field_word, IN(name)},
    {"duration_ns", &json_field_count, IN(duration_ns)},
    {"sent", &json_field_count, IN(sent)},
    {"accepted", &json_field_count, IN(accepted)},
    {"delivered", &json_field_count, IN(delivered)},
    {"settled", &json_field_count, IN(settled)},
    {"publish", &quantiles, IN(publish)},
    {"deliver", &quantiles, IN(deliver)},
};
static const struct json_field_table phase_table = JSON_FIELDS(phase_fields, struct result_phase);

static json_t *write_phases(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&phase_table, result->phases, result->phase_count, result);
}

static int read_phases(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&phase_table, value, (void **)&into->phases, &into->phase_count,
                                result, reterr);
}

const struct json_field_kind json_phases = {write_phases, read_phases};
