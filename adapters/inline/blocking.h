/* blocking.h: what a session waits for: its blocked reads and its subscriptions. */
#ifndef INLINE_BLOCKING_H
#define INLINE_BLOCKING_H

#include <stdint.h>

#include "adapters/inline/operation.h"

/* The call found nothing: let it wait.  Under the broker's lock. */
void inline_session_wait(struct inline_turn *turn);
void inline_session_subscribe(struct adapter_session *session, struct adapter_call *call);
/* Answer what can be answered now. */
void inline_session_look(struct adapter_session *session);
/* See to it that the rest is looked at again in time. */
void inline_session_set_look(struct adapter_session *session);
/* The bell rang. */
void inline_session_rung(void *owner);
/* The session ends: leave all lines, under the broker's lock; then, without it, complete the calls.
 */
void inline_session_stop_waiting(struct adapter_session *session);
void inline_session_give_back(struct adapter_session *session, bool is_crash);

#endif
