/* tree_write.c: a tree back into YAML, as short as its lines allow. */
#include "base/tree_write.h"

#include <stdint.h>
#include <string.h>

#define LINE_WIDTH 96u

/* --- Scalars --------------------------------------------------------------------------------- */

/* May stand without quotes anywhere, also inside {...}. */
static bool is_safe(const char *text, size_t size)
{
    static const char SAFE[] =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_$.+-";

    return size > 0 && strspn(text, SAFE) == size && strcmp(text, "-") != 0 &&
           strncmp(text, "---", 3) != 0 && strcmp(text, "...") != 0;
}

static size_t decode(const unsigned char *bytes, size_t size, uint32_t *ret_code)
{
    size_t length = bytes[0] >= 0xF0 ? 4 : bytes[0] >= 0xE0 ? 3 : bytes[0] >= 0xC0 ? 2 : 1;

    *ret_code = length == 1 ? bytes[0] : bytes[0] & (0xFFu >> (length + 1));
    for (size_t i = 1; i < length && i < size; i++)
        *ret_code = *ret_code << 6 | (bytes[i] & 0x3Fu);
    return length < size ? length : size;
}

/* Characters that a reader may fold, refuse or hide. */
static bool needs_escape(uint32_t code)
{
    return code < 0x20 || (code >= 0x7F && code < 0xA0) || (code >= 0x2000 && code <= 0x206F) ||
           code == 0xFEFF || (code >= 0xD800 && code <= 0xF8FF) || code > 0xFFFD;
}

void tree_write_quoted(const char *string, size_t size, struct text *text)
{
    text_append_string(text, "\"");
    for (size_t at = 0, length; at < size; at += length) {
        uint32_t code;

        length = decode((const unsigned char *)string + at, size - at, &code);
        if (code == '"' || code == '\\')
            text_appendf(text, "\\%c", (char)code);
        else if (code == '\n')
            text_append_string(text, "\\n");
        else if (needs_escape(code))
            text_appendf(text, code > 0xFFFF ? "\\U%08X" : "\\u%04X", (unsigned)code);
        else
            text_append(text, string + at, length);
    }
    text_append_string(text, "\"");
}

/* Without quotes a text may be a number or a reference, so what had none gets none; what would then
   end early inside {...} must stand on a line of its own. */
static void write_scalar(const char *string, size_t size, bool is_plain, struct text *text)
{
    bool is_whole = memchr(string, '\n', size) == NULL && strlen(string) == size;

    if (is_plain && size == 0)
        text_append_string(text, "null");
    else if (is_plain && is_whole)
        text_append(text, string, size);
    else
        tree_write_quoted(string, size, text);
}

/* --- Trees ----------------------------------------------------------------------------------- */

static void write_key(const struct tree *child, struct text *text)
{
    if (is_safe(child->key, strlen(child->key)))
        text_append_string(text, child->key);
    else
        tree_write_quoted(child->key, strlen(child->key), text);
    text_append_string(text, ":");
}

static void write_flow(const struct tree *tree, struct text *text)
{
    bool is_map = tree->kind == TREE_MAP;

    if (tree->kind == TREE_SCALAR) {
        write_scalar(tree->text, tree->size, tree->is_plain, text);
        return;
    }
    text_append_string(text, is_map ? "{" : "[");
    for (size_t i = 0; i < tree->count; i++) {
        text_append_string(text, i > 0 ? ", " : "");
        if (is_map)
            write_key(&tree->children[i], text);
        text_append_string(text, is_map ? " " : "");
        write_flow(&tree->children[i], text);
    }
    text_append_string(text, is_map ? "}" : "]");
}

static bool fits_flow(const struct tree *tree)
{
    bool is_scalar = tree->kind == TREE_SCALAR;

    if (is_scalar && tree->is_plain && tree->size > 0 && strcmp(tree->text, "~") != 0 &&
        !is_safe(tree->text, tree->size))
        return false;
    for (size_t i = 0; i < tree->count; i++)
        if (!fits_flow(&tree->children[i]))
            return false;
    return true;
}

static void indent(struct text *text, size_t width)
{
    for (size_t i = 0; i < width; i++)
        text_append(text, " ", 1);
}

static void write_lines(const struct tree *tree, size_t width, bool is_begun, struct text *text);

/* What stands behind "-" or "key:": on the same line where it fits.  A list or a map inside a list
   begins on its line in any case. */
static void write_child(const struct tree *child, size_t width, size_t column, bool is_item,
                        struct text *text)
{
    struct text flow = {0};
    bool is_short;

    write_flow(child, &flow);
    is_short = fits_flow(child) && column + flow.size < LINE_WIDTH;
    if (child->kind == TREE_SCALAR || child->count == 0 ||
        (is_short && !(is_item && child->kind == TREE_MAP))) {
        text_append_string(text, " ");
        text_append(text, text_string(&flow), flow.size);
        text_append_string(text, "\n");
    } else {
        text_append_string(text, is_item ? " " : "\n");
        write_lines(child, width, is_item, text);
    }
    text_release(&flow);
}

/* A list or a map, each entry on lines of its own, `width` columns in; `is_begun`: the first one's
   columns are there already. */
static void write_lines(const struct tree *tree, size_t width, bool is_begun, struct text *text)
{
    for (size_t i = 0; i < tree->count; i++) {
        const struct tree *child = &tree->children[i];
        size_t begin = text->size;

        if (i > 0 || !is_begun)
            indent(text, width);
        if (tree->kind == TREE_MAP)
            write_key(child, text);
        else
            text_append_string(text, "-");
        write_child(child, width + 2, text->size - begin, tree->kind == TREE_LIST, text);
    }
}

void tree_write(const struct tree *tree, size_t width, struct text *text)
{
    write_lines(tree, width, false, text);
}

void tree_write_word(const char *word, struct text *text)
{
    if (is_safe(word, strlen(word)))
        text_append_string(text, word);
    else
        tree_write_quoted(word, strlen(word), text);
}

bool tree_is_word(const char *word)
{
    return is_safe(word, strlen(word));
}
