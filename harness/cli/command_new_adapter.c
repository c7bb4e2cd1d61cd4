/* command_new_adapter.c: gauntlet new-adapter: a project that works, to begin one's own with. */
#include "cli/command.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/memory.h"
#include "base/text.h"
#include "cli/shared_folder.h"

struct new_adapter_arguments {
    bool help;
};

static const struct option new_adapter_options[] = {
    {"help", 'h', OPTION_FLAG, NULL, NULL, offsetof(struct new_adapter_arguments, help),
     OPTION_PRESENTATION, "this page"},
};

/* --- Files ------------------------------------------------------------------------------------ */

static int read_file(const char *path, struct text *text, struct error *reterr)
{
    FILE *file = fopen(path, "rb");
    char chunk[4096];
    size_t size;

    if (!file)
        return error_set(reterr, ERROR_SYSTEM, "cannot read '%.200s': %s", path, strerror(errno));
    while ((size = fread(chunk, 1, sizeof(chunk), file)) > 0)
        text_append(text, chunk, size);
    fclose(file);
    return 0;
}

static int write_file(const char *path, const struct text *text, struct error *reterr)
{
    FILE *file = fopen(path, "wbx");
    bool is_written = file && fwrite(text_string(text), 1, text->size, file) == text->size;

    if (file && fclose(file) != 0)
        is_written = false;
    if (is_written)
        return 0;
    return error_set(reterr, ERROR_SYSTEM, "cannot write '%.200s': %s", path, strerror(errno));
}

static bool is_word_character(char c)
{
    return isalnum((unsigned char)c) || c == '_';
}

/* Put `name` where `word` stands by itself. */
static void rename_in(struct text *text, const char *word, const char *name)
{
    struct text renamed = {0};
    const char *at = text_string(text), *begin = at, *found;
    size_t size = strlen(word);

    while ((found = strstr(at, word)) != NULL) {
        bool is_inside =
            (found > begin && is_word_character(found[-1])) || is_word_character(found[size]);

        text_append(&renamed, at, (size_t)(found - at));
        text_append_string(&renamed, is_inside ? word : name);
        at = found + size;
    }
    text_append_string(&renamed, at);
    text_release(text);
    *text = renamed;
}

/* --- Projects --------------------------------------------------------------------------------- */

/* One file of a project: "NAME" in its text and its name stands for the adapter's. */
struct part {
    const char *name;     /* in the project */
    const char *template; /* among the shared files; NULL: `text` is all of it */
    const char *word;     /* of the template, that the name replaces; NULL: none */
    const char *text;
};

static const char MAKEFILE[] =
    "# The header comes from an installed gauntlet, or from where this project was made.\n"
    "CFLAGS ?= -O2 -g\n"
    "HEADER ?= $(shell pkg-config --cflags gauntlet 2>/dev/null || echo '-I\"INCLUDE\"')\n"
    "\n"
    "NAME.so: NAME.c\n"
    "\t$(CC) -std=gnu17 -Wall -Wextra $(CFLAGS) $(HEADER) -fPIC -shared -pthread -o $@ $< $(LIBS)\n"
    "\n"
    "check: NAME.so\n"
    "\tgauntlet conform ./NAME.so\n"
    "\n"
    "clean:\n"
    "\trm -f NAME.so\n"
    "\n"
    ".PHONY: check clean\n";

static const char README_C[] =
    "# NAME\n\n"
    "A Gauntlet adapter in C, as a plugin.\n\n"
    "    make                                # builds NAME.so\n"
    "    gauntlet conform ./NAME.so          # what it promises, and whether it keeps it\n"
    "    gauntlet run SCENARIO --adapter ./NAME.so\n\n"
    "It works as it stands, on a small broker in memory: put yours in its place, from the top of\n"
    "NAME.c to its bottom. adapter.h is the manual of all operations.\n";

static const char README_PYTHON[] =
    "# NAME\n\n"
    "A Gauntlet adapter in Python.\n\n"
    "    gauntlet conform 'exec:python3 NAME.py'     # what it promises, and whether it keeps it\n"
    "    gauntlet run SCENARIO --adapter 'exec:python3 NAME.py'\n\n"
    "It works as it stands, on a small broker in memory: put yours in its place. "
    "gauntlet_adapter.py\n"
    "is the kit, one file; what each operation takes and returns stands in its class Adapter.\n";

static const struct part C_PARTS[] = {
    {"NAME.c", "adapters/c/skeleton.c", "skeleton", NULL},
    {"Makefile", NULL, NULL, MAKEFILE},
    {"README.md", NULL, NULL, README_C},
    {NULL, NULL, NULL, NULL},
};

static const struct part PYTHON_PARTS[] = {
    {"NAME.py", "adapters/python/example.py", "toy", NULL},
    {"gauntlet_adapter.py", "adapters/python/gauntlet_adapter.py", NULL, NULL},
    {"README.md", NULL, NULL, README_PYTHON},
    {NULL, NULL, NULL, NULL},
};

static const struct language {
    const char *name;
    const struct part *parts;
    const char *next; /* commands to go on with */
} LANGUAGES[] = {
    {"c", C_PARTS, "make && gauntlet conform ./NAME.so"},
    {"python", PYTHON_PARTS, "gauntlet conform 'exec:python3 NAME.py'"},
};

enum { LANGUAGE_COUNT = sizeof(LANGUAGES) / sizeof(LANGUAGES[0]) };

static int fill_in(const struct part *part, const char *name, struct text *text,
                   struct error *reterr)
{
    char *include = shared_folder_header();
    char *path = part->template ? shared_folder_find(part->template) : NULL;
    int result = 0;

    if (part->template && !path)
        result = error_set(reterr, ERROR_SYSTEM,
                           "'%s' is not where it should be: is gauntlet installed whole?",
                           part->template);
    else if (path)
        result = read_file(path, text, reterr);
    else
        text_append_string(text, part->text);
    if (result == 0 && part->word)
        rename_in(text, part->word, name);
    if (result == 0 && !part->template) {
        rename_in(text, "NAME", name);
        rename_in(text, "INCLUDE", include ? include : ".");
    }
    if (result == 0 && part->word && strcmp(part->word, "toy") == 0)
        rename_in(text, "example", name);
    free(path);
    free(include);
    return result;
}

static int write_part(const struct part *part, const char *name, struct error *reterr)
{
    struct text file_name = {0}, text = {0};
    int result = -1;

    text_append_string(&file_name, part->name);
    rename_in(&file_name, "NAME", name);
    char *path = memory_format("%s/%s", name, text_string(&file_name));
    if (fill_in(part, name, &text, reterr) == 0)
        result = write_file(path, &text, reterr);
    free(path);
    text_release(&file_name);
    text_release(&text);
    return result;
}

static int write_project(const struct language *language, const char *name, struct error *reterr)
{
    if (mkdir(name, 0777) < 0)
        return error_set(reterr, errno == EEXIST ? ERROR_USAGE : ERROR_SYSTEM,
                         "cannot make the folder '%.100s': %s", name, strerror(errno));
    for (const struct part *part = language->parts; part->name; part++)
        if (write_part(part, name, reterr) < 0)
            return -1;
    return 0;
}

/* --- The command ------------------------------------------------------------------------------ */

static const struct language *find_language(const char *name, struct error *reterr)
{
    for (size_t i = 0; i < LANGUAGE_COUNT; i++)
        if (strcmp(LANGUAGES[i].name, name) == 0)
            return &LANGUAGES[i];
    (void)error_set(reterr, ERROR_USAGE,
                    "there is no kit for '%.60s': there are c and python; PROTOCOL.md is for all "
                    "other languages",
                    name);
    return NULL;
}

static int check_name(const char *name, struct error *reterr)
{
    bool is_fine = islower((unsigned char)name[0]) && strlen(name) <= 60;

    for (const char *at = name; *at; at++)
        is_fine &= islower((unsigned char)*at) || isdigit((unsigned char)*at) || *at == '_';
    if (is_fine)
        return 0;
    return error_set(reterr, ERROR_USAGE,
                     "'%.60s' is no name for an adapter: use small letters, digits and '_', as in "
                     "my_broker",
                     name);
}

static void say_what_next(const struct language *language, const char *name)
{
    struct text text = {0};

    text_append_string(&text, language->next);
    rename_in(&text, "NAME", name);
    printf("%s is ready.  Go on with:\n\n    cd %s && %s\n", name, name, text_string(&text));
    text_release(&text);
}

static int make(const struct option_list *operands, struct error *reterr)
{
    const struct language *language;

    if (operands->count != 2)
        return error_set(reterr, ERROR_USAGE,
                         "say the language and a name, as in 'gauntlet new-adapter c my_broker'");
    language = find_language(operands->values[0], reterr);
    if (!language || check_name(operands->values[1], reterr) < 0 ||
        write_project(language, operands->values[1], reterr) < 0)
        return -1;
    say_what_next(language, operands->values[1]);
    return 0;
}

static int work(const struct invocation *invocation)
{
    struct error error = {0};

    return make(invocation->operands, &error) < 0 ? command_fail(&error) : EXIT_PASS;
}

static const char details[] =
    "Writes a folder NAME with an adapter that works, on a small broker in memory: put your own "
    "in\n"
    "its place.  In C it becomes a plugin, which needs adapter.h and nothing else; in Python a\n"
    "program, which needs the standard library and nothing else.\n"
    "\n"
    "Examples:\n"
    "  gauntlet new-adapter c my_broker && cd my_broker && make && gauntlet conform "
    "./my_broker.so\n"
    "  gauntlet new-adapter python my_broker && cd my_broker &&\n"
    "      gauntlet conform 'exec:python3 my_broker.py'\n";

const struct command command_new_adapter = {
    .operands = "c|python NAME",
    .summary = "begin an adapter of your own",
    .details = details,
    .table = {"new-adapter", new_adapter_options,
              sizeof(new_adapter_options) / sizeof(new_adapter_options[0])},
    .size = sizeof(struct new_adapter_arguments),
    .work = work,
};
