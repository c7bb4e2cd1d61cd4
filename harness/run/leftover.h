/* leftover.h: the private streams of a run on servers that are not its own, written down while they
   are there, so that `gauntlet heal` can remove them when the run was killed outright. */
#ifndef RUN_LEFTOVER_H
#define RUN_LEFTOVER_H

struct stage;

/* Before the first stream is made.  Where nothing can be written the run goes on, with a note. */
void leftover_note(struct stage *stage);
/* They are removed. */
void leftover_strike(struct stage *stage);

#endif
