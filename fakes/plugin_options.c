/* plugin_options.c: refused: the default of an option is none of its choices. */
#include "plugin_null.h"

static const struct adapter_option options[] = {
    {"mode", ADAPTER_OPTION_CHOICE, "fast|safe", 0, 0, "quick", "how it stores"},
};

const struct broker_adapter broker_adapter = {
    NULL_HEAD, NULL_LIFE, NULL_OPERATIONS, .name = "options", .options = options, .option_count = 1,
};
