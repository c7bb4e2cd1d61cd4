/* raw.h: what the ceiling programs share: sockets, clocks and RESP by hand.  They measure what is
   possible, so nothing of the harness is in them. */
#ifndef BENCH_RAW_H
#define BENCH_RAW_H

#include <stddef.h>
#include <stdint.h>

#define RAW_COMMAND_MAX 4096u

/* A connection to the server and what has arrived on it. */
struct raw {
    int fd;
    char *in; /* unread bytes are [in_begin, in_end) */
    size_t in_begin, in_end, in_capacity;
    char *out; /* unsent bytes are [out_begin, out_end) */
    size_t out_begin, out_end, out_capacity;
};

/* Every failure ends the program with a sentence: a ceiling has nothing to recover. */
void raw_fail(const char *what) __attribute__((noreturn));
void *raw_memory(size_t count, size_t size);
/* The number at argv[index], or `fallback` when there is none. */
uint64_t raw_argument(int argc, char *const *argv, int index, uint64_t fallback);

uint64_t raw_now_ns(void);
uint64_t raw_cpu_ns(void); /* of this process so far */
/* The lines a benchmark reads: rate, messages, client CPU per message. */
void raw_print(uint64_t messages, uint64_t elapsed_ns, uint64_t cpu_ns);

/* Connect to 127.0.0.1:port; without delay, not blocking.  Watched by `epoll_fd` for reading, with
   `raw` as its data. */
void raw_open(struct raw *raw, uint64_t port, int epoll_fd);
void raw_close(struct raw *raw);
/* Room for `size` more bytes of output, and the bytes that were written there. */
char *raw_reserve(struct raw *raw, size_t size);
void raw_commit(struct raw *raw, size_t size);
/* Send what is waiting, as far as the kernel takes it. */
void raw_flush(struct raw *raw);
/* Take in what has arrived. */
void raw_fill(struct raw *raw);
/* Send a command of words and wait for its one-line answer; an error but BUSYGROUP ends the
 * program. */
void raw_ask(struct raw *raw, const char *const *words, size_t count);

/* Write one command of `count` words at `at`; its size. */
size_t raw_command(char *at, size_t capacity, const char *const *words, size_t count);
/* "$15" or "*3" in [at, end): the number, and where the next line begins.  NULL: not all there yet.
 */
const char *raw_header(const char *at, const char *end, char type, int64_t *ret_number);
/* A bulk string, its bytes and size; NULL: not all there yet. */
const char *raw_bulk(const char *at, const char *end, const char **ret_text, size_t *ret_size);

#endif
