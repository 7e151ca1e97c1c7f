/* Opens a drill, lets time pass in it, hands its events over. */
#include "run/drill_state.h"

#include "run/event_codec.h"
#include "run/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define ARENA_BYTES_MAX ((size_t)512 << 20)
#define PACK_BYTES_MAX ((size_t)16 << 20)
#define PATH_ROOM 4096U

/* ---- small things ----------------------------------------------------------------------------------------- */

bool drill_grow(struct drill *drill, void **items, uint32_t count, uint32_t *room, size_t size) {
    if (count < *room) {
        return true;
    }
    uint32_t larger = *room == 0 ? 64 : *room * 2;
    void *grown = *room > UINT32_MAX / 4 ? NULL : realloc(*items, larger * size);
    if (grown == NULL) {
        drill->is_broken = true;
        return false;
    }
    *items = grown;
    *room = larger;
    return true;
}

const char *drill_say(const struct drill *drill, const char *english, const char *chinese) {
    return show_is_chinese(drill->plan) ? chinese : english;
}

struct text drill_keep(struct drill *drill, struct text text) {
    char *bytes = arena_copy_text(drill->arena, text.bytes == NULL ? "" : text.bytes, text.length);
    if (bytes == NULL) {
        drill->is_broken = true;
        return (struct text){0};
    }
    return (struct text){bytes, text.length};
}

const struct plan *drill_plan_of(const struct drill *drill, uint32_t incident) {
    struct engine_incident_view view;
    if (incident != 0 && engine_view_incident(drill->engine, incident, &view)) {
        return view.plan;
    }
    return drill->plan;
}

struct text drill_name_of(const struct drill *drill, uint32_t incident) {
    struct engine_incident_view view;
    for (uint32_t i = 0; i < drill->handles.count; i++) {
        if (drill->handles.items[i].incident == incident) {
            return drill->handles.items[i].name;
        }
    }
    return engine_view_incident(drill->engine, incident, &view) ? view.title : (struct text){0};
}

bool drill_is_told(const struct drill *drill, uint32_t incident) {
    struct engine_incident_view view;
    if (drill->stage != NULL && engine_view_incident(drill->engine, incident, &view) &&
        !view.plan->subjects[view.subject].standing) {
        return true; /* beside people: whoever opened it */
    }
    for (uint32_t i = 0; i < drill->handles.count; i++) {
        if (drill->handles.items[i].incident == incident) {
            return true;
        }
    }
    return false;
}

/* ---- events ----------------------------------------------------------------------------------------------- */

static void collect(void *context, const struct engine_output *output) {
    struct drill *drill = context;
    DRILL_PUSH(drill, &drill->outputs, *output);
}

bool drill_digest(struct drill *drill) {
    if (drill->stage == NULL) { /* beside people the desk shows what happens */
        drill_tell_outputs(drill);
    }
    for (uint32_t i = 0; i < drill->outputs.count; i++) {
        const struct engine_output *output = &drill->outputs.items[i];
        if (output->kind == ENGINE_NOTICE) {
            DRILL_PUSH(drill, &drill->notices,
                       (struct drill_notice){output->due_at, output->incident, output->item_kind, output->item,
                                             output->party, output->step});
            drill_people_hear(drill, output);
        }
    }
    drill->outputs.count = 0;
    if (drill->is_broken) {
        return failure_set(drill->failure, "memory is exhausted");
    }
    if (++drill->event_count > DRILL_EVENTS_MAX) {
        return failure_set(drill->failure, "the drill does not come to an end: it has had %u events", DRILL_EVENTS_MAX);
    }
    return true;
}

bool drill_accept(struct drill *drill, const struct engine_event *event, struct failure *failure) {
    bool has_failed = false;
    bool is_taken = drill->stage != NULL ? drill->stage->accept(drill->stage->context, event, &has_failed, failure)
                                         : session_accept(drill->session, event, collect, drill, failure);
    if (!is_taken && (drill->stage != NULL ? has_failed : session_has_failed(drill->session))) {
        /* no verdict on the step: the drill cannot go on */
        *drill->failure = *failure;
        return false;
    }
    return drill_digest(drill) && is_taken;
}

static bool let_time_come(struct drill *drill, int64_t at) {
    const struct engine_event event = event_start(ENGINE_TIME, at, 0);
    drill->now = at;
    if (drill->stage != NULL) {
        return drill->stage->pass(drill->stage->context, at, drill->failure) && drill_digest(drill);
    }
    return drill_accept(drill, &event, drill->failure);
}

/* ---- time ------------------------------------------------------------------------------------------------- */

/* The earliest thing that people will do; of several at one instant the one planned first. */
static uint32_t find_earliest(const struct drill *drill) {
    uint32_t earliest = 0;
    for (uint32_t i = 1; i < drill->pending.count; i++) {
        if (drill->pending.items[i].at < drill->pending.items[earliest].at) {
            earliest = i;
        }
    }
    return earliest;
}

static bool do_pending(struct drill *drill, uint32_t index) {
    struct drill_pending pending = drill->pending.items[index];
    memmove(&drill->pending.items[index], &drill->pending.items[index + 1],
            (drill->pending.count - index - 1) * sizeof pending);
    drill->pending.count--;
    drill->now = pending.at;
    if (pending.line == NULL) {
        return drill_people_act(drill, &pending);
    }
    uint32_t incident = drill->incident;
    drill->incident = pending.line_incident;
    bool good = drill_take_statement(drill, pending.line);
    drill->incident = incident;
    return good;
}

bool drill_pass(struct drill *drill, int64_t until) {
    for (;;) {
        int64_t next = engine_next_instant(drill->engine);
        uint32_t earliest = find_earliest(drill);
        int64_t people = drill->pending.count == 0 ? ENGINE_NEVER : drill->pending.items[earliest].at;
        if (next > until && people > until) {
            break;
        }
        /* What comes due by itself comes before what somebody does at the same instant. */
        if (next <= people ? !let_time_come(drill, next) : !do_pending(drill, earliest)) {
            return false;
        }
    }
    drill->now = until;
    return engine_now(drill->engine) >= until || let_time_come(drill, until);
}

/* ---- the pack --------------------------------------------------------------------------------------------- */

/* Where a pack lies: its path goes from the drill's folder. */
static bool find_path(const struct drill *drill, struct text pack, char out[PATH_ROOM]) {
    const char *slash = strrchr(drill->path, '/');
    bool is_absolute = pack.length > 0 && pack.bytes[0] == '/';
    int folder = slash == NULL || is_absolute ? 0 : (int)(slash - drill->path) + 1;
    int length = snprintf(out, PATH_ROOM, "%.*s%.*s", folder, drill->path, TEXT_PRINT(pack));
    return length > 0 && (uint32_t)length < PATH_ROOM;
}

static bool read_pack(struct drill *drill, const struct drill_cursor *cursor, struct text pack, struct buffer *source,
                      char path[PATH_ROOM]) {
    struct failure inner = {0};
    if (pack.length == 0 || memchr(pack.bytes, '\0', pack.length) != NULL || !find_path(drill, pack, path)) {
        return drill_refuse_last(cursor, "this is no path of a file");
    }
    if (drill->options->pack.length > 0) {
        buffer_append_text(source, drill->options->pack);
        return !source->failed || failure_set(drill->failure, "memory is exhausted");
    }
    return buffer_read_file(source, path, PACK_BYTES_MAX, &inner) ||
           drill_refuse_last(cursor, "%.200s: %s", path, inner.message);
}

bool drill_adopt(struct drill *drill, struct drill_cursor *cursor, struct text pack, struct text version) {
    struct buffer source = {0};
    char path[PATH_ROOM];
    const struct plan *plan = NULL;
    bool good = read_pack(drill, cursor, pack, &source, path) &&
                (drill->stage != NULL ? drill->stage->adopt(drill->stage->context, drill->now, drill->title,
                                                            text_of(path), buffer_text(&source), &plan, drill->failure)
                                      : session_adopt(drill->session, drill->now, drill->title, text_of(path),
                                                      buffer_text(&source), collect, drill, &plan, drill->failure));
    buffer_release(&source);
    if (!good) {
        return false;
    }
    if (drill->plan == NULL) {
        drill->plan = plan;
    }
    if (version.length > 0 && !text_equal(plan->version, version)) {
        return drill_refuse_last(cursor, "the pack %s has version \"%.*s\", the drill is written for \"%.*s\"", path,
                                 TEXT_PRINT(text_cut(plan->version, 60)), TEXT_PRINT(text_cut(version, 60)));
    }
    return drill_digest(drill);
}

/* ---- the header ------------------------------------------------------------------------------------------- */

static bool read_seed(struct drill *drill, struct drill_cursor *cursor) {
    struct text number = {0};
    int64_t seed = 0;
    struct failure inner = {0};
    if (!drill_need_name(cursor, &number, "a number")) {
        return false;
    }
    if (!quantity_parse(number, QUANTITY_COUNT, &seed, &inner)) {
        return drill_refuse_last(cursor, "%s", inner.message);
    }
    drill->seed = (uint64_t)seed;
    return true;
}

static bool read_header_part(struct drill *drill, struct drill_cursor *cursor, enum drill_keyword keyword,
                             struct drill_header *header) {
    switch (keyword) {
    case DRILL_TITLE:
        header->has_title = true;
        return drill_need_text(cursor, &drill->title, "the drill's title");
    case DRILL_PACK:
        if (!drill_need_text(cursor, &header->pack, "the pack's file")) {
            return false;
        }
        header->pack_line = cursor->line;
        header->pack_at = cursor->at;
        return true;
    case DRILL_VERSION:
        return drill_need_text(cursor, &header->version, "the pack's version");
    case DRILL_SEED:
        return read_seed(drill, cursor);
    case DRILL_START:
        header->start_line = cursor->line;
        header->start_at = cursor->at;
        /* The zone is the plan's, which is not read yet: the instant is read later. */
        while (drill_peek(cursor) != NULL && drill_peek(cursor)->kind == DRILL_WORD) {
            uint32_t taken = 0;
            if (drill_find_keyword(cursor, &taken) != DRILL_NO_KEYWORD) {
                break;
            }
            cursor->at++;
        }
        return cursor->at > header->start_at || drill_refuse(cursor, "an instant was expected here");
    default:
        break;
    }
    return false;
}

static bool is_header_word(enum drill_keyword keyword) {
    return keyword >= DRILL_TITLE && keyword <= DRILL_START;
}

/* Reads the header's lines; *next is the first statement behind them. */
static bool read_header(struct drill *drill, struct drill_header *header, uint32_t *next) {
    for (*next = 0; *next < drill->lines.count; (*next)++) {
        struct drill_cursor cursor = {&drill->lines.items[*next], 0, drill->path, drill->failure};
        uint32_t taken = 0;
        if (!is_header_word(drill_find_keyword(&cursor, &taken))) {
            break;
        }
        while (drill_peek(&cursor) != NULL) {
            enum drill_keyword keyword = drill_find_keyword(&cursor, &taken);
            if (!is_header_word(keyword)) {
                return drill_need_end(&cursor);
            }
            cursor.at += taken;
            if (!read_header_part(drill, &cursor, keyword, header)) {
                return false;
            }
        }
    }
    struct drill_cursor first = {&drill->lines.items[0], 0, drill->path, drill->failure};
    const char *missing = !header->has_title            ? "drill \"TITLE\""
                          : header->pack_line == NULL   ? "pack \"FILE\""
                          : header->version.length == 0 ? "version \"VERSION\""
                          : header->start_line == NULL  ? "start INSTANT"
                                                        : NULL;
    return missing == NULL || drill_refuse(&first, "the drill does not say: %s", missing);
}

/* The zone in which the drill's instants are read: that of the pack, which is compiled once only for it. */
static bool find_zone(struct drill *drill, const struct drill_header *header) {
    struct drill_cursor cursor = {header->pack_line, header->pack_at, drill->path, drill->failure};
    struct buffer source = {0};
    char path[PATH_ROOM];
    struct plan_messages messages = {0};
    if (!read_pack(drill, &cursor, header->pack, &source, path)) {
        buffer_release(&source);
        return false;
    }
    struct plan *plan = plan_compile(text_of(path), buffer_text(&source), &messages);
    if (plan != NULL) {
        drill->clock.zone_minutes = plan->zone_minutes;
        drill->plan_name = drill_keep(drill, plan->name);
    } else if (messages.count > 0) {
        (void)failure_set_place(drill->failure, path, messages.items[0].line, messages.items[0].column, "%.*s",
                                TEXT_PRINT(messages.items[0].text));
    } else {
        (void)failure_set(drill->failure, "the pack %s cannot be compiled: memory is exhausted", path);
    }
    bool good = plan != NULL;
    plan_destroy(plan);
    plan_messages_release(&messages);
    buffer_release(&source);
    return good;
}

static bool open_session(struct drill *drill) {
    const struct session_options options = {.directory = drill->options->directory,
                                            .create = drill->options->directory != NULL};
    drill->session = session_open(&options, drill->failure);
    if (drill->session == NULL) {
        return false;
    }
    drill->engine = session_engine(drill->session);
    return session_event_count(drill->session) == 0 ||
           failure_set(drill->failure, "%s holds a log with events; a drill begins a log of its own",
                       drill->options->directory);
}

bool drill_read_opening(struct drill *drill, struct text source, struct drill_header *header, uint32_t *next) {
    if (!drill_lines_read(drill->arena, drill->path, source, &drill->lines, drill->failure) ||
        !read_header(drill, header, next) || !find_zone(drill, header)) {
        return false;
    }
    struct drill_cursor cursor = {header->start_line, header->start_at, drill->path, drill->failure};
    const struct drill_clock nowhere = {0, drill->clock.zone_minutes};
    if (!drill_take_instant(&cursor, &nowhere, &drill->clock.start)) {
        return false;
    }
    if (drill->clock.start < 366 * CALENDAR_US_PER_DAY) {
        return drill_refuse_last(&cursor, "the start needs its date, such as 2022-08-20 14:00");
    }
    drill->now = drill->clock.start;
    return true;
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

static bool play(struct drill *drill, struct text source) {
    uint32_t next = 0;
    struct drill_header header = {0};
    if (!drill_read_opening(drill, source, &header, &next)) {
        return false;
    }
    struct drill_cursor pack = {header.pack_line, header.pack_at, drill->path, drill->failure};
    if (!open_session(drill) || !drill_adopt(drill, &pack, header.pack, header.version)) {
        return false;
    }
    for (; next < drill->lines.count; next++) {
        if (!drill_take_statement(drill, &drill->lines.items[next]) || !drill_pass(drill, drill->now)) {
            return false;
        }
        if (drill->is_broken) {
            return failure_set(drill->failure, "memory is exhausted");
        }
    }
    drill_tell_result(drill);
    return !drill->is_broken || failure_set(drill->failure, "memory is exhausted");
}

void drill_release(struct drill *drill) {
    session_close(drill->session);
    json_decref(drill->timeline);
    free(drill->handles.items);
    free(drill->habits.items);
    free(drill->exemptions.items);
    free(drill->pending.items);
    free(drill->notices.items);
    free(drill->outputs.items);
    free(drill->entries.items);
    free(drill->judgements.items);
    arena_destroy(drill->arena);
}

bool drill_play(const char *path, struct text source, const struct drill_options *options, struct drill_result *result,
                struct failure *failure) {
    struct drill drill = {.path = path, .options = options, .result = result, .failure = failure};
    drill.arena = arena_create(ARENA_BYTES_MAX);
    drill.timeline = json_array();
    bool good = drill.arena != NULL && drill.timeline != NULL ? play(&drill, source)
                                                              : failure_set(failure, "memory is exhausted");
    drill_release(&drill);
    return good;
}

void drill_result_release(struct drill_result *result) {
    buffer_release(&result->text);
    json_decref(result->json);
    *result = (struct drill_result){0};
}
