/* replay_clause.c: a clause that failed has the command that ran it in its first lines. */
#include "cli/replay_clause.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/command.h"
#include "scenario/clause.h"

#define LEAD "# Again: gauntlet conform "

struct words {
    char **items;
    size_t count;
};

static void add_word(struct words *words, const char *word)
{
    words->items = memory_grow(words->items, words->count + 1, sizeof(*words->items));
    words->items[words->count++] = memory_string(word);
}

static void free_words(struct words *words)
{
    for (size_t i = 0; i < words->count; i++)
        free(words->items[i]);
    free(words->items);
}

/* One word as options_record has quoted it: 'a'\''b'.  Gives the rest. */
static const char *read_word(const char *at, struct text *word)
{
    bool is_quoted = false;

    for (; *at && (is_quoted || *at != ' '); at++) {
        if (*at == '\'')
            is_quoted = !is_quoted;
        else if (*at == '\\' && !is_quoted && at[1])
            text_append(word, ++at, 1);
        else
            text_append(word, at, 1);
    }
    return at + strspn(at, " ");
}

static void split(const char *line, struct words *words)
{
    while (*line) {
        struct text word = {0};

        line = read_word(line, &word);
        add_word(words, text_string(&word));
        text_release(&word);
    }
}

/* The command on record without its first two words; NULL when there is none.  Gives (free). */
static char *read_command(const char *path)
{
    FILE *file = fopen(path, "re");
    char *line = NULL, *command = NULL;
    size_t capacity = 0;

    while (file && !command && getline(&line, &capacity, file) > 0 && line[0] == '#')
        if (strncmp(line, LEAD, strlen(LEAD)) == 0) {
            line[strcspn(line, "\n")] = '\0';
            command = memory_string(line + strlen(LEAD));
        }
    free(line);
    if (file)
        (void)fclose(file);
    return command;
}

bool replay_is_clause(const char *path)
{
    return clause_is_file(path);
}

static void add_options(const struct replay_clause *replay, struct words *words)
{
    add_word(words, "--clauses");
    add_word(words, replay->path);
    for (size_t i = 0; i < replay->settings->count; i++) {
        add_word(words, "--set");
        add_word(words, replay->settings->values[i]);
    }
    if (replay->uri) {
        add_word(words, "--uri");
        add_word(words, replay->uri);
    }
    if (replay->is_quiet)
        add_word(words, "--quiet");
}

static int run(const struct replay_clause *replay, const struct words *words)
{
    uint64_t tally[EXIT_UNDECIDED + 1] = {0}, runs = 0;
    int code = EXIT_PASS;

    while (runs < replay->times && code != EXIT_WRONG) {
        code =
            command_perform(&command_conform, (int)words->count, (const char *const *)words->items);
        tally[code]++;
        runs++;
    }
    if (code == EXIT_WRONG)
        return code;
    printf("\nfailed again: %llu of %llu\n", (unsigned long long)tally[EXIT_FAIL],
           (unsigned long long)runs);
    if (tally[EXIT_FAIL] > 0)
        return EXIT_FAIL;
    return tally[EXIT_UNDECIDED] > 0 ? EXIT_UNDECIDED : EXIT_PASS;
}

int replay_clause(const struct replay_clause *replay)
{
    struct words words = {0};
    struct error error = {0};
    char *command = read_command(replay->path);
    int code;

    if (!command) {
        error_set(&error, ERROR_SCENARIO, "%s is no failure file: no line begins with '" LEAD "'",
                  replay->path);
        return command_fail(&error);
    }
    split(command, &words);
    add_options(replay, &words);
    code = run(replay, &words);
    free_words(&words);
    free(command);
    return code;
}
