/* test_protocol_doc.c: PROTOCOL.md, the Python kit and the code name the same operations, members
   and kinds of errors. */
#include "support/unit.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "adapters/stdio/answer.h"
#include "adapters/stdio/hello.h"
#include "adapters/stdio/operation.h"
#include "base/text.h"
#include "port.h"

static char *read_file(const char *path)
{
    FILE *file = fopen(path, "r");
    struct text text = {0};
    char chunk[4096];
    size_t got;

    if (!file)
        fail_msg("%s cannot be read: tests run where the sources are", path);
    while ((got = fread(chunk, 1, sizeof(chunk), file)) > 0)
        text_append(&text, chunk, got);
    (void)fclose(file);
    return text.data;
}

/* The row of a table that begins with `word`; gives the place behind it. */
static const char *find_row(const char *document, const char *word, char *row, size_t capacity)
{
    char start[80];
    const char *found;

    (void)snprintf(start, sizeof(start), "\n| `%s` |", word);
    found = strstr(document, start);
    if (!found)
        fail_msg("PROTOCOL.md has no row for '%s'", word);
    found++;
    (void)snprintf(row, capacity, "%.*s", (int)strcspn(found, "\n"), found);
    return found;
}

static void demand(const char *row, const char *word)
{
    char quoted[64];

    (void)snprintf(quoted, sizeof(quoted), "`%s`", word);
    if (!strstr(row, quoted))
        fail_msg("PROTOCOL.md does not say %s in: %s", quoted, row);
}

static void every_operation_has_its_row(void **state)
{
    static const char *const ANSWERS[] = {
        [STDIO_ANSWERS_IDS] = "ids",         [STDIO_ANSWERS_FLAGS] = "items",
        [STDIO_ANSWERS_ENTRIES] = "entries", [STDIO_ANSWERS_KEYS] = "ids",
        [STDIO_ANSWERS_NUMBER] = "number",   [STDIO_ANSWERS_JSON] = "json"};
    char *document = read_file("adapters/PROTOCOL.md");

    (void)state;
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++) {
        const struct stdio_operation *operation = &stdio_operations[i];
        struct adapter_call call = {0};
        uint32_t member;
        const char *key;
        char row[600];

        find_row(document, port_operations[i].name, row, sizeof(row));
        for (unsigned at = 0; stdio_call_text(&call, at, &member, &key); at++)
            if (operation->members & member)
                demand(row, key);
        if (operation->members & STDIO_ITEMS)
            demand(row, "items");
        if (operation->members & STDIO_COUNT)
            demand(row, "count");
        if (operation->members & STDIO_DURATION)
            demand(row, "duration_ms");
        if (operation->answer != STDIO_ANSWERS_NOTHING)
            demand(row, ANSWERS[operation->answer]);
    }
    free(document);
}

static void every_kind_of_error_has_its_row(void **state)
{
    char *document = read_file("adapters/PROTOCOL.md");
    const struct stdio_error_kind *kind;
    char row[600];

    (void)state;
    for (size_t i = 0; (kind = stdio_error_kind_at(i)) != NULL; i++) {
        find_row(document, kind->name, row, sizeof(row));
        assert_non_null(strstr(row, kind->is_definite ? "| true |" : "| false |"));
    }
    free(document);
}

static void every_word_of_a_hello_is_explained(void **state)
{
    char *document = read_file("adapters/PROTOCOL.md"), row[2000];

    (void)state;
    find_row(document, "traits", row, sizeof(row));
    for (size_t i = 0; i < STDIO_TRAIT_COUNT; i++)
        demand(row, stdio_hello_traits[i].name);
    find_row(document, "disturbances", row, sizeof(row));
    for (size_t i = 0; i < STDIO_DISTURBANCE_FLAG_COUNT; i++)
        demand(row, stdio_hello_disturbance_flags[i].name);
    free(document);
}

static void the_python_kit_knows_every_operation(void **state)
{
    char *kit = read_file("adapters/python/gauntlet_adapter.py");

    (void)state;
    for (uint32_t i = 0; i < ADAPTER_OP_COUNT; i++) {
        char quoted[64];

        (void)snprintf(quoted, sizeof(quoted), "\"%s\"", port_operations[i].name);
        if (!strstr(kit, quoted))
            fail_msg("gauntlet_adapter.py does not know %s", quoted);
    }
    free(kit);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_operation_has_its_row),
        cmocka_unit_test(every_kind_of_error_has_its_row),
        cmocka_unit_test(every_word_of_a_hello_is_explained),
        cmocka_unit_test(the_python_kit_knows_every_operation),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
