/* hide.c: a scenario's text goes into results; the passwords in it do not. */
#include "scenario/hide.h"

#include <stdlib.h>
#include <string.h>

#include "base/memory.h"
#include "base/text.h"
#include "base/uri.h"
#include "scenario/environment.h"

#define NOTE "# not shown: it spells out a password\n"

/* Replace every occurrence.  Frees `text`, gives the new one; NULL when there was none and none was
   replaced before. */
static char *replace(char *text, const char *old, const char *new_text)
{
    struct text result = {0};
    const char *from = text;
    char *copy = NULL;

    for (const char *at; (at = strstr(from, old)) != NULL; from = at + strlen(old)) {
        text_append(&result, from, (size_t)(at - from));
        text_append_string(&result, new_text);
    }
    if (from != text || strstr(text, new_text)) {
        text_append_string(&result, from);
        copy = memory_string(text_string(&result));
    }
    text_release(&result);
    free(text);
    return copy;
}

/* Frees `text`, gives the new one. */
static char *hide_text(char *text, const char *secret, const char *shown)
{
    if (*secret && strcmp(shown, secret) != 0)
        text = replace(text, secret, shown);
    return text ? text : memory_string(NOTE);
}

static char *hide_scalar(char *text, const char *key, const struct node *node)
{
    char *shown;

    if (key && uri_names_secret(key, strlen(key)) && !environment_is_reference(node->text))
        return hide_text(text, node->text, "***");
    if (!strstr(node->text, "://"))
        return text;
    shown = environment_show(node->text);
    text = hide_text(text, node->text, shown);
    free(shown);
    return text;
}

static char *hide_node(char *text, const char *key, const struct node *node)
{
    if (node->kind == NODE_SCALAR)
        return node->is_null ? text : hide_scalar(text, key, node);
    for (size_t i = 0; i < node->count; i++)
        text = hide_node(text, node->keys ? node->keys[i].text : NULL, node->items[i]);
    return text;
}

char *hide_passwords(const char *text, const struct node *top)
{
    const struct node *one = node_get(top, "broker"), *many = node_get(top, "brokers");
    char *hidden = memory_string(text);

    if (one)
        hidden = hide_node(hidden, NULL, one);
    for (size_t i = 0; many && i < many->count; i++)
        hidden = hide_node(hidden, NULL, many->items[i]);
    return hidden;
}
