/* tree_write.h: a tree back into YAML. */
#ifndef BASE_TREE_WRITE_H
#define BASE_TREE_WRITE_H

#include "base/text.h"
#include "base/tree.h"

/* Append a list or a map, each entry on lines of its own, `width` columns in.  What had no quotes
   gets none. */
void tree_write(const struct tree *tree, size_t width, struct text *text);
/* Append a text that is one whether quoted or not; without quotes where it may stand so. */
void tree_write_word(const char *word, struct text *text);
/* Append it in quotes, escaped. */
void tree_write_quoted(const char *string, size_t size, struct text *text);
/* May it stand without quotes anywhere? */
bool tree_is_word(const char *word);

#endif
