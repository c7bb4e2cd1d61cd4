/* environment.c: references to the environment, replaced and shown. */
#include "scenario/environment.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/uri.h"

/* A piece of a text: "$$", a reference, or the plain bytes before the next of them. */
struct piece {
    enum { PIECE_PLAIN, PIECE_DOLLAR, PIECE_REFERENCE, PIECE_BROKEN } kind;
    const char *start, *end;
    const char *name, *name_end;         /* references */
    const char *fallback, *fallback_end; /* NULL when there is none */
};

static struct piece read_reference(const char *text)
{
    struct piece piece = {.kind = PIECE_BROKEN, .start = text, .name = text + 2};
    const char *close = strchr(text, '}');

    piece.end = close ? close + 1 : text + strlen(text);
    piece.name_end = piece.name;
    while (isalnum((unsigned char)*piece.name_end) || *piece.name_end == '_')
        piece.name_end++;
    if (!close || piece.name_end == piece.name || isdigit((unsigned char)*piece.name))
        return piece;
    if (piece.name_end == close) {
        piece.kind = PIECE_REFERENCE;
    } else if (strncmp(piece.name_end, ":-", 2) == 0) {
        piece.kind = PIECE_REFERENCE;
        piece.fallback = piece.name_end + 2;
        piece.fallback_end = close;
    }
    return piece;
}

static struct piece next_piece(const char *text)
{
    struct piece piece = {.kind = PIECE_PLAIN, .start = text, .end = text};

    if (strncmp(text, "$$", 2) == 0) {
        piece.kind = PIECE_DOLLAR;
        piece.end = text + 2;
        return piece;
    }
    if (strncmp(text, "${", 2) == 0)
        return read_reference(text);
    do
        piece.end++;
    while (*piece.end && strncmp(piece.end, "$$", 2) != 0 && strncmp(piece.end, "${", 2) != 0);
    return piece;
}

static int append_reference(struct text *text, const struct piece *piece, struct source_place place,
                            struct error *reterr)
{
    char *name = memory_format("%.*s", (int)(piece->name_end - piece->name), piece->name);
    const char *value = getenv(name);
    int result = 0;

    if (piece->fallback && (!value || !*value))
        text_append(text, piece->fallback, (size_t)(piece->fallback_end - piece->fallback));
    else if (value)
        text_append_string(text, value);
    else
        result = error_set_at(reterr, place,
                              "the environment variable %s is not set: set it, or give a default "
                              "with ${%s:-...}",
                              name, name);
    free(name);
    return result;
}

static int append_piece(struct text *text, const struct piece *piece, struct source_place place,
                        struct error *reterr)
{
    switch (piece->kind) {
    case PIECE_PLAIN:
        text_append(text, piece->start, (size_t)(piece->end - piece->start));
        return 0;
    case PIECE_DOLLAR:
        text_append_string(text, "$");
        return 0;
    case PIECE_REFERENCE:
        return append_reference(text, piece, place, reterr);
    case PIECE_BROKEN:
        break;
    }
    return error_set_at(reterr, place,
                        "a reference to the environment is not well formed: say ${NAME} or "
                        "${NAME:-default}, or $$ for a dollar");
}

int environment_expand(const char *text, struct source_place place, char **ret_text,
                       bool *ret_has_reference, struct error *reterr)
{
    struct text expanded = {0};
    bool has_reference = false;

    text_append_string(&expanded, "");
    while (*text) {
        struct piece piece = next_piece(text);

        if (append_piece(&expanded, &piece, place, reterr) != 0) {
            text_release(&expanded);
            return -1;
        }
        has_reference = has_reference || piece.kind == PIECE_REFERENCE;
        text = piece.end;
    }
    *ret_text = memory_string(text_string(&expanded));
    *ret_has_reference = has_reference;
    text_release(&expanded);
    return 0;
}

static char *redact(const char *text)
{
    size_t capacity = strlen(text) + 8;
    char *shown = memory_new(capacity, 1);

    uri_redact(text, shown, capacity);
    return shown;
}

/* A reference with the password in its default hidden. */
static void append_shown(struct text *text, const struct piece *piece)
{
    char *fallback, *shown;

    if (piece->kind != PIECE_REFERENCE || !piece->fallback) {
        text_append(text, piece->start, (size_t)(piece->end - piece->start));
        return;
    }
    fallback = memory_format("%.*s", (int)(piece->fallback_end - piece->fallback), piece->fallback);
    shown = redact(fallback);
    text_append(text, piece->start, (size_t)(piece->fallback - piece->start));
    text_append_string(text, shown);
    text_append_string(text, "}");
    free(fallback);
    free(shown);
}

/* The text with every byte of its references made an 'R', which means nothing in a URI. */
static char *mask_references(const char *text)
{
    char *mask = memory_string(text);

    for (const char *at = text; *at;) {
        struct piece piece = next_piece(at);

        if (piece.kind == PIECE_REFERENCE)
            memset(mask + (piece.start - text), 'R', (size_t)(piece.end - piece.start));
        at = piece.end;
    }
    return mask;
}

/* Where the password stands in a URI: [*ret_start, *ret_end); false when there is none. */
static bool find_password(const char *text, const char **ret_start, const char **ret_end)
{
    char *mask = mask_references(text);
    const char *scheme = strstr(mask, "://");
    const char *user = scheme ? scheme + 3 : mask;
    const char *at = strrchr(user, '@');
    const char *colon = at ? memchr(user, ':', (size_t)(at - user)) : NULL;

    if (colon) {
        *ret_start = text + (colon + 1 - mask);
        *ret_end = text + (at - mask);
    }
    free(mask);
    return colon != NULL;
}

char *environment_show(const char *text)
{
    struct text shown = {0};
    const char *password = NULL, *end = NULL;
    char *result;

    if (find_password(text, &password, &end)) {
        struct piece only = next_piece(password);

        if (only.kind == PIECE_REFERENCE && !only.fallback && only.end == end)
            password = NULL; /* a reference alone says nothing */
    }
    while (*text) {
        struct piece piece = next_piece(text);

        if (password && text == password) {
            text_append_string(&shown, "***");
            text = end;
            password = NULL;
            continue;
        }
        if (password && password > piece.start && password < piece.end)
            piece.end = password;
        append_shown(&shown, &piece);
        text = piece.end;
    }
    result = memory_string(text_string(&shown));
    text_release(&shown);
    return result;
}

bool environment_is_reference(const char *text)
{
    size_t size = strlen(text);

    return size > 3 && strncmp(text, "${", 2) == 0 && strchr(text, '}') == text + size - 1 &&
           !strstr(text, ":-");
}
