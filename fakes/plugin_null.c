/* plugin_null.c: accepted. */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "null_plugin",
    .traits = ADAPTER_TRAIT_IN_PROCESS | ADAPTER_TRAIT_BLOCKS,
};
