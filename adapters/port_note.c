/* port_note.c: notes a thread, and a signal handler that reads them.

   The handler may call nothing that takes a lock or allocates: it puts its words together with
   memcpy, and writes them with write. */
#include "port_note.h"

#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/memory.h"

enum { STACK_SIZE = 32768, LINE_SIZE = 1024, COULD_NOT_RUN = 3 };

static const int SIGNALS[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
enum { SIGNAL_COUNT = sizeof(SIGNALS) / sizeof(SIGNALS[0]) };

static _Thread_local struct port_note note;
static _Thread_local int has_stack;
static _Atomic(const char *) guard_advice;
static atomic_int is_guarded;

/* --- Notes ----------------------------------------------------------------------------------- */

/* A stack of its own lets the handler run after the thread's has overflown.  It stays with the
   thread: whoever ends the thread ends the need for it.  Who has one already (a sanitizer) keeps
   it. */
static void give_stack(void)
{
    static _Thread_local char stack[STACK_SIZE];
    stack_t alternative = {.ss_sp = stack, .ss_size = sizeof(stack)}, present = {0};

    has_stack = 1;
    if (sigaltstack(NULL, &present) == 0 && present.ss_flags & SS_DISABLE)
        (void)sigaltstack(&alternative, NULL);
}

struct port_note port_note_enter(const char *adapter, const char *operation,
                                 const struct adapter_call *call)
{
    struct port_note before = note;

    if (!has_stack && atomic_load_explicit(&is_guarded, memory_order_relaxed))
        give_stack();
    note = (struct port_note){adapter, operation, call, 1};
    return before;
}

/* After the outermost, the last operation stays known, without its call: that may be gone. */
void port_note_leave(const struct port_note *before)
{
    if (before->is_inside) {
        note = *before;
        return;
    }
    note.call = NULL;
    note.is_inside = 0;
}

/* --- A crash --------------------------------------------------------------------------------- */

struct line {
    char bytes[LINE_SIZE];
    size_t size;
};

static void put(struct line *line, const char *words)
{
    size_t size = words ? strlen(words) : 0;

    if (size > sizeof(line->bytes) - line->size)
        size = sizeof(line->bytes) - line->size;
    if (size > 0)
        memcpy(line->bytes + line->size, words, size);
    line->size += size;
}

static const char *signal_name(int number)
{
    static const char *const NAMES[SIGNAL_COUNT] = {
        "SIGSEGV: it used memory that is not its own", "SIGBUS: it used memory that is not there",
        "SIGFPE: it divided by zero, or the like", "SIGILL: it ran what is no instruction",
        "SIGABRT: it, or a library it uses, gave up"};

    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        if (SIGNALS[i] == number)
            return NAMES[i];
    return "a signal";
}

static void put_member(struct line *line, const char *name, const char *value)
{
    if (!value)
        return;
    put(line, name);
    put(line, value);
}

static void describe(struct line *line, int number)
{
    put(line, note.is_inside ? "\ngauntlet: the adapter "
                             : "\ngauntlet: a crash outside all operations, the last of adapter ");
    put(line, note.adapter);
    put(line, note.is_inside ? " crashed in " : " being ");
    put(line, note.operation);
    if (note.call) {
        put_member(line, ", stream ", note.call->stream);
        put_member(line, ", group ", note.call->group);
    }
    put(line, " (");
    put(line, signal_name(number));
    put(line, ")\n");
    const char *advice = atomic_load(&guard_advice);
    put_member(line, "gauntlet: ", advice);
    put(line, advice ? "\n" : "");
}

/* A crash where no adapter ever was is ours, and stays what it is. */
static void on_crash(int number)
{
    struct line line = {.size = 0};

    if (!note.adapter) {
        (void)signal(number, SIG_DFL);
        (void)raise(number);
        return;
    }
    describe(&line, number);
    (void)!write(STDERR_FILENO, line.bytes, line.size);
    _exit(COULD_NOT_RUN);
}

void port_note_guard(const char *advice)
{
    struct sigaction action = {.sa_handler = on_crash,
                               .sa_flags = (int)(SA_ONSTACK | SA_RESETHAND)};

    atomic_store(&guard_advice, advice);
    atomic_store(&is_guarded, 1);
    (void)sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < SIGNAL_COUNT; i++)
        (void)sigaction(SIGNALS[i], &action, NULL);
}
