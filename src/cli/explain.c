/* explain — `pinyue explain`: follows a level, a duty or a proposal back to clause, facts and reporters. */
#include "cli/cli.h"

#include "cli/moment.h"

#include "run/explain.h"
#include "run/show.h"

#include <stdlib.h>
#include <string.h>

static const char help[] =
    "usage: pinyue explain --data DIR INCIDENT [level SCALE | duty ID | proposal ID] [--at TIME] [--json]\n"
    "\n"
    "Replays the log in DIR up to the moment asked for (a duty or proposal: up to what raised it, then on to see what\n"
    "became of it) and prints the chain: clause, rule, facts with their ranges, claims, who said them, when it was so "
    "and\n"
    "when it was heard; why higher rules did not decide; who ordered what and why; what rests on local settings "
    "alone.\n"
    "INCIDENT is its number or title. Without a thing named: an overview of the incident with the numbers of its "
    "duties\n"
    "and proposals.\n"
    "\n"
    "  --at TIME   as things were at this instant (2022-08-20T14:05; in the plan's zone, or +08:00 …)\n"
    "  --json      for tools\n"
    "\n"
    "Exit status: 0, or 2 when there is no such thing or the log cannot be replayed.\n";

enum thing { THING_INCIDENT, THING_LEVEL, THING_DUTY, THING_PROPOSAL };

struct question {
    const char *directory;
    struct cli_moment moment;
    struct text incident;
    enum thing thing;
    struct text scale;
    uint32_t item;
};

static bool read_number(const char *text, uint32_t *number, struct failure *failure) {
    char *end = NULL;
    unsigned long value = strtoul(text, &end, 10);
    if (text[0] < '0' || text[0] > '9' || *end != '\0' || value == 0 || value > UINT32_MAX) {
        return failure_set(failure, "\"%s\" is no number of a duty or proposal", text);
    }
    *number = (uint32_t)value;
    return true;
}

static bool read_question(const char **others, size_t count, struct question *question, struct failure *failure) {
    if (count == 0) {
        return failure_set(failure, "name an incident: pinyue explain --data DIR INCIDENT");
    }
    question->incident = text_of(others[0]);
    if (count == 1) {
        return true;
    }
    if (count == 2) {
        return failure_set(failure, "say which: level SCALE, duty ID or proposal ID");
    }
    if (strcmp(others[1], "level") == 0) {
        question->thing = THING_LEVEL;
        question->scale = text_of(others[2]);
        return true;
    }
    question->thing = strcmp(others[1], "duty") == 0 ? THING_DUTY : THING_PROPOSAL;
    if (question->thing == THING_PROPOSAL && strcmp(others[1], "proposal") != 0) {
        return failure_set(failure, "\"%s\" cannot be explained; there are level, duty and proposal", others[1]);
    }
    return read_number(others[2], &question->item, failure);
}

/* The moment at which a duty or proposal was raised: an event, or an instant at which time itself did it. */
static bool find_moment(const struct engine *engine, const struct question *question, uint32_t incident,
                        struct cli_moment *moment, struct failure *failure) {
    struct engine_duty_view duty = {0};
    struct engine_proposal_view proposal = {0};
    bool is_duty = question->thing == THING_DUTY;
    if (is_duty ? !engine_view_duty(engine, incident, question->item, &duty)
                : !engine_view_proposal(engine, incident, question->item, &proposal)) {
        return failure_set(failure, "the incident has no %s %u", is_duty ? "duty" : "proposal", question->item);
    }
    uint64_t sequence = is_duty ? duty.sequence : proposal.sequence;
    *moment = (struct cli_moment){.sequence = (int64_t)sequence};
    if (sequence == 0) {
        moment->has_at = true;
        moment->before = true;
        moment->at = is_duty ? duty.since : proposal.raised_at;
    }
    return true;
}

/* Explains an item from two replays: as it was when it was raised, and as it is. */
static json_t *explain_item(const struct engine *now, const struct question *question, uint32_t incident,
                            struct failure *failure) {
    struct cli_moment moment;
    json_t *json = NULL;
    if (!find_moment(now, question, incident, &moment, failure)) {
        return NULL;
    }
    struct session *session = cli_open_moment(question->directory, &moment, failure);
    if (session == NULL) {
        return NULL;
    }
    const struct engine *then = session_engine(session);
    json = question->thing == THING_DUTY ? explain_duty(then, now, incident, question->item, failure)
                                         : explain_proposal(then, now, incident, question->item, failure);
    session_close(session);
    return json;
}

static json_t *explain(const struct engine *engine, const struct question *question, uint32_t incident,
                       struct failure *failure) {
    switch (question->thing) {
    case THING_INCIDENT:
        return explain_incident(engine, incident, failure);
    case THING_LEVEL:
        return explain_level(engine, incident, question->scale, failure);
    case THING_DUTY:
    case THING_PROPOSAL:
        break;
    }
    return explain_item(engine, question, incident, failure);
}

static int answer(const struct question *question, bool as_json, struct failure *failure) {
    uint32_t incident = 0;
    json_t *json = NULL;
    struct engine_incident_view view = {0};
    struct buffer out = {0};
    struct session *session = cli_open_moment(question->directory, &question->moment, failure);
    if (session != NULL && explain_find_incident(session_engine(session), question->incident, &incident, failure)) {
        json = explain(session_engine(session), question, incident, failure);
        (void)engine_view_incident(session_engine(session), incident, &view);
    }
    int status = CLI_ERROR;
    if (json == NULL) {
        status = cli_fail(failure);
    } else {
        if (as_json) {
            cli_append_json(json, &out);
        } else {
            explain_write(json, show_is_chinese(view.plan), &out);
        }
        status = cli_print(&out, CLI_OK);
    }
    json_decref(json);
    buffer_release(&out);
    session_close(session);
    return status;
}

static int run(int argc, char **argv) {
    bool as_json = false;
    const char *at = NULL;
    const char *others[3];
    size_t count = 0;
    struct question question = {0};
    const struct cli_option options[] = {
        {"--json", NULL, &as_json}, {"--data", &question.directory, NULL}, {"--at", &at, NULL}};
    struct failure failure = {0};
    if (!cli_parse(argc, argv, options, 3, others, 3, &count, &failure) ||
        !cli_need_directory(question.directory, &failure) || !cli_parse_moment(at, &question.moment, &failure) ||
        !read_question(others, count, &question, &failure)) {
        return cli_fail(&failure);
    }
    return answer(&question, as_json, &failure);
}

const struct cli_command cli_explain = {
    "explain",
    "follows a level, duty or proposal back to clause, facts and reporters",
    "把级别、职责或建议追溯到条款、事实和报告人",
    help,
    run,
};
