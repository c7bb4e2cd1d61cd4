/* conform_suite.h: small suites of clauses, run against the inline broker. */
#ifndef SUPPORT_CONFORM_SUITE_H
#define SUPPORT_CONFORM_SUITE_H

#include <string.h>

#include "registry.h"
#include "run/conform.h"
#include "scenario/clause_file.h"
#include "support/unit.h"

/* Read a suite, or stop the test. */
static inline struct clauses suite_read(const char *text)
{
    struct clauses clauses = {0};
    struct error error = {0};

    if (clause_file_read("suite.yaml", text, strlen(text), &clauses, &error) != 0)
        fail_msg("%d:%d: %s", error.place.line, error.place.column, error.message);
    return clauses;
}

static inline struct conform_options suite_options(const struct clauses *clauses)
{
    return (struct conform_options){.adapter = registry_find("inline", NULL),
                                    .clauses = clauses,
                                    .has_seed = true,
                                    .seed = 7,
                                    .command_line = "gauntlet conform inline",
                                    .command = "gauntlet conform inline"};
}

/* Run it, or stop the test. */
static inline struct conformance *suite_run(const struct conform_options *options)
{
    struct conformance *conformance = NULL;
    struct error error = {0};

    if (conform_run(options, &conformance, &error) != 0)
        fail_msg("it could not run: %s", error.message);
    return conformance;
}

static inline const struct conformance_clause *suite_find(const struct conformance *conformance,
                                                          const char *id)
{
    static const struct conformance_clause none = {0};

    for (size_t i = 0; i < conformance->clause_count; i++)
        if (strcmp(conformance->clauses[i].id, id) == 0)
            return &conformance->clauses[i];
    fail_msg("there is no result of %s", id);
    return &none;
}

static inline const struct conformance_capability *
suite_capability(const struct conformance *conformance, const char *name)
{
    static const struct conformance_capability none = {0};

    for (size_t i = 0; i < conformance->capability_count; i++)
        if (strcmp(conformance->capabilities[i].name, name) == 0)
            return &conformance->capabilities[i];
    fail_msg("there is no capability %s", name);
    return &none;
}

#define SUITE_PASS                                                                                 \
    "  - clause: X-1\n"                                                                            \
    "    says: What is published is delivered.\n"                                                  \
    "    core: true\n"                                                                             \
    "    needs: [CONSUMER_GROUPS]\n"                                                               \
    "    steps:\n"                                                                                 \
    "      - publish: {stream: s, message: {n: 1}, as: m}\n"                                       \
    "      - get_next: {stream: s, group: g, expect: $m}\n"

#define SUITE_FAIL                                                                                 \
    "  - clause: X-2\n"                                                                            \
    "    says: What is acknowledged once can be acknowledged again.\n"                             \
    "    needs: [ACK_NACK]\n"                                                                      \
    "    steps:\n"                                                                                 \
    "      - publish: {stream: s, message: {n: 1}, as: m}\n"                                       \
    "      - get_next: {stream: s, group: g, expect: $m}\n"                                        \
    "      - ack: {stream: s, group: g, id: $m, expect: true}\n"                                   \
    "      - ack: {stream: s, group: g, id: $m, expect: true}\n"

#define SUITE_OPEN                                                                                 \
    "  - clause: X-3\n"                                                                            \
    "    says: Nothing is found to check.\n"                                                       \
    "    needs: [PUBLISH]\n"                                                                       \
    "    steps:\n"                                                                                 \
    "      - publish: {stream: s, message: {n: 1}, as: m}\n"                                       \
    "      - inconclusive_unless: {value: 1, expect: 2, because: nothing happened}\n"

#define SUITE_OPTIONAL                                                                             \
    "  - clause: X-4\n"                                                                            \
    "    says: A ping is false.\n"                                                                 \
    "    level: O\n"                                                                               \
    "    steps: [{ping: {expect: false}}]\n"

#define SUITE_LINK                                                                                 \
    "  - clause: X-5\n"                                                                            \
    "    says: A cut is survived.\n"                                                               \
    "    world: [link]\n"                                                                          \
    "    steps: [{ping: {expect: true}}]\n"

#define SUITE(clauses) "family: X\nclauses:\n" clauses

#endif
