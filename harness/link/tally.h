/* tally.h: what all links of one name count together, so that an exchange can be meant by what it
   is and not by how many idle reads happened to come before it.  Private to this room.

   The exchanges of one command are numbered by their replies: the n-th that brings something is
   number n, and what brings nothing before it has that number too, and a turn: the so-manieth in a
   row.

       XREADGROUP   empty   empty   brings   brings   empty
       number         1       1       1        2        3
       turn           1       2       3        1        1

   A request has the number and the turn that it would have if all that is under way brought
   something. */
#ifndef LINK_TALLY_H
#define LINK_TALLY_H

#include <pthread.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct exchange;

struct tally { /* of one command */
    char *word;
    uint64_t brought;  /* exchanges that brought something */
    uint64_t open;     /* requests that wait for their replies */
    uint64_t in_a_row; /* that brought nothing since */
    struct tally *next;
};

struct link_name {
    pthread_mutex_t mutex; /* links of one name may live on several loops */
    uint64_t exchange_count;
    struct tally *tallies;
};

struct link_name *link_name_new(void);
void link_name_free(struct link_name *name);

/* One more request, of a protocol that is not understood: gives its index. */
uint64_t tally_count(struct link_name *name);
/* One more request: fills in its index, number and turn. */
void tally_begin(struct link_name *name, struct exchange *exchange);
/* Its last reply is there: fills in the number and the turn that it has by that. */
void tally_answer(struct link_name *name, struct exchange *exchange, bool brings);
/* No reply will come; fine when one did. */
void tally_forget(struct link_name *name, struct exchange *exchange);

#endif
