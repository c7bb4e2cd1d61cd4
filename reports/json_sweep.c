/* json_sweep.c: the cuts of a sweep in result.json. */
#include "reports/json.h"

#define AT(member) offsetof(struct result_cut, member)

static const struct json_field cut_fields[] = {
    {"link", &json_field_word, AT(link)},
    {"exchange", &json_field_count, AT(exchange)},
    {"empty", &json_field_count, AT(empty)},
    {"command", &json_field_word, AT(command)},
    {"message", &json_field_text, AT(message)},
    {"cut", &json_field_word, AT(edge_name)},
    {"verdict", &json_field_verdict, AT(verdict)},
    {"fired", &json_field_count, AT(fired)},
    {"reason", &json_field_text, AT(reason)},
    {"elapsed_ns", &json_field_count, AT(elapsed_ns)},
};
static const struct json_field_table cut_table = JSON_FIELDS(cut_fields, struct result_cut);

static json_t *write_cuts(const void *member, const struct result *result)
{
    (void)member;
    return json_field_write_list(&cut_table, result->cuts, result->cut_count, result);
}

static int read_cuts(const json_t *value, void *member, const struct result *result,
                     struct error *reterr)
{
    struct result *into = member;
    return json_field_read_list(&cut_table, value, (void **)&into->cuts, &into->cut_count, result,
                                reterr);
}

const struct json_field_kind json_cuts = {write_cuts, read_cuts};
