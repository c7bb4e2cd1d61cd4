/* json_series.c: counts over time in result.json. */
#include "reports/json.h"

static json_t *write_one(const void *member, const struct result *result)
{
    const struct series *series = member;
    json_t *object = json_object(), *counts = json_array();
    for (uint32_t i = 0; i < series->used; i++)
        json_array_append_new(counts, json_count(series->counts[i]));
    json_put(object, "start_ns", json_field_moment.write(&series->start_ns, result));
    json_put(object, "window_ns", json_count(series->window_ns));
    json_put(object, "counts", counts);
    return object;
}

static int read_counts(const json_t *counts, struct series *series, const struct result *result,
                       struct error *reterr)
{
    if (!json_is_array(counts))
        return json_field_refuse(counts, "a list", reterr);
    if (json_array_size(counts) > SERIES_WINDOWS)
        return error_set(reterr, ERROR_USAGE, "at most %u counts are wanted, not %zu",
                         SERIES_WINDOWS, json_array_size(counts));
    series->used = (uint32_t)json_array_size(counts);
    if (series->used > 0 && series->window_ns == 0)
        return error_set(reterr, ERROR_USAGE, "counts need a window_ns over 0");
    for (uint32_t i = 0; i < series->used; i++)
        if (json_field_count.read(json_array_get(counts, i), &series->counts[i], result, reterr))
            return -1;
    return 0;
}

static int read_one(const json_t *value, void *member, const struct result *result,
                    struct error *reterr)
{
    struct series *series = member;
    if (json_field_moment.read(json_object_get(value, "start_ns"), &series->start_ns, result,
                               reterr))
        return error_prefix(reterr, "start_ns: ");
    if (json_field_count.read(json_object_get(value, "window_ns"), &series->window_ns, result,
                              reterr))
        return error_prefix(reterr, "window_ns: ");
    if (read_counts(json_object_get(value, "counts"), series, result, reterr))
        return error_prefix(reterr, "counts: ");
    return 0;
}

static const struct json_field_kind one = {write_one, read_one};

static const struct json_field series_fields[] = {
    {"sent", &one, offsetof(struct result, sent)},
    {"accepted", &one, offsetof(struct result, accepted)},
    {"delivered", &one, offsetof(struct result, delivered)},
    {"settled", &one, offsetof(struct result, settled)},
};
static const struct json_field_table series_table = JSON_FIELDS(series_fields, struct result);

static json_t *write_series(const void *member, const struct result *result)
{
    return json_field_write(&series_table, member, result);
}

static int read_series(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    return json_field_read(&series_table, value, member, result, reterr);
}

const struct json_field_kind json_series = {write_series, read_series};
