/* svg.c: a drawing taken apart into tags, and put together again from the few that are known. */
#include "reports/svg.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "reports/xml.h"

#define VALUE_MAX 128u
#define DEPTH_MAX 32u

struct attribute {
    const char *name, *value;
    size_t name_size, value_size;
};

struct tag {
    const char *name;
    size_t name_size;
    bool is_end, is_empty; /* </g>; <g/> */
    const char *attributes, *after;
};

struct scan {
    const char *at, *end;
    struct text *page;
    unsigned skipping;      /* depth inside an element that is not wanted */
    unsigned depth, opened; /* of groups; those of them that are on the page */
    struct text groups[DEPTH_MAX];
    bool in_text, is_done;
};

/* --- Tags ---------------------------------------------------------------------------------------
 */

static bool is_name(char c)
{
    return isalnum((unsigned char)c) || c == '-' || c == ':' || c == '_';
}

/* False at the end of the tag. */
static bool next_attribute(const char **at, const char *end, struct attribute *ret)
{
    const char *from = *at;
    while (from < end && !is_name(*from))
        from++;
    ret->name = from;
    while (from < end && is_name(*from))
        from++;
    ret->name_size = (size_t)(from - ret->name);
    while (from < end && *from != '"' && *from != '\'')
        from++;
    const char *close = from < end ? memchr(from + 1, *from, (size_t)(end - from - 1)) : NULL;
    if (!close || ret->name_size == 0)
        return false;
    ret->value = from + 1;
    ret->value_size = (size_t)(close - ret->value);
    *at = close + 1;
    return true;
}

/* The tag's '>' is outside quotes. */
static const char *find_tag_end(const char *at, const char *end)
{
    char quote = '\0';
    for (; at < end; at++) {
        if (quote)
            quote = *at == quote ? '\0' : quote;
        else if (*at == '"' || *at == '\'')
            quote = *at;
        else if (*at == '>')
            return at;
    }
    return NULL;
}

static bool take_tag(struct scan *scan, struct tag *ret)
{
    const char *close = find_tag_end(scan->at, scan->end);
    const char *at = scan->at + 1;
    if (!close)
        return false;
    *ret = (struct tag){.is_end = *at == '/', .is_empty = close[-1] == '/', .after = close};
    at += ret->is_end;
    ret->name = at;
    while (at < close && is_name(*at))
        at++;
    ret->name_size = (size_t)(at - ret->name);
    ret->attributes = at;
    scan->at = close + 1;
    return true;
}

static bool is_named(const char *name, size_t size, const char *word)
{
    return strlen(word) == size && strncmp(name, word, size) == 0;
}

static bool is_tag(const struct tag *tag, const char *word)
{
    return is_named(tag->name, tag->name_size, word);
}

/* --- Colours ------------------------------------------------------------------------------------
 */

/* The numbers in "translate(1.5,2) scale(3)", whatever stands between them; gives how many. */
static size_t read_numbers(const char *value, double *numbers, size_t max)
{
    size_t count = 0;
    while (*value && count < max) {
        char *end;
        double number = strtod(value, &end);
        if (end != value)
            numbers[count++] = number;
        value = end != value ? end : value + 1;
    }
    return count;
}

/* "rgb(  0,   0,  17)" is 17; -1 for all else. */
static int colour_of(const char *value)
{
    double parts[4];
    bool is_ours = strncmp(value, "rgb(", 4) == 0 && read_numbers(value + 4, parts, 4) == 3 &&
                   parts[0] == 0 && parts[1] == 0 && parts[2] >= 0 && parts[2] <= 255;
    return is_ours ? (int)parts[2] : -1;
}

struct paint {
    const char *attribute;
    char letter; /* of its class */
};

static const struct paint paints[] = {{"fill", 'f'}, {"stroke", 's'}, {"color", 'k'}};

static void put_paint(struct text *text, struct text *classes, const struct paint *paint,
                      const char *value)
{
    int colour = colour_of(value);
    if (colour >= 0)
        text_appendf(classes, "%s%c%d", classes->size ? " " : "", paint->letter, colour);
    else if (strcmp(value, "none") == 0)
        text_appendf(text, " %s=\"none\"", paint->attribute);
    else if (strcmp(value, "currentColor") == 0)
        text_appendf(text, " %s=\"currentColor\"", paint->attribute);
}

static const struct paint *paint_of(const struct attribute *attribute)
{
    for (size_t i = 0; i < sizeof(paints) / sizeof(paints[0]); i++)
        if (is_named(attribute->name, attribute->name_size, paints[i].attribute))
            return &paints[i];
    return NULL;
}

/* --- Attributes that are kept --------------------------------------------------------------------
 */

static const struct {
    const char *name, *characters;
} kept[] = {
    {"d", "MLHVCQZmlhvcqz0123456789.,- \t\r\n"},
    {"points", "0123456789.,- \t\r\n"},
    {"transform", "abcdefghijklmnopqrstuvwxyz(0123456789.,-) "},
    {"text-anchor", "abcdefghijklmnopqrstuvwxyz"},
    {"stroke-width", "0123456789."},
    {"stroke-dasharray", "0123456789., "},
    {"stroke-linecap", "abcdefghijklmnopqrstuvwxyz"},
    {"stroke-linejoin", "abcdefghijklmnopqrstuvwxyz"},
    {"font-size", "0123456789."},
    {"fill-opacity", "0123456789."},
    {"x", "0123456789.-"},
    {"y", "0123456789.-"},
    {"width", "0123456789."},
    {"height", "0123456789."},
    {"cx", "0123456789.-"},
    {"cy", "0123456789.-"},
    {"r", "0123456789."},
};

static bool is_kept(const struct attribute *attribute)
{
    for (size_t i = 0; i < sizeof(kept) / sizeof(kept[0]); i++) {
        if (!is_named(attribute->name, attribute->name_size, kept[i].name))
            continue;
        for (size_t at = 0; at < attribute->value_size; at++)
            if (!attribute->value[at] || !strchr(kept[i].characters, attribute->value[at]))
                return false;
        return true;
    }
    return false;
}

/* Runs of blanks become one. */
static void put_value(struct text *text, const struct attribute *attribute)
{
    bool was_blank = true;
    text_appendf(text, " %.*s=\"", (int)attribute->name_size, attribute->name);
    for (size_t i = 0; i < attribute->value_size; i++) {
        char c = attribute->value[i];
        bool is_blank = isspace((unsigned char)c);
        if (is_blank && !was_blank && i + 1 < attribute->value_size)
            text_append(text, " ", 1);
        else if (!is_blank)
            text_append(text, &c, 1);
        was_blank = is_blank;
    }
    text_append_string(text, "\"");
}

static void put_attributes(struct text *text, const struct tag *tag)
{
    struct text classes = {0};
    struct attribute attribute;
    const char *at = tag->attributes;
    while (next_attribute(&at, tag->after, &attribute)) {
        char value[VALUE_MAX];
        const struct paint *paint = paint_of(&attribute);
        snprintf(value, sizeof(value), "%.*s", (int)attribute.value_size, attribute.value);
        if (paint)
            put_paint(text, &classes, paint, value);
        else if (is_kept(&attribute))
            put_value(text, &attribute);
    }
    if (classes.size > 0)
        text_appendf(text, " class=\"%s\"", text_string(&classes));
    text_release(&classes);
}

/* --- Elements -----------------------------------------------------------------------------------
 */

/* Groups reach the page when something stands in them. */
static void open_groups(struct scan *scan)
{
    for (; scan->opened < scan->depth; scan->opened++)
        text_append_string(scan->page, text_string(&scan->groups[scan->opened]));
}

static void put_group(struct scan *scan, const struct tag *tag)
{
    if (tag->is_end && scan->depth > 0) {
        scan->depth--;
        if (scan->opened > scan->depth)
            text_append_string(scan->page, "</g>");
        scan->opened = scan->opened > scan->depth ? scan->depth : scan->opened;
        text_clear(&scan->groups[scan->depth]);
    } else if (!tag->is_end && !tag->is_empty && scan->depth < DEPTH_MAX) {
        struct text *group = &scan->groups[scan->depth++];
        text_append_string(group, "<g");
        put_attributes(group, tag);
        text_append_string(group, ">");
    }
}

static void put_shape(struct scan *scan, const struct tag *tag)
{
    if (tag->is_end)
        return;
    open_groups(scan);
    text_appendf(scan->page, "<%.*s", (int)tag->name_size, tag->name);
    put_attributes(scan->page, tag);
    text_append_string(scan->page, "/>");
}

static void put_text(struct scan *scan, const struct tag *tag)
{
    if (!tag->is_end)
        open_groups(scan);
    scan->in_text = !tag->is_end;
    text_append_string(scan->page, tag->is_end ? "</text>" : "<text");
    if (!tag->is_end)
        put_attributes(scan->page, tag);
    if (!tag->is_end)
        text_append_string(scan->page, ">");
}

/* A marker of gnuplot's is a reference to a shape of its own; here it is a dot. */
static void put_marker(struct scan *scan, const struct tag *tag)
{
    struct attribute attribute;
    const char *at = tag->attributes;
    double place[3] = {0}; /* x, y, scale */
    int colour = -1;
    while (next_attribute(&at, tag->after, &attribute)) {
        char value[VALUE_MAX];
        snprintf(value, sizeof(value), "%.*s", (int)attribute.value_size, attribute.value);
        if (is_named(attribute.name, attribute.name_size, "transform"))
            (void)read_numbers(value, place, 3);
        else if (is_named(attribute.name, attribute.name_size, "color"))
            colour = colour_of(value);
    }
    if (!(place[2] > 0) || colour < 0)
        return;
    open_groups(scan);
    text_appendf(scan->page,
                 "<circle cx=\"%.2f\" cy=\"%.2f\" r=\"%.2f\" stroke=\"none\" class=\"f%d\"/>",
                 place[0], place[1], place[2], colour);
}

static void put_nothing(struct scan *scan, const struct tag *tag)
{
    (void)scan, (void)tag;
}

static void put_end(struct scan *scan, const struct tag *tag)
{
    scan->is_done |= tag->is_end;
}

static const struct element {
    const char *name;
    void (*put)(struct scan *scan, const struct tag *tag);
} elements[] = {
    {"g", put_group},       {"path", put_shape},   {"polygon", put_shape}, {"polyline", put_shape},
    {"rect", put_shape},    {"circle", put_shape}, {"text", put_text},     {"use", put_marker},
    {"tspan", put_nothing}, {"svg", put_end},
};

static const struct element *element_of(const struct tag *tag)
{
    for (size_t i = 0; i < sizeof(elements) / sizeof(elements[0]); i++)
        if (is_tag(tag, elements[i].name))
            return &elements[i];
    return NULL;
}

static void put_tag(struct scan *scan, const struct tag *tag)
{
    const struct element *element = element_of(tag);
    if (scan->skipping > 0 || !element) {
        if (tag->is_end && scan->skipping > 0)
            scan->skipping--;
        else if (!tag->is_end && !tag->is_empty)
            scan->skipping++;
        return;
    }
    element->put(scan, tag);
}

/* --- Words --------------------------------------------------------------------------------------
 */

static size_t entity_size(const char *at, const char *end)
{
    static const char *const entities[] = {"&amp;", "&lt;", "&gt;", "&quot;", "&apos;"};
    for (size_t i = 0; i < sizeof(entities) / sizeof(entities[0]); i++) {
        size_t size = strlen(entities[i]);
        if ((size_t)(end - at) >= size && strncmp(at, entities[i], size) == 0)
            return size;
    }
    return 0;
}

static void put_words(struct scan *scan, const char *end)
{
    while (scan->at < end) {
        size_t entity = *scan->at == '&' ? entity_size(scan->at, end) : 0;
        const char *stop = memchr(scan->at, '&', (size_t)(end - scan->at));
        size_t plain = (size_t)((stop && !entity ? stop : end) - scan->at);
        if (entity) {
            text_append(scan->page, scan->at, entity);
            scan->at += entity;
            continue;
        }
        struct text words = {0};
        plain = plain > 0 ? plain : 1; /* an '&' that stands alone */
        text_append(&words, scan->at, plain);
        xml_put_escaped(scan->page, text_string(&words));
        text_release(&words);
        scan->at += plain;
    }
}

/* --- The whole ----------------------------------------------------------------------------------
 */

static bool step(struct scan *scan)
{
    const char *open = memchr(scan->at, '<', (size_t)(scan->end - scan->at));
    struct tag tag;
    if (!open)
        return false;
    if (scan->in_text && scan->skipping == 0)
        put_words(scan, open);
    scan->at = open;
    if (!take_tag(scan, &tag))
        return false;
    if (tag.name_size > 0)
        put_tag(scan, &tag);
    return !scan->is_done;
}

static int read_size(const char *drawing, size_t size, double ret_sizes[2])
{
    static const char key[] = "viewBox=\"0 0 ";
    const char *box = memmem(drawing, size, key, sizeof(key) - 1);
    char digits[32];
    if (!box)
        return -1;
    snprintf(digits, sizeof(digits), "%.24s", box + sizeof(key) - 1);
    return read_numbers(digits, ret_sizes, 2) == 2 ? 0 : -1;
}

int svg_clean(const char *drawing, size_t size, const char *label, struct text *page)
{
    struct text inside = {0};
    struct scan scan = {.at = drawing, .end = drawing + size, .page = &inside};
    double sizes[2];
    while (step(&scan))
        continue;
    bool is_whole =
        scan.is_done && scan.depth == 0 && !scan.in_text && read_size(drawing, size, sizes) == 0;
    if (is_whole) {
        text_appendf(page, "<svg viewBox=\"0 0 %.0f %.0f\" role=\"img\"", sizes[0], sizes[1]);
        xml_put_attribute(page, "aria-label", label);
        text_appendf(page, ">%s</svg>", text_string(&inside));
    }
    for (size_t i = 0; i < DEPTH_MAX; i++)
        text_release(&scan.groups[i]);
    text_release(&inside);
    return is_whole ? 0 : -1;
}
