/* hostile_main.c: an adapter's process that misbehaves in the way its argument names.

   Without one it behaves: a broker of one stream and one reader, just enough for a few clauses.
   Written without a word of the harness: it stands for a stranger's program. */
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { LINE_SIZE = 1 << 16, MESSAGE_MAX = 64, HONEST_COUNT = 2 };

static char line[LINE_SIZE];
static char messages[MESSAGE_MAX][1024];
static unsigned stored, handed, asked;
static const char *mode;

static int is(const char *name)
{
    return strcmp(mode, name) == 0;
}

/* --- A broker --------------------------------------------------------------------------------- */

static unsigned long id_of(const char *request)
{
    return strtoul(request + strlen("{\"id\":"), NULL, 10);
}

static int asks(const char *request, const char *operation)
{
    char word[64];

    (void)snprintf(word, sizeof(word), "\"op\":\"%s\"", operation);
    return strstr(request, word) != NULL;
}

/* The one payload, still escaped. */
static void store(const char *request)
{
    const char *begin = strstr(request, "\"items\":[\"");
    const char *end = begin ? strstr(begin, "\"]") : NULL;

    if (!begin || !end || stored == MESSAGE_MAX)
        return;
    begin += strlen("\"items\":[\"");
    (void)snprintf(messages[stored++], sizeof(messages[0]), "%.*s", (int)(end - begin), begin);
}

static void answer(char *to, size_t size, const char *request)
{
    unsigned long id = id_of(request);

    if (asks(request, "publish")) {
        store(request);
        (void)snprintf(to, size, "{\"id\":%lu,\"ids\":[\"m%u\"]}\n", id, stored);
    } else if (asks(request, "get_next") && handed < stored) {
        handed++;
        (void)snprintf(to, size, "{\"id\":%lu,\"entries\":[{\"id\":\"m%u\",\"payload\":\"%s\"}]}\n",
                       id, handed, messages[handed - 1]);
    } else if (asks(request, "get_next") || asks(request, "read")) {
        (void)snprintf(to, size, "{\"id\":%lu,\"entries\":[]}\n", id);
    } else {
        (void)snprintf(to, size, "{\"id\":%lu,\"number\":true}\n", id);
    }
}

static void say(const char *words)
{
    (void)fputs(words, stdout);
    (void)fflush(stdout);
}

/* --- Ways to misbehave, instead of an answer -------------------------------------------------- */

static void live_on(void)
{
    for (;;)
        (void)pause();
}

static void crash(const char *request)
{
    (void)request;
    (void)fputs("about to do something stupid\n", stderr);
    (void)raise(SIGSEGV);
}

static void leave(const char *request)
{
    (void)request;
    exit(0);
}

static void hang(const char *request)
{
    (void)request;
}

static void write_garbage(const char *request)
{
    (void)request;
    say("\x01\x02 {]] \xff\xfe \"\n");
}

static void print(const char *request)
{
    (void)request;
    say("connected to the broker!\n");
}

static void write_half(const char *request)
{
    char whole[2048];

    answer(whole, sizeof(whole), request);
    whole[strlen(whole) / 2] = '\0';
    say(whole);
}

static void write_half_and_leave(const char *request)
{
    write_half(request);
    exit(0);
}

static void flood(const char *request)
{
    (void)request;
    for (;;)
        if (puts("{\"id\":99999999,\"number\":1}") < 0)
            exit(1);
}

static void flood_log(const char *request)
{
    (void)request;
    for (;;)
        if (puts("{\"log\":\"la la la\"}") < 0)
            exit(1);
}

static void flood_line(const char *request)
{
    (void)request;
    for (;;)
        if (fputs("{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{{", stdout) < 0)
            exit(1);
}

static void answer_twice(const char *request)
{
    char whole[2048];

    answer(whole, sizeof(whole), request);
    say(whole);
    say(whole);
}

static void answer_another(const char *request)
{
    char whole[128];

    (void)snprintf(whole, sizeof(whole), "{\"id\":%lu,\"number\":1}\n", id_of(request) + 1000);
    say(whole);
}

static void answer_with(const char *request, const char *members)
{
    char whole[256];

    (void)snprintf(whole, sizeof(whole), "{\"id\":%lu,%s}\n", id_of(request), members);
    say(whole);
}

static void answer_wrong_shape(const char *request)
{
    answer_with(request, "\"entries\":{\"id\":1},\"number\":\"one\"");
}

static void answer_too_little(const char *request)
{
    answer_with(request, "\"ids\":[],\"items\":[],\"json\":7");
}

static void answer_text_id(const char *request)
{
    (void)request;
    say("{\"id\":\"seven\",\"number\":1}\n");
}

static void answer_huge_id(const char *request)
{
    (void)request;
    say("{\"id\":18446744073709551616,\"number\":1}\n");
}

static void answer_without_id(const char *request)
{
    (void)request;
    say("{\"number\":1}\n");
}

static void answer_bad_text(const char *request)
{
    answer_with(request, "\"ids\":[\"\xc3\x28\"]");
}

static void answer_half_character(const char *request)
{
    answer_with(request, "\"ids\":[\"\\ud800\"]");
}

static void answer_deep(const char *request)
{
    (void)request;
    for (int i = 0; i < 100000; i++)
        (void)putchar('[');
    say("\n");
}

static void answer_zeros(const char *request)
{
    (void)request;
    (void)fwrite("\0\0\0\0\n", 1, 5, stdout);
    (void)fflush(stdout);
}

static void deliver_unasked(const char *request)
{
    char whole[128];

    (void)snprintf(whole, sizeof(whole), "{\"deliver\":%lu,\"entries\":[]}\n", id_of(request));
    say(whole);
}

static void invent_error(const char *request)
{
    answer_with(request, "\"error\":{\"kind\":\"sunspots\",\"definite\":true}");
}

static void close_output(const char *request)
{
    (void)request;
    (void)close(STDOUT_FILENO);
    live_on();
}

static void close_input(const char *request)
{
    (void)request;
    (void)close(STDIN_FILENO);
    live_on();
}

/* The child keeps our standard output open, and stays. */
static void leave_a_child(const char *request)
{
    (void)request;
    if (fork() == 0)
        live_on();
    exit(4);
}

static const struct {
    const char *name;
    void (*misbehave)(const char *request);
} MODES[] = {
    {"crash", crash},
    {"leave", leave},
    {"hang", hang},
    {"garbage", write_garbage},
    {"print", print},
    {"half", write_half},
    {"half_and_leave", write_half_and_leave},
    {"flood", flood},
    {"flood_log", flood_log},
    {"flood_line", flood_line},
    {"twice", answer_twice},
    {"another", answer_another},
    {"wrong_shape", answer_wrong_shape},
    {"too_little", answer_too_little},
    {"text_id", answer_text_id},
    {"huge_id", answer_huge_id},
    {"no_id", answer_without_id},
    {"bad_text", answer_bad_text},
    {"half_character", answer_half_character},
    {"deep", answer_deep},
    {"zeros", answer_zeros},
    {"deliver", deliver_unasked},
    {"sunspots", invent_error},
    {"close_output", close_output},
    {"close_input", close_input},
    {"leave_a_child", leave_a_child},
};

enum { MODE_COUNT = sizeof(MODES) / sizeof(MODES[0]) };

/* --- Ways to misbehave all the time ----------------------------------------------------------- */

static void say_hello(void)
{
    if (is("late_hello") || is("deaf"))
        live_on();
    if (is("no_hello"))
        say("{\"id\":1,\"number\":1}\n");
    else if (is("new_protocol"))
        say("{\"hello\":\"gauntlet\",\"protocol\":99,\"name\":\"hostile\"}\n");
    else if (is("boast"))
        say("{\"hello\":\"gauntlet\",\"protocol\":1,\"name\":\"hostile\",\"operations\":["
            "\"publish\"],"
            "\"capabilities\":[\"ENTERPRISE_STREAMING\"]}\n");
    else if (is("misspell"))
        say("{\"hello\":\"gauntlet\",\"protocol\":1,\"name\":\"hostile\",\"capabilities\":[],"
            "\"operations\":[\"publsh\"]}\n");
    else
        say("{\"hello\":\"gauntlet\",\"protocol\":1,\"name\":\"hostile\",\"operations\":["
            "\"publish\","
            "\"get_next\",\"read\",\"ping\",\"ensure_connection\"],\"capabilities\":"
            "[\"SIMPLE_QUEUING\"]}\n");
}

static void be_rude(void)
{
    if (is("shout"))
        for (int i = 0; i < 200000; i++)
            (void)fputs("this is not your standard error, it is mine\n", stderr);
    if (is("stay"))
        (void)signal(SIGTERM, SIG_IGN);
}

/* One byte at a time. */
static void drip(const char *words)
{
    for (; *words; words++)
        (void)!write(STDOUT_FILENO, words, 1);
}

static void serve(const char *request)
{
    char whole[2048];
    int is_own = asks(request, "create") || asks(request, "open") || asks(request, "close") ||
                 asks(request, "destroy") || asks(request, "abandon");

    /* A few good answers first, so that the bad ones come in the middle of something. */
    int is_time = !is_own && ++asked > HONEST_COUNT;
    for (int i = 0; i < MODE_COUNT && is_time; i++) {
        if (is(MODES[i].name)) {
            MODES[i].misbehave(request);
            return;
        }
    }
    answer(whole, sizeof(whole), request);
    if (is("drip"))
        drip(whole);
    else
        say(whole);
}

int main(int argc, char *argv[])
{
    mode = argc > 1 ? argv[1] : "";
    say_hello();
    be_rude();
    while (fgets(line, sizeof(line), stdin))
        serve(line);
    if (is("stay"))
        live_on();
    return 0;
}
