/* list.h: the YAML files under a path, scenarios and clauses kept apart. */
#ifndef SCENARIO_LIST_H
#define SCENARIO_LIST_H

#include <stddef.h>

#include "base/error.h"

enum list_kind { LIST_SCENARIOS, LIST_CLAUSES };

/* The files of one kind below a folder, sorted; or the one file, whatever it is.  Gives the paths
   and their array. */
int list_files(const char *path, enum list_kind kind, char ***ret_paths, size_t *ret_count,
               struct error *reterr);

#endif
