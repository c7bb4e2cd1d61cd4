/* plugin_incomplete.c: refused: it can be opened, and never closed. */
#include "plugin_null.h"

const struct broker_adapter broker_adapter = {
    NULL_HEAD,
    NULL_OPERATIONS,
    .name = "incomplete",
    .create = null_create,
    .destroy = null_destroy,
    .open = null_open,
};

/* Nobody calls it, which is what is wrong. */
extern void (*const incomplete_close)(struct adapter_session *session);
void (*const incomplete_close)(struct adapter_session *session) = null_close;
