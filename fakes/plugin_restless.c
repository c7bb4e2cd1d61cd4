/* plugin_restless.c: refused: it lists a fault that lasts, and cannot take it back. */
#include "plugin_null.h"

static const struct adapter_disturbance disturbances[] = {
    {"restless", ADAPTER_OPTION_TEXT, ADAPTER_DISTURBANCE_BARE | ADAPTER_DISTURBANCE_LASTS, NULL, 0,
     0, NULL, "it never rests again"},
};

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "restless",
    .disturbances = disturbances,
    .disturbance_count = 1,
    .disturb = null_start,
};
