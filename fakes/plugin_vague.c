/* plugin_vague.c: refused: a fault of its own takes one of several words, and it does not say
 * which.
 */
#include "plugin_null.h"

static const struct adapter_disturbance disturbances[] = {
    {"vague", ADAPTER_OPTION_CHOICE, 0, NULL, 0, 0, NULL, "something happens"},
};

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "vague",
    .disturbances = disturbances,
    .disturbance_count = 1,
    .disturb = null_start,
};
