/* scrub.c: passwords taken out of finished text, whatever room they came from. */
#include "reports/report.h"

#include <string.h>

/* Bytes until the URI surely ends: a blank, a quote, an angle bracket, or one of these escaped as
   JSON does.  Rather too far than too short: a password may hold nearly anything. */
static size_t authority_size(const char *text)
{
    size_t size = 0;
    for (;; size++) {
        size += strcspn(text + size, " \t\r\n\"'<>\\");
        if (text[size] != '\\' || strchr("ntr\"", text[size + 1]))
            return size;
    }
}

/* The last '@' of the authority: a password may hold one. */
static const char *find_at(const char *text, size_t size)
{
    return memrchr(text, '@', size);
}

static bool is_reference(const char *password, size_t size)
{
    return size > 3 && strncmp(password, "${", 2) == 0 && password[size - 1] == '}' &&
           memchr(password, '}', size - 1) == NULL;
}

void report_scrub(struct text *text)
{
    struct text clean = {0};
    const char *rest = text_string(text);
    const char *separator;
    while ((separator = strstr(rest, "://")) != NULL) {
        const char *authority = separator + 3;
        const char *at = find_at(authority, authority_size(authority));
        const char *colon = at ? memchr(authority, ':', (size_t)(at - authority)) : NULL;
        const char *kept_until = colon ? colon + 1 : authority;
        text_append(&clean, rest, (size_t)(kept_until - rest));
        rest = kept_until;
        if (!colon)
            continue;
        if (at > kept_until && !is_reference(kept_until, (size_t)(at - kept_until)))
            text_append_string(&clean, "***");
        else
            text_append(&clean, kept_until, (size_t)(at - kept_until));
        rest = at;
    }
    text_append_string(&clean, rest);
    text_release(text);
    *text = clean;
}
