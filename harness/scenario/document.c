/* document.c: YAML events into nodes.  The only file that knows libfyaml. */
#include "scenario/document.h"

#include <libfyaml.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "scenario/utf8.h"

#define DEPTH_MAX 60      /* libfyaml promises 64 */
#define NODES_MAX 100000u /* a scenario has hundreds */
#define KEYS_MAX  1000u   /* of one mapping */

struct anchor {
    char *name;
    struct node *node;
};

/* A container that has begun and not ended. */
struct level {
    struct node *node;
    struct node_key key; /* mappings: the key whose value comes next; text NULL before a key */
    char *anchor;
};

struct builder {
    struct document *document;
    const char *file;
    struct fy_diag *diag;
    struct fy_parser *parser;
    char complaint[160]; /* what libfyaml said without a place */
    struct level levels[DEPTH_MAX];
    size_t depth;
    struct anchor *anchors;
    size_t anchor_count;
    struct source_place last; /* of the last event that had one */
    struct node *root;
    size_t document_count;
    bool is_ended;
    struct error *reterr;
};

static void on_complaint(struct fy_diag *diag, void *user, const char *text, size_t size)
{
    struct builder *builder = user;

    (void)diag;
    while (size > 0 && text[size - 1] == '\n')
        size--;
    (void)snprintf(builder->complaint, sizeof(builder->complaint), "%.*s", (int)size, text);
}

static struct source_place place_of(struct builder *builder, const struct fy_mark *mark, int before)
{
    if (mark)
        builder->last =
            (struct source_place){builder->file, mark->line + 1, mark->column + 1 - before};
    return builder->last;
}

/* The text of a token, as the user's own string: tokens die with their event. */
static char *copy_bytes(struct fy_token *token, size_t *ret_size)
{
    const char *text = token ? fy_token_get_text(token, ret_size) : NULL;
    char *copy;

    if (!text)
        return NULL;
    copy = memory_new(*ret_size + 1, 1);
    memcpy(copy, text, *ret_size);
    return copy;
}

/* The same, NULL also when there is a NUL in it. */
static char *copy_token(struct fy_token *token)
{
    size_t size = 0;
    char *copy = copy_bytes(token, &size);

    return copy && strlen(copy) == size ? copy : (free(copy), NULL);
}

static int refuse_syntax(struct builder *builder)
{
    void *iterator = NULL;
    struct fy_diag_error *first = fy_diag_errors_iterate(builder->diag, &iterator);
    struct source_place place = builder->last;

    if (first && first->line > 0)
        place = (struct source_place){builder->file, first->line, first->column};
    return error_set_at(builder->reterr, place, "this is not YAML: %s",
                        first ? first->msg
                              : (builder->complaint[0] ? builder->complaint : "it ends too early"));
}

static void name_anchor(struct builder *builder, char *name, struct node *node)
{
    if (!name)
        return;
    builder->anchors =
        memory_grow(builder->anchors, builder->anchor_count + 1, sizeof(*builder->anchors));
    builder->anchors[builder->anchor_count++] = (struct anchor){name, node};
}

static struct node *find_anchor(const struct builder *builder, const char *name)
{
    for (size_t i = builder->anchor_count; i > 0; i--) /* the latest of a name counts */
        if (strcmp(builder->anchors[i - 1].name, name) == 0)
            return builder->anchors[i - 1].node;
    return NULL;
}

static int take_key(struct builder *builder, struct level *level, const struct node *key)
{
    size_t earlier;

    if (key->kind != NODE_SCALAR)
        return error_set_at(builder->reterr, key->place, "a key must be a word, not %s",
                            node_describe(key));
    if (key->is_null)
        return error_set_at(builder->reterr, key->place, "a key is missing before ':'");
    if (strlen(key->text) != key->size)
        return error_set_at(builder->reterr, key->place, "a key may not contain the character NUL");
    earlier = node_index(level->node, key->text);
    if (earlier != NODE_ABSENT)
        return error_set_at(builder->reterr, key->place,
                            "key '%s' is given twice: it stands in line %d already", key->text,
                            level->node->keys[earlier].place.line);
    if (level->node->count >= KEYS_MAX)
        return error_set_at(builder->reterr, key->place, "a mapping has at most %u keys", KEYS_MAX);
    level->key = (struct node_key){memory_string(key->text), key->place};
    return 0;
}

/* Hang a complete node (or a container that begins) where it belongs. */
static int place_node(struct builder *builder, struct node *node)
{
    struct level *level = builder->depth > 0 ? &builder->levels[builder->depth - 1] : NULL;

    if (!level) {
        builder->root = node;
        return 0;
    }
    if (level->node->kind == NODE_MAPPING && !level->key.text)
        return take_key(builder, level, node);
    node_append(level->node, &level->key, node);
    free(level->key.text);
    level->key.text = NULL;
    return 0;
}

static int begin_level(struct builder *builder, enum node_kind kind, struct source_place place,
                       struct fy_token *anchor)
{
    struct node *node;

    if (builder->depth == DEPTH_MAX)
        return error_set_at(builder->reterr, place, "nested more than %d levels deep", DEPTH_MAX);
    node = node_new(builder->document, kind, place);
    if (place_node(builder, node) != 0)
        return -1;
    builder->levels[builder->depth++] = (struct level){.node = node, .anchor = copy_token(anchor)};
    return 0;
}

/* An anchor names its node only now: an alias inside it would make the tree a circle. */
static int end_level(struct builder *builder)
{
    struct level *level = &builder->levels[--builder->depth];

    name_anchor(builder, level->anchor, level->node);
    level->anchor = NULL;
    return 0;
}

static bool is_null_word(const char *text)
{
    static const char *const WORDS[] = {"", "~", "null", "Null", "NULL"};

    for (size_t i = 0; i < sizeof(WORDS) / sizeof(WORDS[0]); i++)
        if (strcmp(text, WORDS[i]) == 0)
            return true;
    return false;
}

static int on_scalar(struct builder *builder, struct fy_event *event)
{
    struct fy_token *token = event->scalar.value;
    enum fy_scalar_style style = token ? fy_token_scalar_style(token) : FYSS_PLAIN;
    bool is_quoted = style == FYSS_SINGLE_QUOTED || style == FYSS_DOUBLE_QUOTED;
    struct source_place place = place_of(builder, fy_event_start_mark(event), is_quoted);
    struct node *node = node_new(builder->document, NODE_SCALAR, place);

    node->is_plain = style == FYSS_PLAIN;
    node->text = token ? copy_bytes(token, &node->size) : memory_string("");
    if (!node->text || (strlen(node->text) != node->size && !builder->document->takes_nul))
        return error_set_at(builder->reterr, place, "a text may not contain the character NUL");
    node->is_null = style == FYSS_PLAIN && is_null_word(node->text);
    name_anchor(builder, copy_token(event->scalar.anchor), node);
    return place_node(builder, node);
}

static int on_sequence_start(struct builder *builder, struct fy_event *event)
{
    return begin_level(builder, NODE_SEQUENCE, place_of(builder, fy_event_start_mark(event), 0),
                       event->sequence_start.anchor);
}

static int on_mapping_start(struct builder *builder, struct fy_event *event)
{
    return begin_level(builder, NODE_MAPPING, place_of(builder, fy_event_start_mark(event), 0),
                       event->mapping_start.anchor);
}

static int on_end(struct builder *builder, struct fy_event *event)
{
    (void)event;
    return end_level(builder);
}

static int on_alias(struct builder *builder, struct fy_event *event)
{
    struct source_place place = place_of(builder, fy_event_start_mark(event), 1);
    char *name = copy_token(event->alias.anchor);
    struct node *node = name ? find_anchor(builder, name) : NULL;
    int result;

    if (node)
        result = place_node(builder, node);
    else
        result = error_set_at(builder->reterr, place,
                              "alias '*%s' has no anchor: name the node before it with '&%s'",
                              name ? name : "", name ? name : "");
    free(name);
    return result;
}

static int on_document_start(struct builder *builder, struct fy_event *event)
{
    struct source_place place = place_of(builder, fy_event_start_mark(event), 0);

    if (builder->document_count++ > 0)
        return error_set_at(builder->reterr, place,
                            "a second document begins here: a file holds one, so put it into a "
                            "file of its own");
    return 0;
}

static int on_nothing(struct builder *builder, struct fy_event *event)
{
    (void)builder, (void)event;
    return 0;
}

static int on_stream_end(struct builder *builder, struct fy_event *event)
{
    (void)event;
    builder->is_ended = true;
    return 0;
}

static int (*const HANDLERS[])(struct builder *builder, struct fy_event *event) = {
    [FYET_NONE] = on_nothing,          [FYET_STREAM_START] = on_nothing,
    [FYET_STREAM_END] = on_stream_end, [FYET_DOCUMENT_START] = on_document_start,
    [FYET_DOCUMENT_END] = on_nothing,  [FYET_MAPPING_START] = on_mapping_start,
    [FYET_MAPPING_END] = on_end,       [FYET_SEQUENCE_START] = on_sequence_start,
    [FYET_SEQUENCE_END] = on_end,      [FYET_SCALAR] = on_scalar,
    [FYET_ALIAS] = on_alias,
};

static int refuse_tag(struct builder *builder, struct fy_event *event)
{
    struct fy_token *tag = NULL;

    if (event->type == FYET_SCALAR)
        tag = event->scalar.tag;
    else if (event->type == FYET_MAPPING_START)
        tag = event->mapping_start.tag;
    else if (event->type == FYET_SEQUENCE_START)
        tag = event->sequence_start.tag;
    if (!tag)
        return 0;
    return error_set_at(builder->reterr, place_of(builder, fy_token_start_mark(tag), 0),
                        "scenarios have no tags (words that begin with '!'): leave it out");
}

static int build(struct builder *builder)
{
    while (!builder->is_ended) {
        struct fy_event *event = fy_parser_parse(builder->parser);
        int result;

        if (!event)
            return refuse_syntax(builder);
        result = refuse_tag(builder, event);
        if (result == 0)
            result = HANDLERS[event->type](builder, event);
        fy_parser_event_free(builder->parser, event);
        if (result != 0)
            return -1;
        if (builder->document->node_count > NODES_MAX)
            return error_set_at(builder->reterr, builder->last, "a scenario has at most %u values",
                                NODES_MAX);
    }
    if (!builder->root || builder->root->is_null)
        return error_set_at(builder->reterr, (struct source_place){builder->file, 1, 1},
                            "the document is empty");
    return 0;
}

static int open_parser(struct builder *builder, const char *text, size_t size)
{
    struct fy_diag_cfg diag = {0};
    struct fy_parse_cfg parse = {.search_path = "",
                                 .flags = FYPCF_DEFAULT_VERSION_AUTO | FYPCF_JSON_NONE |
                                          FYPCF_DISABLE_MMAP_OPT};

    fy_diag_cfg_default(&diag);
    diag.fp = NULL;
    diag.output_fn = on_complaint;
    diag.user = builder;
    diag.colorize = diag.show_source = diag.show_position = false;
    diag.show_type = diag.show_module = false;
    builder->diag = fy_diag_create(&diag);
    if (!builder->diag)
        return error_set(builder->reterr, ERROR_SYSTEM, "out of memory");
    fy_diag_set_collect_errors(builder->diag, true);
    parse.diag = builder->diag;
    builder->parser = fy_parser_create(&parse);
    if (!builder->parser || fy_parser_set_string(builder->parser, text, size) != 0)
        return error_set(builder->reterr, ERROR_SYSTEM, "out of memory");
    return 0;
}

static void release_builder(struct builder *builder)
{
    while (builder->depth > 0) {
        struct level *level = &builder->levels[--builder->depth];

        free(level->key.text);
        free(level->anchor);
    }
    for (size_t i = 0; i < builder->anchor_count; i++)
        free(builder->anchors[i].name);
    free(builder->anchors);
    if (builder->parser)
        fy_parser_destroy(builder->parser);
    if (builder->diag)
        fy_diag_destroy(builder->diag);
}

int document_parse(struct document *document, const char *file, const char *text, size_t size,
                   struct node **ret_root, struct error *reterr)
{
    struct builder builder = {.document = document, .file = file, .reterr = reterr};
    int result = -1;

    builder.last = (struct source_place){file, 1, 1};
    if (utf8_check(file, text, size, reterr) == 0 && open_parser(&builder, text, size) == 0)
        result = build(&builder);
    if (result == 0)
        *ret_root = builder.root;
    release_builder(&builder);
    return result;
}
