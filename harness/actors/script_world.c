/* script_world.c: sessions that come and go, and the server behind them. */
#include <stdlib.h>
#include <string.h>

#include "actors/script_control.h"
#include "actors/script_session.h"

/* An optional name; "main" for the session.  Gives (free); false when it cannot be had. */
static bool read_name(struct script_flow *flow, const struct tree *arguments, const char *key,
                      char **ret_name, struct error *reterr)
{
    struct script_sight sight = script_flow_sight(flow);
    const struct tree *tree = tree_get(arguments, key);

    *ret_name = tree ? sight_text(&sight, tree, reterr) : NULL;
    return !tree || *ret_name;
}

static int open_session(struct script_flow *flow, const struct tree *arguments,
                        struct error *reterr)
{
    char *session = NULL, *instance = NULL, *consumer = NULL;
    const char *apart = tree_text(arguments, "apart");
    int result = -1;

    if (read_name(flow, arguments, "session", &session, reterr) &&
        read_name(flow, arguments, "instance", &instance, reterr) &&
        read_name(flow, arguments, "consumer", &consumer, reterr))
        result = script_session_open(
            flow->script, session ? session : "main",
            &(struct script_opening){instance, consumer, apart && strcmp(apart, "true") == 0},
            reterr);
    if (result == 0)
        script_evidence_note(flow->script, "%s opened%s%s%s%s", session ? session : "main",
                             instance ? " on instance " : "", instance ? instance : "",
                             consumer ? " as consumer " : "", consumer ? consumer : "");
    free(session);
    free(instance);
    free(consumer);
    return result;
}

/* A missing second instance says nothing about the broker. */
enum script_turn script_begin_open(struct script_flow *flow, const struct tree *arguments)
{
    struct error error = {0};

    if (open_session(flow, arguments, &error) == 0)
        return SCRIPT_GOES_ON;
    if (error.kind == ERROR_USAGE) {
        script_decide(flow->script, SCRIPT_INCONCLUSIVE, arguments->place, "%s", error.message);
        return SCRIPT_WAITS;
    }
    return script_break(flow, &error);
}

static enum script_turn end_session(struct script_flow *flow, const struct tree *arguments,
                                    bool is_crash)
{
    struct error error = {0};
    struct script_session *session;
    char *name;

    if (!read_name(flow, arguments, "session", &name, &error))
        return script_break(flow, &error);
    session = script_session_find(flow->script, name ? name : "main");
    if (session)
        script_session_close(session, is_crash);
    script_evidence_note(flow->script, "%s %s", name ? name : "main",
                         is_crash ? "crashed" : "closed");
    free(name);
    return SCRIPT_GOES_ON;
}

enum script_turn script_begin_close(struct script_flow *flow, const struct tree *arguments)
{
    return end_session(flow, arguments, false);
}

enum script_turn script_begin_crash(struct script_flow *flow, const struct tree *arguments)
{
    return end_session(flow, arguments, true);
}

enum script_turn script_begin_reopen(struct script_flow *flow, const struct tree *arguments)
{
    enum script_turn turn = end_session(flow, arguments, false);

    return turn == SCRIPT_GOES_ON ? script_begin_open(flow, arguments) : turn;
}

enum script_turn script_begin_server(struct script_flow *flow, const struct tree *arguments)
{
    const struct script_world *world = flow->script->plan.world;
    struct error error = {0};

    if (!world || !world->server) {
        script_decide(flow->script, SCRIPT_INCONCLUSIVE, arguments->place,
                      "there is no server here that could be told to %s", arguments->text);
        return SCRIPT_WAITS;
    }
    if (world->server(world->context, arguments->text, &error) < 0)
        return script_break(flow, &error);
    script_evidence_note(flow->script, "server: %s", arguments->text);
    return SCRIPT_GOES_ON;
}
