/* fault.h: the faults of one run: what was agreed is done when its moment comes, and healed. */
#ifndef RUN_FAULT_H
#define RUN_FAULT_H

#include <stdbool.h>
#include <stdint.h>

#include "base/error.h"

struct stage;
struct faults;
struct link_faults;

/* Resolve the scenario's faults under the run's seed.  NULL in *ret_faults when there are none. */
int faults_open(struct stage *stage, struct faults **ret_faults, struct error *reterr);
/* The rules on links; NULL when no fault needs them.  Lives until faults_close. */
struct link_faults *faults_links(struct faults *faults);
/* All actors are made, none is started: find those that are meant.  Refuses what a broker, an
   adapter or a mode cannot do, and says what would make it possible. */
int faults_bind(struct faults *faults, struct error *reterr);
/* No actor has begun: what counts exchanges from the first one on is armed. */
void faults_ready(struct faults *faults);
/* The producers start now: moments count from here. */
void faults_start(struct faults *faults);
/* The producers are done: nothing new comes by the clock alone without a limit. */
void faults_stop_clock(struct faults *faults);
/* Nothing is on that ends by itself, and, unless messages are on their way that may still bring a
   fault about, nothing more will come. */
bool faults_are_over(struct faults *faults, bool has_messages);
/* Does anything wait for the clock: a moment, a healing? */
bool faults_wait(struct faults *faults);
/* End everything that is on, and begin nothing more. */
void faults_heal(struct faults *faults);
bool faults_are_healed(struct faults *faults);
/* Has any done anything; does any make consumers reject messages? */
bool faults_have_fired(const struct faults *faults);
bool faults_have_nacks(const struct faults *faults);
/* The names of those that are on, "" when there are none. */
void faults_name_active(struct faults *faults, char *buffer, size_t capacity);
/* Into stage->result; what was expected and never happened makes the run inconclusive.  All actors
   rest. */
void faults_collect(struct faults *faults);
void faults_judge(struct faults *faults);
/* After the loops have stopped, before they are freed; NULL is fine. */
void faults_stop(struct faults *faults);
/* After the links of all actors; NULL is fine. */
void faults_close(struct faults *faults);

#endif
