/* fault_read.h: what the files that read `faults` share. */
#ifndef SCENARIO_FAULT_READ_H
#define SCENARIO_FAULT_READ_H

#include "scenario/fields.h"

/* fault_party.c: who a name is.  Refuses names that nobody has. */
int fault_read_party(struct loader *loader, enum scenario_role role, const struct node *node,
                     struct scenario_party *party);
/* "shop#700" into a member's name and a number. */
int fault_read_message(struct loader *loader, const struct node *node, char **ret_producer,
                       uint64_t *ret_message);
/* The role that a key names; SCENARIO_NOBODY when it names none. */
enum scenario_role fault_role(const char *key);

/* fault_when.c */
int fault_read_when(struct loader *loader, const struct node *node, struct scenario_trigger *when);
/* Does it wait for one exchange anywhere? */
bool fault_has_event(const struct scenario_trigger *when);
/* The party that it speaks of: its own, or the first of those below; nobody when there is none. */
const struct scenario_party *fault_party_of(const struct scenario_trigger *when);

/* fault_do.c: `do`, from `first` on the keys of `node` that are not in `others`.  `when` lends its
   party to an action that names none; NULL: there is none to lend. */
int fault_read_do(struct loader *loader, const struct node *node,
                  const struct scenario_trigger *when, struct scenario_do *action,
                  const struct scenario_fault_word **ret_word);

/* fault_chaos.c */
int fault_read_chaos(struct loader *loader, const struct node *node);
/* fault_timeline.c */
int fault_read_timeline(struct loader *loader, const struct node *node);

/* A new fault at the end of the scenario's list; it moves when the next one is added. */
struct scenario_fault *fault_add(struct loader *loader, struct source_place place);
/* What an action and its `when` must agree on. */
int fault_check(struct loader *loader, const struct scenario_fault *fault,
                const struct scenario_fault_word *word);

/* A mapping without some of its keys; the document owns it. */
struct node *fault_without(struct loader *loader, const struct node *node, const char *const *keys,
                           size_t count);
struct node *fault_only(struct loader *loader, const struct node *node, const char *const *keys,
                        size_t count);

#endif
