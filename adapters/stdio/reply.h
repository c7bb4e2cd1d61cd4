/* reply.h: the other side of the protocol: a hello and answers, written for an adapter of ours. */
#ifndef ADAPTERS_STDIO_REPLY_H
#define ADAPTERS_STDIO_REPLY_H

#include "adapter.h"
#include "adapters/stdio/json.h"
#include "base/text.h"

/* Append one line each, with its end. */
void stdio_reply_hello(struct text *line, const struct broker_adapter *adapter,
                       const char *processes);
void stdio_reply_done(struct text *line, uint64_t id, const struct adapter_call *call,
                      const struct adapter_result *result);
void stdio_reply_delivery(struct text *line, uint64_t id, const struct adapter_entry *entries,
                          size_t count);
/* An instance's answer to 'create': what it promises under its options. */
void stdio_reply_created(struct text *line, uint64_t id, uint32_t capabilities,
                         const struct adapter_profile *profile);
/* message NULL: it went well; else it surely did not. */
void stdio_reply_own(struct text *line, uint64_t id, enum adapter_error error, const char *message);

/* A request as a call.  Points into the json, whose bytes it changes: strings get their NUL.  Gives
   the items (free).  -1 when there is no such operation. */
int stdio_reply_read(struct stdio_json *json, struct adapter_call *call,
                     struct adapter_text **ret_items);
#endif
