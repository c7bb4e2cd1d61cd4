/* clause_folder.h: where the suite of clauses that comes with the harness is. */
#ifndef CLI_CLAUSE_FOLDER_H
#define CLI_CLAUSE_FOLDER_H

#include "base/error.h"

/* Beside the working folder, beside an installed program, or in the checkout that it was built in.
   Gives (free); NULL and an error when it is nowhere. */
char *clause_folder_find(struct error *reterr);

#endif
