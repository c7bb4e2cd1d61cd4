/* tree_edit.h: putting a tree together, and changing one. */
#ifndef BASE_TREE_EDIT_H
#define BASE_TREE_EDIT_H

#include "base/tree.h"

/* Values to be put somewhere: a text, a number, an empty list or map. */
struct tree tree_text_new(const char *text);
struct tree tree_number_new(unsigned long long number);
struct tree tree_list_new(void);
struct tree tree_map_new(void);

/* Put a value under a key of a map, in place of what is there, or behind the others.  Takes the
   value; gives it in its place (borrowed until the next change). */
struct tree *tree_put(struct tree *map, const char *key, struct tree value);
/* The same for a text; NULL puts nothing. */
void tree_put_text(struct tree *map, const char *key, const char *text);
/* Put an item at the end of a list.  Takes and gives as tree_put. */
struct tree *tree_add(struct tree *list, struct tree item);
/* Take a child out. */
void tree_drop(struct tree *parent, size_t index);
/* The same by key; nothing when it is absent. */
void tree_drop_key(struct tree *map, const char *key);
/* tree_get for one that may be changed. */
struct tree *tree_child(struct tree *map, const char *key);
/* Make a scalar say something else. */
void tree_set_text(struct tree *scalar, const char *text);

#endif
