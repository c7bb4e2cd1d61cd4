/* plugin_other.c: accepted beside others, with a symbol of the same name. */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "other_plugin",
    .traits = ADAPTER_TRAIT_IN_PROCESS | ADAPTER_TRAIT_BLOCKS,
};
