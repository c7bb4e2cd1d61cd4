/* replay_clause.h: the files that `conform` leaves of clauses that failed, run again. */
#ifndef CLI_REPLAY_CLAUSE_H
#define CLI_REPLAY_CLAUSE_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/options.h"

struct replay_clause {
    const char *path, *uri; /* uri NULL: as on record */
    const struct option_list *settings;
    uint64_t times;
    bool is_quiet;
};

/* Is it such a file? */
bool replay_is_clause(const char *path);
/* Run the command that the file has on record, with the clause as the file has it.  Gives an exit
   code. */
int replay_clause(const struct replay_clause *replay);

#endif
