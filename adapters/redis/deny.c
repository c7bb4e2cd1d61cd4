/* deny.c: which commands our user may no longer send, as rules of the server's access lists. */
#include "deny.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "base/memory.h"
#include "resp.h"

#define SEPARATORS " ,"

/* Without these nobody could put things right again. */
static bool is_needed(const char *word, size_t size)
{
    static const char *const NEEDED[] = {"acl", "auth", "hello", "client", "config"};

    for (size_t i = 0; i < sizeof(NEEDED) / sizeof(NEEDED[0]); i++)
        if (strlen(NEEDED[i]) == size && strncasecmp(NEEDED[i], word, size) == 0)
            return true;
    return word[0] == '@' || strncasecmp(word, "allcommands", size) == 0;
}

/* A rule of its own, as in "+@all -xack -xgroup|create". */
static bool is_denied_already(const struct redis_reply *rules, const char *word, size_t size)
{
    const char *at = rules->text, *end = rules->text + rules->size;

    for (; at + size + 1 <= end; at++)
        if (*at == '-' && (at == rules->text || at[-1] == ' ') &&
            strncasecmp(at + 1, word, size) == 0 && (at + size + 1 == end || at[size + 1] == ' '))
            return true;
    return false;
}

/* Every rule is one argument: -xack; its undo +xack. */
static void compose_rules(const char *word, const struct redis_reply *rules, char sign,
                          struct text *words, size_t *count)
{
    for (word += strspn(word, SEPARATORS); *word; word += strspn(word, SEPARATORS)) {
        size_t size = strcspn(word, SEPARATORS);
        char *rule = memory_format("%c%.*s", sign, (int)size, word);

        word += size;
        if (sign == '+' && is_denied_already(rules, rule + 1, size)) {
            free(rule);
            continue;
        }
        if (sign == '-')
            redis_argument_string(words, rule);
        else
            text_append_string(words, *count > 0 ? ", " : "");
        if (sign == '+')
            text_append_json(words, rule, strlen(rule));
        (*count)++;
        free(rule);
    }
}

/* ACL GETUSER answered: operation->word is the user. */
void redis_deny_rules(struct redis_operation *operation, const char *commands,
                      const struct redis_reply *rules)
{
    struct text words = {0};
    size_t count = 0;

    compose_rules(commands, rules, '+', &words, &count);
    if (count > 0) {
        text_append_string(&operation->text, "[\"ACL\", \"SETUSER\", ");
        text_append_json(&operation->text, operation->word, strlen(operation->word));
        text_appendf(&operation->text, ", %s]", text_string(&words));
    }
    text_clear(&words);
    count = 0;
    compose_rules(commands, rules, '-', &words, &count);
    redis_command(&operation->arguments, 3 + count);
    redis_argument_string(&operation->arguments, "ACL");
    redis_argument_string(&operation->arguments, "SETUSER");
    redis_argument_string(&operation->arguments, operation->word);
    text_append(&operation->arguments, text_string(&words), words.size);
    operation->argument_count = 1;
    text_release(&words);
}

bool redis_may_be_denied(const char *word)
{
    size_t count = 0;

    for (word += strspn(word, SEPARATORS); *word; word += strspn(word, SEPARATORS)) {
        size_t size = strcspn(word, SEPARATORS);

        if (is_needed(word, size))
            return false;
        word += size;
        count++;
    }
    return count > 0;
}
