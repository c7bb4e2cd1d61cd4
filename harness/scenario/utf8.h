/* utf8.h: is a text UTF-8, and where is it not? */
#ifndef SCENARIO_UTF8_H
#define SCENARIO_UTF8_H

#include <stddef.h>

#include "base/error.h"

/* Fails at the first byte that is no UTF-8, and at the first control character that YAML forbids.
 */
int utf8_check(const char *file, const char *text, size_t size, struct error *reterr);

#endif
