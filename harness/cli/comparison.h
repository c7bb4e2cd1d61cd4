/* comparison.h: what becomes of a comparison: its text on standard output, its files. */
#ifndef CLI_COMPARISON_H
#define CLI_COMPARISON_H

#include "reports/compare.h"

void comparison_print(const struct comparison *comparison);
/* compare.html and compare.json.  Gives an exit code; what went wrong has been said. */
int comparison_write(const struct comparison *comparison, const char *folder);

#endif
