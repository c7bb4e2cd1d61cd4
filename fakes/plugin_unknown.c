/* plugin_unknown.c: refused: it declares a capability that nobody has heard of. */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "unknown",
    .capabilities = ADAPTER_PUBLISH | 1u << 20,
};
