/* name.c: names of streams and groups as the server takes them, and ids of messages. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "parts.h"

static uint64_t digest(const char *text)
{
    uint64_t hash = 14695981039346656037u;

    for (; *text; text++)
        hash = (hash ^ (unsigned char)*text) * 1099511628211u;
    return hash;
}

static int is_plain(unsigned char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '-';
}

void name_encode(const char *name, char encoded[NAME_SIZE])
{
    static const char HEX[] = "0123456789abcdef";
    size_t size = 0;

    for (const char *at = name; *at && size < NAME_SIZE - 4; at++) {
        unsigned char c = (unsigned char)*at;

        if (is_plain(c)) {
            encoded[size++] = (char)c;
            continue;
        }
        encoded[size++] = '_';
        encoded[size++] = HEX[c >> 4];
        encoded[size++] = HEX[c & 15];
    }
    encoded[size] = '\0';
    if (size >= NAME_SIZE - 30)
        snprintf(encoded + NAME_SIZE - 30, 30, "__%016llx", (unsigned long long)digest(name));
    if (size == 0)
        snprintf(encoded, NAME_SIZE, "_");
}

void name_suffix(const char *stream, char suffix[SUFFIX_SIZE])
{
    snprintf(suffix, SUFFIX_SIZE, "-%u", (unsigned)digest(stream));
}

void name_subject(const struct stream *stream, char subject[SUBJECT_SIZE])
{
    snprintf(subject, SUBJECT_SIZE, "gs.%s", stream->encoded);
}

uint64_t name_sequence(const struct stream *stream, const struct adapter_text *id)
{
    char text[ID_SIZE];
    char *end;

    if (id->size == 0 || id->size >= sizeof(text) || id->data[0] < '1' || id->data[0] > '9')
        return 0;
    memcpy(text, id->data, id->size);
    text[id->size] = '\0';
    uint64_t sequence = strtoull(text, &end, 10);
    return strcmp(end, stream->suffix) == 0 ? sequence : 0;
}

const char *name_know(char ***names, size_t *count, const char *name)
{
    for (size_t i = 0; i < *count; i++)
        if (strcmp((*names)[i], name) == 0)
            return (*names)[i];
    *names = realloc(*names, (*count + 1) * sizeof(char *));
    (*names)[*count] = strdup(name);
    return (*names)[(*count)++];
}

void name_free_all(char **names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        free(names[i]);
    free(names);
}
