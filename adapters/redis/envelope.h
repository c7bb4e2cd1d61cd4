/* envelope.h: messages whose id is ours: ["<uuid4>", <payload>], as the server's lists hold them.
 */
#ifndef REDIS_ENVELOPE_H
#define REDIS_ENVELOPE_H

#include <stdbool.h>
#include <stddef.h>

#include "adapter.h"
#include "session.h"

#define REDIS_UUID_SIZE         36u
#define REDIS_ENVELOPE_OVERHEAD (REDIS_UUID_SIZE + 6u)

/* A new id, unique in the world; not NUL-terminated. */
void redis_uuid(struct redis_session *session, char uuid[REDIS_UUID_SIZE]);
/* Write the envelope; gives the place behind it. */
char *redis_envelope_write(char *at, const char uuid[REDIS_UUID_SIZE], struct adapter_text payload);
/* Take an envelope apart; the texts point into it.  False when it is none or holds no message. */
bool redis_envelope_read(const char *text, size_t size, struct adapter_text *ret_id,
                         struct adapter_text *ret_payload);

/* Is it a message: one JSON object, as Python would read it?  May it be published: an object of
   strict JSON, and not empty?  Our own are recognised by their first and last characters. */
bool redis_is_message(const char *text, size_t size);
bool redis_may_be_published(const char *text, size_t size);

#endif
