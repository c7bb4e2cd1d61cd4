/* read.c: result.json read back, strictly. */
#include "reports/read.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/memory.h"
#include "reports/json.h"

static int check_version(const json_t *root, struct error *reterr)
{
    const char *schema = json_string_value(json_object_get(root, "schema"));
    const json_t *version = json_object_get(root, "version");
    if (!schema || strcmp(schema, RESULT_SCHEMA) != 0)
        return error_set(reterr, ERROR_USAGE,
                         "not a result of gauntlet: its 'schema' is not \"" RESULT_SCHEMA "\"");
    if (!json_is_integer(version))
        return error_set(reterr, ERROR_USAGE, "'version' is missing");
    if (json_integer_value(version) != RESULT_SCHEMA_VERSION)
        return error_set(reterr, ERROR_USAGE,
                         "a result of version %lld: this gauntlet reads version %d; run the "
                         "scenario again, or use the gauntlet that wrote it",
                         (long long)json_integer_value(version), RESULT_SCHEMA_VERSION);
    return 0;
}

/* Of the members that were read: what is there is freed, also half way. */
static int fill(const json_t *root, struct result **ret_result, struct error *reterr)
{
    struct result *result = memory_new(1, sizeof(*result));
    int failed = json_field_read(&json_result_table, root, result, result, reterr);
    if (result->ledger)
        json_settle_names(result->ledger);
    if (failed) {
        result_free(result);
        return -1;
    }
    *ret_result = result;
    return 0;
}

static int refuse_syntax(const char *path, const json_error_t *wrong, struct error *reterr)
{
    const struct source_place place = {path, wrong->line > 0 ? wrong->line : 1,
                                       wrong->column > 0 ? wrong->column : 1};
    error_set_at(reterr, place, "not JSON, or cut off: %s", wrong->text);
    if (reterr)
        reterr->kind = ERROR_USAGE;
    return -1;
}

static int take(const json_t *root, const char *name, struct result **ret_result,
                struct error *reterr)
{
    int result = check_version(root, reterr);
    if (result == 0)
        result = fill(root, ret_result, reterr);
    return result ? error_prefix(reterr, "%s: ", name) : 0;
}

int report_read_text(const char *name, const char *text, size_t size, struct result **ret_result,
                     struct error *reterr)
{
    json_error_t wrong;
    json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &wrong);
    if (!root)
        return refuse_syntax(name, &wrong, reterr);
    int result = take(root, name, ret_result, reterr);
    json_decref(root);
    return result;
}

static json_t *parse(FILE *file, const char *path, struct error *reterr)
{
    json_error_t wrong;
    json_t *root = json_loadf(file, JSON_REJECT_DUPLICATES, &wrong);
    if (!root && ferror(file))
        error_set(reterr, ERROR_USAGE, "cannot read '%s': %s", path, strerror(errno));
    else if (!root)
        refuse_syntax(path, &wrong, reterr);
    return root;
}

int report_read(const char *path, struct result **ret_result, struct error *reterr)
{
    FILE *file = fopen(path, "rbe");
    if (!file)
        return error_set(reterr, ERROR_USAGE, "cannot read '%s': %s", path, strerror(errno));
    json_t *root = parse(file, path, reterr);
    fclose(file);
    if (!root)
        return -1;
    int result = take(root, path, ret_result, reterr);
    json_decref(root);
    return result;
}
