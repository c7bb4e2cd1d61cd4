/* json_field.c: records to JSON and back, by tables. */
#include "reports/json_field.h"

#include <assert.h>
#include <math.h>
#include <string.h>

#include "base/memory.h"
#include "reports/json.h"

static const char *form_of(const json_t *value)
{
    static const char *const names[] = {
        [JSON_OBJECT] = "an object", [JSON_ARRAY] = "a list",
        [JSON_STRING] = "text",      [JSON_INTEGER] = "a whole number",
        [JSON_REAL] = "a number",    [JSON_TRUE] = "true",
        [JSON_FALSE] = "false",      [JSON_NULL] = "null",
    };
    return value ? names[json_typeof(value)] : "nothing";
}

int json_field_refuse(const json_t *value, const char *wanted, struct error *reterr)
{
    return error_set(reterr, ERROR_USAGE, "%s is wanted, not %s", wanted, form_of(value));
}

/* --- Text --------------------------------------------------------------------------------------
 */

static json_t *write_text(const void *member, const struct result *result)
{
    (void)result;
    return json_text(*(char *const *)member);
}

static int read_text(const json_t *value, void *member, const struct result *result,
                     struct error *reterr)
{
    (void)result;
    if (json_is_null(value))
        return 0;
    if (!json_is_string(value))
        return json_field_refuse(value, "text or null", reterr);
    *(char **)member = memory_string(json_string_value(value));
    return 0;
}

static int read_word(const json_t *value, void *member, const struct result *result,
                     struct error *reterr)
{
    return json_is_string(value) ? read_text(value, member, result, reterr)
                                 : json_field_refuse(value, "text", reterr);
}

const struct json_field_kind json_field_text = {write_text, read_text};
const struct json_field_kind json_field_word = {write_text, read_word};

/* --- Numbers ------------------------------------------------------------------------------------
 */

static json_t *write_count(const void *member, const struct result *result)
{
    uint64_t count = *(const uint64_t *)member;
    (void)result;
    return json_integer(count > INT64_MAX ? INT64_MAX : (json_int_t)count);
}

static int read_whole(const json_t *value, json_int_t low, json_int_t high, json_int_t *ret_whole,
                      struct error *reterr)
{
    json_int_t whole = json_integer_value(value);
    if (!json_is_integer(value))
        return json_field_refuse(value, "a whole number", reterr);
    if (whole < low || whole > high)
        return error_set(reterr, ERROR_USAGE, "%lld is out of range", (long long)whole);
    *ret_whole = whole;
    return 0;
}

static int read_count(const json_t *value, void *member, const struct result *result,
                      struct error *reterr)
{
    json_int_t whole = 0;
    (void)result;
    if (read_whole(value, 0, INT64_MAX, &whole, reterr))
        return -1;
    *(uint64_t *)member = (uint64_t)whole;
    return 0;
}

const struct json_field_kind json_field_count = {write_count, read_count};

static json_t *write_unsigned(const void *member, const struct result *result)
{
    (void)result;
    return json_integer(*(const unsigned *)member);
}

static int read_unsigned(const json_t *value, void *member, const struct result *result,
                         struct error *reterr)
{
    json_int_t whole = 0;
    (void)result;
    if (read_whole(value, 0, UINT32_MAX, &whole, reterr))
        return -1;
    *(unsigned *)member = (unsigned)whole;
    return 0;
}

const struct json_field_kind json_field_unsigned = {write_unsigned, read_unsigned};

static json_t *write_integer(const void *member, const struct result *result)
{
    (void)result;
    return json_integer(*(const int *)member);
}

static int read_integer(const json_t *value, void *member, const struct result *result,
                        struct error *reterr)
{
    json_int_t whole = 0;
    (void)result;
    if (read_whole(value, INT32_MIN, INT32_MAX, &whole, reterr))
        return -1;
    *(int *)member = (int)whole;
    return 0;
}

const struct json_field_kind json_field_integer = {write_integer, read_integer};

static json_t *write_known(const void *member, const struct result *result)
{
    int64_t count = *(const int64_t *)member;
    (void)result;
    return count < 0 ? json_null() : json_integer(count);
}

static int read_known(const json_t *value, void *member, const struct result *result,
                      struct error *reterr)
{
    json_int_t whole = -1;
    (void)result;
    if (!json_is_null(value) && read_whole(value, 0, INT64_MAX, &whole, reterr))
        return -1;
    *(int64_t *)member = whole;
    return 0;
}

const struct json_field_kind json_field_known = {write_known, read_known};

static json_t *write_real(const void *member, const struct result *result)
{
    double number = *(const double *)member;
    (void)result;
    return isfinite(number) ? json_real(number) : json_null();
}

static int read_real(const json_t *value, void *member, const struct result *result,
                     struct error *reterr)
{
    (void)result;
    if (!json_is_number(value) && !json_is_null(value))
        return json_field_refuse(value, "a number or null", reterr);
    *(double *)member = json_is_null(value) ? (double)NAN : json_number_value(value);
    return 0;
}

const struct json_field_kind json_field_real = {write_real, read_real};

/* --- Claims and verdicts ------------------------------------------------------------------------
 */

static json_t *write_flag(const void *member, const struct result *result)
{
    (void)result;
    return json_boolean(*(const bool *)member);
}

static int read_flag(const json_t *value, void *member, const struct result *result,
                     struct error *reterr)
{
    (void)result;
    if (!json_is_boolean(value))
        return json_field_refuse(value, "true or false", reterr);
    *(bool *)member = json_is_true(value);
    return 0;
}

const struct json_field_kind json_field_flag = {write_flag, read_flag};

static json_t *write_verdict(const void *member, const struct result *result)
{
    (void)result;
    return json_text(verdict_name(*(const enum verdict *)member));
}

static int read_verdict(const json_t *value, void *member, const struct result *result,
                        struct error *reterr)
{
    const char *name = json_string_value(value);
    (void)result;
    for (int verdict = VERDICT_PASS; name && verdict <= VERDICT_FAIL; verdict++) {
        if (strcmp(name, verdict_name((enum verdict)verdict)) == 0) {
            *(enum verdict *)member = (enum verdict)verdict;
            return 0;
        }
    }
    return error_set(reterr, ERROR_USAGE, "pass, inconclusive or fail is wanted, not %s",
                     name ? name : form_of(value));
}

const struct json_field_kind json_field_verdict = {write_verdict, read_verdict};

/* --- Moments ------------------------------------------------------------------------------------
 */

static json_t *write_moment(const void *member, const struct result *result)
{
    return json_integer((json_int_t)(*(const uint64_t *)member - result->start_ns));
}

static int read_moment(const json_t *value, void *member, const struct result *result,
                       struct error *reterr)
{
    json_int_t whole = 0;
    if (read_whole(value, INT64_MIN, INT64_MAX, &whole, reterr))
        return -1;
    *(uint64_t *)member = (uint64_t)whole + result->start_ns;
    return 0;
}

const struct json_field_kind json_field_moment = {write_moment, read_moment};

static json_t *write_end(const void *member, const struct result *result)
{
    return *(const uint64_t *)member ? write_moment(member, result) : json_null();
}

static int read_end(const json_t *value, void *member, const struct result *result,
                    struct error *reterr)
{
    return json_is_null(value) ? 0 : read_moment(value, member, result, reterr);
}

const struct json_field_kind json_field_end = {write_end, read_end};

/* --- Records ------------------------------------------------------------------------------------
 */

json_t *json_field_write(const struct json_field_table *table, const void *record,
                         const struct result *result)
{
    json_t *object = json_object();
    for (size_t i = 0; i < table->count; i++) {
        const struct json_field *field = &table->fields[i];
        json_t *value = field->kind->write((const char *)record + field->offset, result);
        int failed = json_object_set_new(object, field->key, value);
        assert(!failed);
        (void)failed;
    }
    return object;
}

int json_field_read(const struct json_field_table *table, const json_t *object, void *record,
                    const struct result *result, struct error *reterr)
{
    if (!json_is_object(object))
        return json_field_refuse(object, "an object", reterr);
    for (size_t i = 0; i < table->count; i++) {
        const struct json_field *field = &table->fields[i];
        const json_t *value = json_object_get(object, field->key);
        if (!value)
            return error_set(reterr, ERROR_USAGE,
                             "'%s' is missing: was it written by another gauntlet?", field->key);
        if (field->kind->read(value, (char *)record + field->offset, result, reterr))
            return error_prefix(reterr, "%s: ", field->key);
    }
    return 0;
}

json_t *json_field_write_list(const struct json_field_table *table, const void *items, size_t count,
                              const struct result *result)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(
            array, json_field_write(table, (const char *)items + i * table->record_size, result));
    return array;
}

int json_field_read_list(const struct json_field_table *table, const json_t *array,
                         void **ret_items, size_t *ret_count, const struct result *result,
                         struct error *reterr)
{
    size_t count = json_array_size(array);
    if (!json_is_array(array))
        return json_field_refuse(array, "a list", reterr);
    *ret_items = memory_new(count + 1, table->record_size);
    *ret_count = count;
    for (size_t i = 0; i < count; i++)
        if (json_field_read(table, json_array_get(array, i),
                            (char *)*ret_items + i * table->record_size, result, reterr))
            return error_prefix(reterr, "entry %zu: ", i + 1);
    return 0;
}
