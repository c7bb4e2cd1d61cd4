/* variant.c: a name, a colon, and settings with commas between them. */
#include "cli/variant.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"

#define BLANKS   " \t\n"
#define KEY_ENDS "=,'\"[]{}" BLANKS

static const char *skip_blanks(const char *at)
{
    return at + strspn(at, BLANKS);
}

/* Text without the blanks around it.  Gives (free). */
static char *trimmed(const char *from, const char *to)
{
    from = skip_blanks(from);
    while (to > from && strchr(BLANKS, to[-1]))
        to--;
    return memory_format("%.*s", to > from ? (int)(to - from) : 0, from);
}

static bool begins_setting(const char *at)
{
    size_t size = strcspn(skip_blanks(at), KEY_ENDS);
    return size > 0 && skip_blanks(at)[size] == '=';
}

/* The comma behind a setting, or the end. */
static const char *end_of_setting(const char *at)
{
    char quote = '\0';
    int depth = 0;
    for (; *at; at++) {
        if (quote) {
            quote = *at == quote ? '\0' : quote;
        } else if (strchr("'\"", *at)) {
            quote = *at;
        } else if (strchr("[{", *at)) {
            depth++;
        } else if (strchr("]}", *at)) {
            depth--;
        } else if (*at == ',' && depth <= 0 && begins_setting(at + 1)) {
            break;
        }
    }
    return at;
}

static void add_setting(struct variant *variant, char *setting)
{
    variant->settings =
        memory_grow(variant->settings, variant->setting_count + 1, sizeof(*variant->settings));
    variant->settings[variant->setting_count++] = setting;
}

static int read_settings(struct variant *variant, const char *text, struct error *reterr)
{
    const char *at = text;
    while (*skip_blanks(at)) {
        const char *end = end_of_setting(at);
        if (!begins_setting(at))
            return error_set(reterr, ERROR_USAGE,
                             "behind the name stands KEY=VALUE, and more of them behind commas, as "
                             "in 'large: consumers.0.batch=500, consumers.0.prefetch=500'");
        add_setting(variant, trimmed(at, end));
        at = *end ? end + 1 : end;
    }
    return 0;
}

/* What a variant without a name is called.  No password is told.  Gives (free). */
static char *name_of_settings(const struct variant *variant)
{
    struct text name = {0};
    char shown[512];
    for (size_t i = 0; i < variant->setting_count; i++) {
        option_redact(variant->settings[i], shown, sizeof(shown));
        text_appendf(&name, "%s%s", i ? ", " : "", shown);
    }
    char *copy = memory_string(text_string(&name));
    text_release(&name);
    return copy;
}

static int read_variant(struct variant *variant, const char *text, struct error *reterr)
{
    size_t size = strcspn(text, ":=");
    bool has_name = text[size] == ':';
    if (!text[size])
        return error_set(reterr, ERROR_USAGE,
                         "'%.60s' is a name without settings: say '%.60s: KEY=VALUE', or '%.60s:' "
                         "for the scenario as it stands",
                         text, text, text);
    if (read_settings(variant, has_name ? text + size + 1 : text, reterr))
        return -1;
    variant->name = has_name ? trimmed(text, text + size) : name_of_settings(variant);
    return variant->name[0] ? 0 : error_set(reterr, ERROR_USAGE, "there is no name before ':'");
}

static int check_name(const struct variants *variants, size_t index, struct error *reterr)
{
    for (size_t i = 0; i < index; i++)
        if (strcmp(variants->items[i].name, variants->items[index].name) == 0)
            return error_set(reterr, ERROR_USAGE,
                             "two are called '%.100s': give each a name of its own, as in "
                             "'NAME: KEY=VALUE'",
                             variants->items[index].name);
    return 0;
}

int variants_parse(const struct option_list *texts, struct variants *ret_variants,
                   struct error *reterr)
{
    struct variants variants = {0};
    int result = texts->count == 1
                     ? error_set(reterr, ERROR_USAGE,
                                 "one variant has nothing to stand beside: give a second one, "
                                 "'NAME:' for the scenario as it stands, or use --set")
                     : 0;
    variants.items = memory_new(texts->count, sizeof(*variants.items));
    for (size_t i = 0; i < texts->count && result == 0; i++) {
        variants.count++;
        result = read_variant(&variants.items[i], texts->values[i], reterr);
        if (result == 0)
            result = check_name(&variants, i, reterr);
    }
    if (result == 0)
        *ret_variants = variants;
    else
        variants_release(&variants);
    return result == 0 ? 0 : error_prefix(reterr, "--variant: ");
}

static void release_variant(struct variant *variant)
{
    for (size_t i = 0; i < variant->setting_count; i++)
        free(variant->settings[i]);
    free(variant->settings);
    free(variant->name);
}

void variants_release(struct variants *variants)
{
    for (size_t i = 0; i < variants->count; i++)
        release_variant(&variants->items[i]);
    free(variants->items);
    *variants = (struct variants){0};
}
