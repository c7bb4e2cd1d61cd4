/* fault_broker.h: what the kinds of faults of brokers share: those of a server's process, those of
   its data, and those that a broker is given by its own commands. */
#ifndef RUN_FAULT_BROKER_H
#define RUN_FAULT_BROKER_H

#include "run/fault_parts.h"
#include "server/server.h"

/* The broker that a fault speaks of; the loader knows that there is one of its name. */
struct broker *fault_broker_of(const struct fault *fault);
/* One target for it. */
struct fault_target *fault_broker_target(struct fault *fault);
/* Is it the run's own, or has the user allowed to change it? */
int fault_broker_allow(const struct fault *fault, struct error *reterr);

/* The beginning and the end of a fault of one broker.  begin: `go` is posted for the target, with
   nothing done, coming or ending; not when it is on already.  end: on the run's own loop; false
   when it is undone already or being undone, else it is noted that it is to end. */
void fault_broker_begin(struct fault *fault, void (*go)(void *target));
bool fault_broker_end(struct fault_target *target);

/* Fill in the stream that is meant (option `stream`), or the broker's first, and the group that is
   named, or the stream's first; NULL when it has none. */
int fault_broker_stream(const struct fault *fault, struct fault_target *target, const char *group,
                        struct error *reterr);

/* Write down what would put a server right that is not the run's, on disk before it is changed: the
   adapter's undo, or a command for a shell (NULL: none).  Nothing for the run's own servers. */
int fault_broker_note(struct fault_target *target, const char *undo, const char *command,
                      struct error *reterr);
/* It is healed; fine when nothing was written down. */
void fault_broker_strike(struct fault_target *target);
/* Is it to be written down at all? */
bool fault_broker_is_noted(const struct fault_target *target);

extern const struct fault_kind fault_server_kind, fault_deed_kind, fault_data_kind,
    fault_disturb_kind;

/* Their words; NULL past the last. */
const struct fault_word *fault_server_word_at(size_t index);
const struct fault_word *fault_deed_word_at(size_t index);
const struct fault_word *fault_data_word_at(size_t index);
const struct fault_word *fault_disturb_word_at(size_t index);

#endif
