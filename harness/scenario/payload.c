/* payload.c: a size, a range of sizes, or JSON content: a file, or spelt out. */
#include "scenario/payload.h"

#include <stdlib.h>
#include <string.h>

#include "base/identity.h"
#include "base/memory.h"
#include "base/quantity.h"
#include "scenario/file.h"
#include "scenario/tables.h"

#define PAYLOAD_SIZE_MAX (64u << 20)

static const struct schema_option OPTIONS[] = {
    {"size", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "bytes of the whole payload: 200, a range 100-4KiB, or {min: 100, max: 4KiB}; 78 at least"},
    {"file", SCHEMA_TEXT, NULL, 0, 0, NULL,
     "a JSON file whose content every message carries; relative to the scenario's folder"},
    {"weight", SCHEMA_NUMBER, NULL, 1e-6, 1e6, NULL,
     "in a list of sizes: how often this one comes, against the others"},
    {"body", SCHEMA_TEXT, NULL, 0, 0, NULL, "the same as a text: '{\"order\": 17}'"},
};

static const struct schema_option SIZE_OPTIONS[] = {
    {"min", SCHEMA_SIZE, NULL, 0, 0, NULL, "the smallest size"},
    {"max", SCHEMA_SIZE, NULL, 0, 0, NULL, "the largest size"},
};

static const struct schema SCHEMA = {"payload", OPTIONS, 4};
static const struct schema SIZE_SCHEMA = {"size", SIZE_OPTIONS, 2};

const struct schema *scenario_schema_payload(void)
{
    return &SCHEMA;
}

const struct schema *scenario_schema_payload_size(void)
{
    return &SIZE_SCHEMA;
}

struct range {
    uint64_t min, max;
};

static const struct field SIZE_FIELDS[] = {
    {"min", field_count, offsetof(struct range, min), true},
    {"max", field_count, offsetof(struct range, max), true},
};

static const struct field FIELDS[] = {
    {"size", NULL, 0, false}, /* one of them: read once all are known */
    {"file", NULL, 0, false},
    {"weight", NULL, 0, false},
    {"body", NULL, 0, false},
};

static const struct form FORM = {&SCHEMA, "a payload", FIELDS, 4};
static const struct form SIZE_FORM = {&SIZE_SCHEMA, "a range of sizes", SIZE_FIELDS, 2};

bool payload_split_range(const char *text, char **ret_low, char **ret_high)
{
    const char *dash = strchr(text, '-');
    const char *high = dash ? dash + 1 + strspn(dash + 1, " ") : NULL;
    size_t size = dash ? (size_t)(dash - text) : 0;

    while (size > 0 && text[size - 1] == ' ')
        size--;
    if (size == 0 || !*high)
        return false;
    *ret_low = memory_format("%.*s", (int)size, text);
    *ret_high = memory_string(high);
    return true;
}

static int place_error(struct loader *loader, const struct node *node)
{
    if (loader->reterr)
        loader->reterr->place = node->place;
    return -1;
}

static int read_range(struct loader *loader, const struct node *node, struct range *range)
{
    const char *text = fields_text(loader, "size", node);
    char *low = NULL, *high = NULL;
    int result;

    if (!text)
        return -1;
    if (payload_split_range(text, &low, &high)) {
        result = size_parse(low, &range->min, loader->reterr) == 0 &&
                         size_parse(high, &range->max, loader->reterr) == 0
                     ? 0
                     : -1;
    } else {
        result = size_parse(text, &range->min, loader->reterr);
        range->max = range->min;
    }
    free(low);
    free(high);
    return result == 0 ? 0 : place_error(loader, node);
}

static int read_size(struct loader *loader, const struct node *node, struct range *ret_range)
{
    struct range range = {0};
    int result = node->kind == NODE_MAPPING ? fields_read(loader, &SIZE_FORM, node, &range)
                                            : read_range(loader, node, &range);

    if (result != 0)
        return -1;
    if (range.min < IDENTITY_SIZE_MIN)
        return error_set_at(loader->reterr, node->place,
                            "a payload of %llu bytes is too small: it must hold the message's own "
                            "identity, so say %u or more",
                            (unsigned long long)range.min, IDENTITY_SIZE_MIN);
    if (range.max < range.min)
        return error_set_at(loader->reterr, node->place,
                            "the largest size is below the smallest: say such as 100-4KiB");
    if (range.max > PAYLOAD_SIZE_MAX)
        return error_set_at(loader->reterr, node->place, "a payload has at most 64 MiB");
    *ret_range = range;
    return 0;
}

static int read_one_size(struct loader *loader, const struct node *node,
                         struct scenario_producer *producer)
{
    struct range range = {0};

    if (read_size(loader, node, &range) != 0)
        return -1;
    producer->payload_size_min = range.min;
    producer->payload_size_max = range.max;
    return 0;
}

/* One of several sizes: {size: 4KiB, weight: 1}. */
static int read_share(struct loader *loader, const struct node *node,
                      struct scenario_producer *producer)
{
    struct scenario_size *share = &producer->sizes[producer->size_count];
    const struct node *size = node_get(node, "size"), *weight = node_get(node, "weight");
    struct range range = {0};

    if (fields_read(loader, &FORM, node, producer) != 0)
        return -1;
    if (!size || !weight || node_get(node, "file") || node_get(node, "body"))
        return error_set_at(loader->reterr, node->place,
                            "in a list, a payload is such as {size: 200, weight: 9}");
    if (read_size(loader, size, &range) != 0 ||
        field_real(loader, &SCHEMA, &OPTIONS[2], weight, &share->weight) != 0)
        return -1;
    share->min = range.min;
    share->max = range.max;
    if (producer->size_count == 0 || range.min < producer->payload_size_min)
        producer->payload_size_min = range.min;
    if (range.max > producer->payload_size_max)
        producer->payload_size_max = range.max;
    producer->size_count++;
    return 0;
}

static int read_shares(struct loader *loader, const struct node *list,
                       struct scenario_producer *producer)
{
    if (list->count == 0)
        return error_set_at(loader->reterr, list->place,
                            "a list of payloads is such as [{size: 200, weight: 9}, {size: 4KiB, "
                            "weight: 1}]");
    producer->sizes = memory_new(list->count, sizeof(*producer->sizes));
    for (size_t i = 0; i < list->count; i++)
        if (read_share(loader, list->items[i], producer) != 0)
            return -1;
    return 0;
}

static int read_file(struct loader *loader, const struct node *node,
                     struct scenario_producer *producer)
{
    const char *name = fields_text(loader, "file", node);
    char *path, *text = NULL;
    size_t size = 0;
    int result;

    if (!name)
        return -1;
    path = file_beside(loader->scenario->path, name);
    result = file_read(path, PAYLOAD_SIZE_MAX, &text, &size, loader->reterr);
    if (result == 0 &&
        identity_canonical(text, size, &producer->payload_body, loader->reterr) != 0) {
        result = -1;
        (void)error_prefix(loader->reterr, "the payload '%.100s' is ", name);
    }
    free(text);
    free(path);
    return result == 0 ? 0 : place_error(loader, node);
}

static int read_body(struct loader *loader, const struct node *node,
                     struct scenario_producer *producer)
{
    if (node->kind != NODE_SCALAR)
        return error_set_at(
            loader->reterr, node->place,
            "a body is a JSON text such as '{\"order\": 17}', so quote it: this is %s",
            node_describe(node));
    if (identity_canonical(node->text, node->size, &producer->payload_body, loader->reterr) == 0)
        return 0;
    (void)error_prefix(loader->reterr, "the body is ");
    return place_error(loader, node);
}

int payload_read(struct loader *loader, const struct schema *schema,
                 const struct schema_option *option, const struct node *node, void *target)
{
    const struct node *size = node_get(node, "size"), *file = node_get(node, "file");
    const struct node *body = node_get(node, "body");

    (void)schema, (void)option;
    if (node->kind == NODE_SEQUENCE)
        return read_shares(loader, node, target);
    if (node->kind != NODE_MAPPING)
        return read_one_size(loader, node, target);
    if (fields_read(loader, &FORM, node, target) != 0)
        return -1;
    if (node_get(node, "weight"))
        return error_set_at(loader->reterr, node_place(node, "weight"),
                            "a 'weight' belongs to a list of several payloads");
    if (!!size + !!file + !!body != 1)
        return error_set_at(loader->reterr, node->place,
                            "a payload has one of 'size', 'file' and 'body', not %s",
                            size || file || body ? "several" : "none");
    if (body)
        return read_body(loader, body, target);
    return size ? read_one_size(loader, size, target) : read_file(loader, file, target);
}
