/* clause_write.c: a clause back into YAML. */
#include <string.h>

#include "base/tree_write.h"
#include "scenario/clause.h"

static void write_words(const char *key, char *const *words, size_t count, struct text *text)
{
    if (count == 0)
        return;
    text_appendf(text, "%s: [", key);
    for (size_t i = 0; i < count; i++) {
        text_append_string(text, i > 0 ? ", " : "");
        tree_write_word(words[i], text);
    }
    text_append_string(text, "]\n");
}

static void write_options(const struct clause *clause, struct text *text)
{
    if (clause->option_count == 0)
        return;
    text_append_string(text, "options: {");
    for (size_t i = 0; i < clause->option_count; i++) {
        const struct clause_option *option = &clause->options[i];

        text_appendf(text, "%s%s: ", i > 0 ? ", " : "", option->key);
        tree_write_word(option->text, text);
    }
    text_append_string(text, "}\n");
}

/* Exactly, in the largest unit that divides it. */
static void write_duration(const char *key, uint64_t ns, struct text *text)
{
    static const struct {
        uint64_t ns;
        const char *name;
    } UNITS[] = {{1000000000u, "s"}, {1000000u, "ms"}, {1000u, "us"}, {1, "ns"}};
    size_t i = 0;

    while (ns % UNITS[i].ns != 0)
        i++;
    text_appendf(text, "%s: %llu%s\n", key, (unsigned long long)(ns / UNITS[i].ns), UNITS[i].name);
}

void clause_write(const struct clause *clause, struct text *text)
{
    static const char *const LEVELS[] = {"R", "O", "H"};

    text_appendf(text, "clause: %s\nlevel: %s\n", clause->id, LEVELS[clause->level]);
    if (clause->is_core)
        text_append_string(text, "core: true\n");
    text_append_string(text, "says: ");
    tree_write_quoted(clause->says, strlen(clause->says), text);
    text_append_string(text, "\n");
    write_words("needs", clause->needs, clause->need_count, text);
    write_words("without", clause->without, clause->without_count, text);
    write_words("world", clause->world, clause->world_count, text);
    write_words("facts", clause->facts, clause->fact_count, text);
    write_options(clause, text);
    if (clause->rounds > 1)
        text_appendf(text, "rounds: %llu\n", (unsigned long long)clause->rounds);
    if (clause->is_real)
        text_append_string(text, "real: true\n");
    write_duration("limit", clause->limit_ns, text);
    if (clause->derive)
        text_appendf(text, "derive: %s\n", clause->derive);
    else
        text_append_string(text, "steps:\n");
    tree_write(&clause->steps, 2, text);
}
