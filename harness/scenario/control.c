/* control.c: the words that drive a server, and their commands. */
#include "scenario/control.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "scenario/control_read.h"
#include "scenario/fields.h"

static const struct schema_option OPTIONS[] = {
    {"start", SCHEMA_TEXT, NULL, 0, 0, NULL, "start it"},
    {"stop", SCHEMA_TEXT, NULL, 0, 0, NULL, "end it gracefully"},
    {"kill", SCHEMA_TEXT, NULL, 0, 0, NULL, "end it as a crash would"},
    {"pause", SCHEMA_TEXT, NULL, 0, 0, NULL, "freeze it"},
    {"continue", SCHEMA_TEXT, NULL, 0, 0, NULL, "thaw it"},
    {"restart", SCHEMA_TEXT, NULL, 0, 0, NULL, "start it again, with the data it kept"},
    {"wipe", SCHEMA_TEXT, NULL, 0, 0, NULL, "remove its data"},
};
static const struct schema SCHEMA = {"control", OPTIONS, sizeof(OPTIONS) / sizeof(OPTIONS[0])};

#define AT(member) offsetof(struct scenario_control, member)

static const struct field FIELDS[] = {
    {"start", field_command, AT(start), false},     {"stop", field_command, AT(stop), false},
    {"kill", field_command, AT(kill), false},       {"pause", field_command, AT(pause), false},
    {"continue", field_command, AT(resume), false}, {"restart", field_command, AT(restart), false},
    {"wipe", field_command, AT(wipe), false},
};
#define FIELD_COUNT (sizeof(FIELDS) / sizeof(FIELDS[0]))
static const struct form FORM = {&SCHEMA, "control", FIELDS, FIELD_COUNT};

const struct schema *scenario_schema_control(void)
{
    return &SCHEMA;
}

const char *scenario_control_of(const struct scenario_control *control, const char *word)
{
    char *command = NULL;

    for (size_t i = 0; i < FIELD_COUNT; i++)
        if (strcmp(FIELDS[i].key, word) == 0)
            memcpy(&command, (const char *)control + FIELDS[i].offset, sizeof(command));
    return command;
}

void scenario_control_release(struct scenario_control *control)
{
    char *command;

    for (size_t i = 0; i < FIELD_COUNT; i++) {
        memcpy(&command, (const char *)control + FIELDS[i].offset, sizeof(command));
        free(command);
    }
    *control = (struct scenario_control){0};
}

int control_read(struct loader *loader, const char *key, const struct node *node,
                 struct scenario_control *control)
{
    if (node->kind != NODE_MAPPING)
        return error_set_at(loader->reterr, node->place,
                            "'%s' takes a mapping, as {start: COMMAND}, not %s", key,
                            node_describe(node));
    return fields_read(loader, &FORM, node, control);
}
