/* identity.h: the identity that every payload carries, at fixed offsets inside a small JSON object.

   {"gauntlet": "rrrrrrrr-tttt-ssssssssss-iiiiiiiiiiiiiiii-dddddddd", "body": <canonical JSON>}
                 run      track sequence  intended ns      digest

   All parts are lower-case hexadecimal.  The digest (low 32 bits of XXH3-64) covers the canonical
   text of the body and the first four parts: values, not bytes, so a broker that reorders keys or
   changes spaces is not called corrupting.  Reading at fixed offsets is the fast path; when the
   text does not have this shape, it is parsed as JSON and the body is put into canonical form
   (sorted keys, no spaces) again. */
#ifndef BASE_IDENTITY_H
#define BASE_IDENTITY_H

#include <stddef.h>
#include <stdint.h>

#include "base/error.h"

#define IDENTITY_HEAD         "{\"gauntlet\": \""
#define IDENTITY_MIDDLE       "\", \"body\": "
#define IDENTITY_BODY_OFFSET  75u /* bytes before the body */
#define IDENTITY_SIZE_MIN     78u /* with an empty string as the body */
#define IDENTITY_TRACK_MAX    0xFFFFu
#define IDENTITY_SEQUENCE_MAX 0xFFFFFFFFFFull

struct identity {
    uint32_t run;         /* of this run, to tell leftovers of another */
    uint32_t track;       /* one producer member on one stream */
    uint64_t sequence;    /* from 0, within the track */
    uint64_t intended_ns; /* when it was meant to be sent, on the run's clock */
};

enum identity_verdict {
    IDENTITY_INTACT,
    IDENTITY_FOREIGN, /* carries no identity: somebody else's message */
    IDENTITY_CORRUPT  /* carries one, and the digest does not agree; `ret` is what could be read */
};

/* Digest of a body's canonical text; constant bodies are digested once. */
uint64_t identity_body_digest(const void *body, size_t size);
/* Write everything before the body: IDENTITY_BODY_OFFSET bytes.  The caller has put the body after
   it and closes the object with '}'. */
void identity_write(char *payload, const struct identity *identity, uint64_t body_digest);
/* The same in two steps, the digest last.  A processor reads slowly what it has only just written
   in other pieces, so of many payloads all are put first, and then all are sealed. */
void identity_put(char *payload, const struct identity *identity);
void identity_seal(char *payload, uint64_t body_digest);
enum identity_verdict identity_read(const char *payload, size_t size, struct identity *ret);
/* Reads many payloads in a row: what one shares with the intact one before it is not looked at
   again. Zero-initialised at first; the payload before must still be there. */
struct identity_reader {
    const char *payload; /* the last intact one, NULL */
    size_t size;
    uint64_t body_digest;
    struct identity identity; /* what was read of it */
};
enum identity_verdict identity_read_next(struct identity_reader *reader, const char *payload,
                                         size_t size, struct identity *ret);
/* Canonical text (sorted keys, compact) of any JSON text, as a malloc'd string; -1 when it is no
 * JSON. */
int identity_canonical(const char *json, size_t size, char **ret_text, struct error *reterr);

#endif
