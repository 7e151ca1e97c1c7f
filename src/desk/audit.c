#include "desk/audit.h"

#include "base/calendar.h"
#include "desk/documents.h"
#include "desk/papers.h"
#include "desk/part.h"
#include "desk/personal.h"
#include "desk/state.h"
#include "desk/view.h"
#include "run/editions.h"

#include <inttypes.h>
#include <stdlib.h>

/* An engine believes no leap of ten years; an incident may rest for longer. */
#define LEAP_US (INT64_C(5) * 365 * CALENDAR_US_PER_DAY)
/* Events that are not needed are read over rather than looked for anew, up to so many. */
#define NEAR_EVENTS 8

struct audit {
    struct store *store;
    struct editions *editions;
};

/* One question on its way. */
struct telling {
    struct audit *audit;
    const struct audit_question *question;
    struct desk_reply *reply;
    struct desk desk;        /* only what an incident's page is made from */
    int64_t at;              /* the moment */
    struct store_head head;  /* the last event by then */
    struct failure *failure; /* the reply's */
    size_t next;             /* step that is told next */
    bool has_failed;
    struct buffer moments; /* of struct moment */
};

struct moment {
    int64_t at, sequence; /* sequence 0: time alone did it */
    uint32_t place;       /* among all, as they came */
    json_t *json;
};

struct audit *audit_open(const char *directory, struct failure *failure) {
    static const struct store_options options = {.read_only = true};
    struct audit *audit = calloc(1, sizeof *audit);
    if (audit != NULL) {
        audit->editions = editions_create();
    }
    if (audit == NULL || audit->editions == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        audit_close(audit);
        return NULL;
    }
    audit->store = store_open(directory, &options, failure);
    if (audit->store == NULL) {
        audit_close(audit);
        return NULL;
    }
    return audit;
}

void audit_close(struct audit *audit) {
    if (audit != NULL) {
        store_close(audit->store);
        editions_destroy(audit->editions);
        free(audit);
    }
}

static bool refuse(struct telling *telling, enum desk_outcome outcome, const char *field, const char *english,
                   const char *chinese) {
    telling->reply->outcome = outcome;
    return failure_say_field(telling->failure, field, "%s", "%s", telling->failure->chinese ? chinese : english);
}

static bool refuse_memory(struct telling *telling) {
    return refuse(telling, DESK_UNAVAILABLE, "", "memory is exhausted", "内存不足");
}

/* ---- the moment ------------------------------------------------------------------------------------------- */

/* What is looked for of one event. */
struct glance {
    int64_t sequence, at;
    struct store_hash chain;
    bool is_found;
};

static bool glance_at(void *context, const struct store_record *record) {
    struct glance *glance = context;
    glance->is_found = record->sequence == glance->sequence &&
                       calendar_parse_instant(fold_field(record->fields, record->count, "at"), 0, &glance->at, NULL);
    glance->chain = record->chain;
    return false;
}

static bool look_at(struct telling *telling, int64_t sequence, struct glance *glance) {
    struct failure inner = {0};
    *glance = (struct glance){.sequence = sequence};
    if (!store_read(telling->audit->store, sequence, false, glance_at, glance, &inner) || !glance->is_found) {
        telling->reply->outcome = DESK_UNAVAILABLE;
        return failure_say(telling->failure, "event %" PRId64 " cannot be read: %s",
                           "第 %" PRId64 " 条记录无法读取：%s", sequence, inner.message);
    }
    return true;
}

/* The last event at or before the instant: instants never fall from one event to the next. */
static bool find_head(struct telling *telling, int64_t last) {
    int64_t low = 0;
    struct glance glance = {0};
    while (low < last) {
        int64_t middle = low + (last - low + 1) / 2;
        if (!look_at(telling, middle, &glance)) {
            return false;
        }
        if (glance.at <= telling->at) {
            low = middle;
            telling->head = (struct store_head){middle, glance.chain};
        } else {
            last = middle - 1;
        }
    }
    return low > 0 || refuse(telling, DESK_NOT_FOUND, "at", "nothing had been logged by then", "当时日志还没有记录");
}

static bool find_moment(struct telling *telling) {
    const struct audit_question *question = telling->question;
    struct store_head last;
    struct failure inner = {0};
    if (!store_find_head(telling->audit->store, &last, &inner)) {
        return refuse(telling, DESK_UNAVAILABLE, "", inner.message, "日志无法读取");
    }
    int64_t known = json_integer_value(json_object_get(question->part, "events"));
    last.sequence = known < last.sequence ? known : last.sequence; /* what has come since is not among the steps */
    telling->at = question->has_at ? question->at : question->now;
    if (telling->at > question->now) {
        return refuse(telling, DESK_REFUSED, "at", "this moment has not been yet", "这个时刻还没有到");
    }
    if (question->sequence == 0) {
        return find_head(telling, last.sequence);
    }
    if (question->sequence > last.sequence) {
        return refuse(telling, DESK_NOT_FOUND, "sequence", "the log has no such event", "日志中没有这条记录");
    }
    struct glance glance;
    if (!look_at(telling, question->sequence, &glance)) {
        return false;
    }
    telling->at = glance.at;
    telling->head = (struct store_head){question->sequence, glance.chain};
    return true;
}

/* ---- telling ---------------------------------------------------------------------------------------------- */

/* A session_observe. */
static bool observe(void *context, const struct session_entry *entry, struct failure *failure) {
    struct telling *telling = context;
    struct text kind = fold_field(entry->fields, entry->count, "kind");
    return (!text_equals_string(kind, "desk.force") || forces_take(telling->desk.forces, entry, failure)) &&
           documents_take(telling->desk.documents, entry, failure) &&
           places_take(telling->desk.places, entry, failure) && fold_take(telling->desk.fold, entry, failure);
}

static void add_moment(struct telling *telling, int64_t at, int64_t sequence, json_t *json) {
    const struct moment moment = {at, sequence, (uint32_t)(telling->moments.length / sizeof(struct moment)), json};
    buffer_append(&telling->moments, &moment, sizeof moment);
    if (telling->moments.failed) {
        json_decref(json);
    }
}

/* An engine_sink: what came due undone. */
static void note_output(void *context, const struct engine_output *output) {
    struct telling *telling = context;
    if (output->incident == telling->question->incident && output->kind == ENGINE_DUTY_OVERDUE) {
        add_moment(telling, output->due_at, 0,
                   json_pack("{s:n, s:o, s:s, s:s, s:o}", "sequence", "at", view_instant(output->due_at), "kind",
                             "overdue", "actor", "", "item", view_item(output->incident, output->item)));
    }
}

static const struct part_step *find_steps(const struct telling *telling, struct buffer *steps, size_t *count) {
    const json_t *listed = json_object_get(telling->question->part, "steps");
    for (size_t i = 0; i + 1 < json_array_size(listed); i += 2) {
        const struct part_step step = {json_integer_value(json_array_get(listed, i)),
                                       (uint32_t)json_integer_value(json_array_get(listed, i + 1))};
        if (step.sequence <= telling->head.sequence) {
            buffer_append(steps, &step, sizeof step);
        }
    }
    *count = steps->length / sizeof(struct part_step);
    return (const struct part_step *)(const void *)steps->bytes;
}

/* Lets time pass, in strides that the engine believes. */
static bool pass_time(struct telling *telling, int64_t at, bool to_the_end, struct failure *failure) {
    struct session *session = telling->desk.session;
    const struct engine *engine = session_engine(session);
    while (engine_now(engine) != INT64_MIN && at - engine_now(engine) > LEAP_US) {
        if (!session_advance(session, engine_now(engine) + LEAP_US, note_output, telling, failure)) {
            return false;
        }
    }
    return !to_the_end || session_advance(session, at, note_output, telling, failure);
}

static bool tell(struct telling *telling, const struct store_record *record, uint32_t number, struct failure *failure) {
    struct session_entry entry = {.sequence = record->sequence,
                                  .incident = fold_number(fold_field(record->fields, record->count, "incident")),
                                  .fields = record->fields,
                                  .count = record->count,
                                  .number = number};
    return calendar_parse_instant(fold_field(record->fields, record->count, "at"), 0, &entry.at, failure) &&
           pass_time(telling, entry.at, false, failure) &&
           session_retell(telling->desk.session, record, &entry, failure);
}

/* What is being read: the steps from telling->next on, as long as they lie near to each other. */
struct reading {
    struct telling *telling;
    const struct part_step *steps;
    size_t count;
};

static bool take_record(void *context, const struct store_record *record) {
    struct reading *reading = context;
    struct telling *telling = reading->telling;
    struct failure inner = {0};
    const struct part_step *step = &reading->steps[telling->next];
    if (record->sequence < step->sequence) {
        return true;
    }
    if (record->sequence > step->sequence || !tell(telling, record, step->number, &inner)) {
        telling->has_failed = true;
        telling->reply->outcome = DESK_UNAVAILABLE;
        (void)failure_say(telling->failure, "event %" PRId64 ": %s", "第 %" PRId64 " 条记录：%s", step->sequence,
                          inner.message);
        return false;
    }
    telling->next++;
    return telling->next < reading->count && step[1].sequence - step->sequence <= NEAR_EVENTS;
}

static bool tell_all(struct telling *telling) {
    struct buffer steps = {0};
    struct failure inner = {0};
    struct reading reading = {.telling = telling};
    reading.steps = find_steps(telling, &steps, &reading.count);
    bool is_read = !steps.failed;
    while (is_read && !telling->has_failed && telling->next < reading.count) {
        size_t before = telling->next;
        is_read =
            store_read(telling->audit->store, reading.steps[before].sequence, false, take_record, &reading, &inner) &&
            (telling->next > before || telling->has_failed);
    }
    buffer_release(&steps);
    if (telling->has_failed) {
        return false;
    }
    if (!is_read) {
        return refuse(telling, DESK_UNAVAILABLE, "", inner.message, "日志无法读取");
    }
    return pass_time(telling, telling->at, true, telling->failure) ||
           refuse(telling, DESK_UNAVAILABLE, "", "the moment cannot be told", "无法还原这个时刻");
}

static bool begin(struct telling *telling, struct audit *audit, const struct audit_question *question,
                  struct desk_reply *reply) {
    const struct session_options options = {
        .sink = note_output, .sink_context = telling, .observe = observe, .observe_context = telling};
    *reply = (struct desk_reply){.outcome = DESK_OK, .failure.chinese = question->chinese};
    *telling = (struct telling){.audit = audit, .question = question, .reply = reply, .failure = &reply->failure};
    telling->desk.fold = fold_create();
    telling->desk.forces = forces_create();
    telling->desk.places = places_create();
    telling->desk.documents = documents_create();
    telling->desk.session = session_open_part(audit->store, audit->editions, &options, &reply->failure);
    return (telling->desk.fold != NULL && telling->desk.forces != NULL && telling->desk.places != NULL &&
            telling->desk.documents != NULL && telling->desk.session != NULL) ||
           refuse_memory(telling);
}

static void end(struct telling *telling) {
    session_close(telling->desk.session);
    fold_destroy(telling->desk.fold);
    forces_destroy(telling->desk.forces);
    places_destroy(telling->desk.places);
    documents_destroy(telling->desk.documents);
    struct moment *moments = (struct moment *)(void *)telling->moments.bytes;
    for (size_t i = 0; i < telling->moments.length / sizeof *moments; i++) {
        json_decref(moments[i].json); /* what nobody was told of */
    }
    buffer_release(&telling->moments);
    if (telling->reply->outcome == DESK_OK && telling->reply->body == NULL) {
        (void)refuse_memory(telling);
    }
}

/* ---- answers ---------------------------------------------------------------------------------------------- */

/* The page of the incident as it was. */
static json_t *show_page(struct telling *telling, struct engine_incident_view *incident, struct turn *turn) {
    if (!engine_view_incident(turn->engine, turn->request->incident, incident)) {
        (void)refuse(telling, DESK_NOT_FOUND, "at", "the incident had not been opened by then", "当时还没有开这一事件");
        return NULL;
    }
    if (!desk_show_incident(turn)) {
        return NULL;
    }
    json_t *page = telling->reply->body;
    telling->reply->body = NULL;
    return page;
}

static json_t *describe_head(const struct store_head *head) {
    char shown[STORE_HEAD_ROOM];
    store_print_head(head, shown);
    return json_string(shown);
}

void audit_show(struct audit *audit, const struct audit_question *question, struct desk_reply *reply) {
    struct telling telling;
    if (begin(&telling, audit, question, reply) && find_moment(&telling) && tell_all(&telling)) {
        const struct desk_request request = {.action = DESK_SHOW_INCIDENT,
                                             .incident = question->incident,
                                             .at = telling.at,
                                             .chinese = question->chinese};
        struct turn turn = {.desk = &telling.desk,
                            .engine = session_engine(telling.desk.session),
                            .request = &request,
                            .reply = reply,
                            .at = telling.at};
        struct engine_incident_view incident;
        json_t *page = show_page(&telling, &incident, &turn);
        if (page != NULL) {
            json_t *decisions = view_decisions(&turn, &incident, json_object_get(page, "timeline"));
            json_t *documents = papers_list(&turn, &incident);
            if (!json_is_true(json_object_get(question->part, "personal"))) {
                personal_hide_page(incident.plan, page, decisions);
                personal_hide_documents(documents);
            }
            view_set(page, "server_time", view_instant(telling.at));
            reply->body = json_pack("{s:o, s:I, s:o, s:o, s:o, s:o, s:o}", "at", view_instant(telling.at), "sequence",
                                    (json_int_t)telling.head.sequence, "head", describe_head(&telling.head), "late",
                                    view_late(&turn, &incident), "decisions", decisions, "documents", documents,
                                    "incident", page);
        }
    }
    end(&telling);
}

static int compare_moments(const void *left, const void *right) {
    const struct moment *one = left;
    const struct moment *other = right;
    if (one->at != other->at) {
        return one->at < other->at ? -1 : 1;
    }
    return one->place < other->place ? -1 : one->place > other->place;
}

static bool note_event(void *context, const struct store_record *record) {
    struct telling *telling = context;
    struct text actor = fold_field(record->fields, record->count, "actor");
    int64_t at = 0;
    (void)calendar_parse_instant(fold_field(record->fields, record->count, "at"), 0, &at, NULL);
    add_moment(telling, at, record->sequence,
               json_pack("{s:I, s:o, s:o, s:o, s:n}", "sequence", (json_int_t)record->sequence, "at", view_instant(at),
                         "kind", view_text(fold_field(record->fields, record->count, "kind")), "actor",
                         view_text(actor), "item"));
    return false;
}

/* The incident's own events, behind what came due. */
static bool note_events(struct telling *telling) {
    size_t count = 0;
    const int64_t *events = fold_find_events(telling->desk.fold, telling->question->incident, &count);
    for (size_t i = 0; i < count; i++) {
        struct failure inner = {0};
        if (!store_read(telling->audit->store, events[i], false, note_event, telling, &inner)) {
            return refuse(telling, DESK_UNAVAILABLE, "", inner.message, "日志无法读取");
        }
    }
    return !telling->moments.failed || refuse_memory(telling);
}

static json_t *list_moments(struct telling *telling) {
    struct moment *moments = (struct moment *)(void *)telling->moments.bytes;
    size_t count = telling->moments.length / sizeof *moments;
    json_t *list = json_array();
    if (count > 0) {
        qsort(moments, count, sizeof *moments, compare_moments);
    }
    for (size_t i = 0; i < count; i++) {
        view_add(list, moments[i].json);
    }
    telling->moments.length = 0;
    return list;
}

void audit_list_moments(struct audit *audit, const struct audit_question *question, struct desk_reply *reply) {
    struct telling telling;
    if (begin(&telling, audit, question, reply) && find_moment(&telling) && tell_all(&telling) &&
        note_events(&telling)) {
        reply->body = json_pack("{s:o, s:o, s:o}", "now", view_instant(telling.at), "head",
                                describe_head(&telling.head), "moments", list_moments(&telling));
    }
    end(&telling);
}
