/* plugin_boastful.c: refused: it declares groups and acknowledgements, and reads by get_next only.
 */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_LIFE,
    NULL_OPERATIONS,
    .name = "boastful",
    .capabilities = ADAPTER_TIER_SIMPLE_QUEUING | ADAPTER_ACK_NACK,
    .get_next = null_start,
};
