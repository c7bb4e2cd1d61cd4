/* plugin_newer.c: refused: built for a port that does not exist yet. */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    .abi = BROKER_ADAPTER_ABI + 1,
    .struct_size = sizeof(struct broker_adapter),
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "newer",
};
