/* scenario.c: the end of a scenario. */
#include "scenario/scenario.h"

#include <stdlib.h>

#include "scenario/loader.h"
#include "scenario/search.h"
#include "scenario/spawn.h"

static void release_broker(struct scenario_broker *broker)
{
    for (size_t i = 0; i < broker->option_count; i++) {
        free(broker->options[i].key);
        free(broker->options[i].text);
    }
    free(broker->options);
    free(broker->name);
    free(broker->adapter);
    free(broker->uri);
    free(broker->uri_shown);
    scenario_spawn_release(&broker->spawn);
    scenario_control_release(&broker->control);
}

static void release_actors(struct scenario *scenario)
{
    for (size_t i = 0; i < scenario->producer_count; i++) {
        free(scenario->producers[i].name);
        free(scenario->producers[i].streams);
        free(scenario->producers[i].payload_body);
        free(scenario->producers[i].stages);
        free(scenario->producers[i].sizes);
    }
    for (size_t i = 0; i < scenario->consumer_count; i++) {
        free(scenario->consumers[i].name);
        free(scenario->consumers[i].group);
        free(scenario->consumers[i].streams);
    }
    free(scenario->producers);
    free(scenario->consumers);
}

void scenario_free(struct scenario *scenario)
{
    struct scenario_loaded *loaded = (struct scenario_loaded *)scenario;

    if (!scenario)
        return;
    for (size_t i = 0; i < scenario->broker_count; i++)
        release_broker(&scenario->brokers[i]);
    for (size_t i = 0; i < scenario->stream_count; i++)
        free(scenario->streams[i].name);
    for (size_t i = 0; i < scenario->expectation_count; i++)
        free(scenario->expectations[i].text);
    for (size_t i = 0; i < scenario->known.fail_count; i++)
        free(scenario->known.fails[i]);
    for (size_t i = 0; i < scenario->override_count; i++)
        free(scenario->overrides[i]);
    for (size_t i = 0; i < loaded->label_count; i++)
        free(loaded->labels[i]);
    release_actors(scenario);
    search_release(&scenario->search);
    tree_release(&scenario->document);
    scenario_faults_free(scenario->faults, scenario->fault_count);
    scenario_chaoses_free(scenario->chaoses, scenario->chaos_count);
    free(scenario->brokers);
    free(scenario->streams);
    free(scenario->expectations);
    free(scenario->known.fails);
    free(scenario->known.because);
    free(scenario->overrides);
    free(loaded->labels);
    free(scenario->path);
    free(scenario->text);
    free(scenario->name);
    free(scenario->description);
    free(loaded);
}
