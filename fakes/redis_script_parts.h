/* redis_script_parts.h: a script's words, EVALSHA digest key-count keys... arguments..., and
   scripts that stand in files of their own. */
#ifndef FAKES_REDIS_SCRIPT_PARTS_H
#define FAKES_REDIS_SCRIPT_PARTS_H

#include "fakes/redis_state.h"

struct fake_bytes fake_key_at(const struct fake_client *client, size_t index); /* from 1 */
size_t fake_argument_index(const struct fake_client *client, size_t index);
struct fake_bytes fake_argument_at(const struct fake_client *client, size_t index);
int64_t fake_number_at(const struct fake_client *client, size_t index);
struct fake_store *fake_store_of(struct fake_client *client);
struct fake_bytes fake_literal(char *text);

/* redis_script_keep.c */
fake_command fake_script_replay, fake_script_trim, fake_script_record, fake_script_reap;
/* redis_script_lists.c */
fake_command fake_script_take;

#endif
