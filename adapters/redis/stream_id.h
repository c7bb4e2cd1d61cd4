/* stream_id.h: the server's "ms-seq" ids of stream entries. */
#ifndef REDIS_STREAM_ID_H
#define REDIS_STREAM_ID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define REDIS_ID_SIZE 48u /* room for the text of an id, NUL included */

struct redis_id {
    uint64_t ms, seq;
};

/* True when the text is exactly "<digits>-<digits>", both within 64 bits. */
bool redis_id_parse(const char *text, size_t size, struct redis_id *ret_id);
bool redis_id_is_valid(const char *text, size_t size); /* the same, faster */
/* NUL-terminated; gives its size. */
size_t redis_id_write(char buffer[REDIS_ID_SIZE], struct redis_id id);
int redis_id_compare(struct redis_id a, struct redis_id b); /* <0, 0, >0 */
struct redis_id redis_id_next(struct redis_id id);          /* the smallest one after it */

#endif
