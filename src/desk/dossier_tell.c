/* What a record's timeline says: each event that is not withheld, as a paragraph, in the words of the plan's language, and what
 * the plan made of it. */
#include "desk/dossier_part.h"

#include "base/calendar.h"
#include "desk/dossier_plan.h"
#include "desk/dossier_words.h"
#include "desk/fold.h"
#include "paper/paper.h"
#include "run/editions.h"
#include "run/fact_value.h"
#include "run/show.h"

#include <inttypes.h>
#include <string.h>

/* Before each line of a text that somebody has signed: none of them can be taken for an event, or be a heading. */
#define QUOTE "｜"

struct telling {
    const struct dossier *dossier;
    struct editions *editions;
    struct dossier_plan *outcome; /* what the plan made of it */
    dossier_take_line *take;
    void *context;
    const struct plan *plan; /* the incident's, else the last one put in force; NULL before there is one */
    bool chinese;
    struct buffer lines; /* that are not given yet */
    int64_t at;          /* of the last event */
    bool has_failed, has_ended;
};

static const char *say(const struct telling *telling, const char *english, const char *chinese) {
    return telling->chinese ? chinese : english;
}

/* ---- values ----------------------------------------------------------------------------------------------- */

static void write_instant(struct telling *telling, int64_t at) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(at - at % CALENDAR_US_PER_SECOND, telling->plan == NULL ? 0 : telling->plan->zone_minutes,
                           shown);
    buffer_append_string(&telling->lines, shown);
}

/* An instant stands in the log by whatever zone it was entered in. */
static bool write_as_instant(struct telling *telling, const struct store_field *field) {
    int64_t at = 0;
    bool is_instant = (text_equals_string(field->name, "as_of") || text_equals_string(field->name, "called_at") ||
                       text_equals_string(field->name, "began_at")) &&
                      calendar_parse_instant(field->value, 0, &at, NULL);
    if (is_instant) {
        write_instant(telling, at);
    }
    return is_instant;
}

/* A fact's value as documents say it. */
static bool write_as_fact(struct telling *telling, const struct store_record *record, const struct store_field *field) {
    struct failure ignored = {0};
    struct text name = fold_field(record->fields, record->count, "fact");
    uint16_t fact = telling->plan == NULL || !text_equals_string(field->name, "value")
                        ? PLAN_NONE
                        : plan_find_fact(telling->plan, name);
    int64_t low = 0;
    int64_t high = 0;
    if (fact == PLAN_NONE || !fact_value_parse(telling->plan, fact, field->value, &low, &high, &ignored)) {
        return false;
    }
    paper_write_value(telling->plan, fact, low, high, &telling->lines);
    return true;
}

/* Names, each with a line's end. */
static bool write_as_names(struct telling *telling, const struct store_field *field) {
    struct text rest = field->value;
    bool is_first = true;
    if (!text_equals_string(field->name, "addressees")) {
        return false;
    }
    while (rest.length > 0) {
        buffer_append_string(&telling->lines, is_first ? "" : say(telling, ", ", "、"));
        dossier_write_flat(text_take_line(&rest), &telling->lines);
        is_first = false;
    }
    return true;
}

static void write_value(struct telling *telling, const struct store_record *record, const struct store_field *field) {
    if (field->masked) {
        buffer_append_string(&telling->lines, say(telling, "(hidden)", "（已隐去）"));
    } else if (!write_as_instant(telling, field) && !write_as_fact(telling, record, field) &&
               !write_as_names(telling, field) &&
               !dossier_write_value_word(field->name, field->value, telling->chinese, &telling->lines)) {
        dossier_write_flat(field->value, &telling->lines);
    }
}

/* ---- events ----------------------------------------------------------------------------------------------- */

/* What is for machines alone: the script of an exercise, and on what a text rests and was drafted from. */
static bool is_for_machines(struct text kind, struct text name) {
    static const struct {
        const char *kind, *field;
    } skipped[] = {
        {DOSSIER_EXERCISE_KIND, "source"},
        {"desk.submission", "basis"},
        {"desk.submission", "drafted"},
        {"desk.submission", "drafted_title"},
        {"desk.submission", "drafted_addressees"},
        {"desk.document", "seen"},
    };
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        if (text_equals_string(kind, skipped[i].kind) && text_equals_string(name, skipped[i].field)) {
            return true;
        }
    }
    return false;
}

/* Not what stands at the head of the paragraph already, nor what is for machines alone, nor what has lines of its own. */
static bool is_told(struct text kind, struct text name) {
    static const char *const skipped[] = {"kind",     "at",    "key",         "pack",     "file",
                                          "incident", "fonts", "saw_version", "saw_open", "body"};
    for (size_t i = 0; i < sizeof skipped / sizeof skipped[0]; i++) {
        if (text_equals_string(name, skipped[i])) {
            return false;
        }
    }
    return !is_for_machines(kind, name);
}

/* What a document says, line by line as it was signed. */
static void write_body(struct telling *telling, struct text body) {
    while (body.length > 0) {
        struct text line = text_trim(text_take_line(&body));
        if (text_starts_with(line, TEXT(PAPER_HEADING))) {
            line = (struct text){line.bytes + sizeof PAPER_HEADING - 1, line.length - (sizeof PAPER_HEADING - 1)};
        }
        if (line.length > 0) {
            buffer_append_string(&telling->lines, QUOTE);
            dossier_write_flat(line, &telling->lines);
            buffer_append_string(&telling->lines, "\n");
        }
    }
}

static void write_event(struct telling *telling, const struct store_record *record) {
    buffer_print(&telling->lines, "%" PRId64 "  ", record->sequence);
    write_instant(telling, telling->at);
    buffer_append_string(&telling->lines, "  ");
    struct text kind = fold_field(record->fields, record->count, "kind");
    dossier_write_kind(kind, telling->chinese, &telling->lines);
    const char *between = say(telling, ": ", "：");
    for (size_t i = 0; i < record->count; i++) {
        const struct store_field *field = &record->fields[i];
        if (is_told(kind, field->name) && (field->masked || field->value.length > 0)) {
            buffer_append_string(&telling->lines, between);
            dossier_write_field(field->name, telling->chinese, &telling->lines);
            buffer_append_string(&telling->lines, " ");
            write_value(telling, record, field);
            between = say(telling, "; ", "；");
        }
    }
    buffer_append_string(&telling->lines, "\n");
    write_body(telling, fold_field(record->fields, record->count, "body"));
}

/* ---- the whole -------------------------------------------------------------------------------------------- */

/* Gives what has been told so far, line by line. */
static bool give_lines(struct telling *telling) {
    struct text rest = buffer_text(&telling->lines);
    telling->has_failed = telling->has_failed || telling->lines.failed;
    while (rest.length > 0 && !telling->has_failed && !telling->has_ended) {
        const struct dossier_line line = {text_take_line(&rest), telling->at, telling->chinese};
        telling->has_ended = !telling->take(telling->context, &line);
    }
    buffer_clear(&telling->lines);
    return !telling->has_failed && !telling->has_ended;
}

/* The plan's language and zone are those of the timeline. */
static void take_plan(struct telling *telling, const struct store_record *record) {
    struct failure ignored = {0};
    const struct plan *plan = editions_find(telling->editions, fold_field(record->fields, record->count, "file"),
                                            fold_field(record->fields, record->count, "pack"), &ignored);
    struct text wanted = buffer_text(&telling->dossier->plan);
    if (plan != NULL && (telling->plan == NULL || wanted.length == 0 || text_equal(plan->name, wanted))) {
        telling->plan = plan;
        telling->chinese = show_is_chinese(plan);
    }
}

static bool visit_plans(void *context, const struct store_record *record) {
    if (text_equals_string(fold_field(record->fields, record->count, "kind"), "adopt")) {
        take_plan(context, record);
    }
    return true;
}

static bool visit(void *context, const struct store_record *record) {
    struct telling *telling = context;
    if (record->withheld) {
        return true;
    }
    (void)calendar_parse_instant(fold_field(record->fields, record->count, "at"), 0, &telling->at, NULL);
    dossier_plan_pass(telling->outcome, telling->at, &telling->lines);
    write_event(telling, record);
    dossier_plan_take(telling->outcome, record, telling->at, &telling->lines);
    return give_lines(telling);
}

bool dossier_tell(struct store *copy, const struct dossier *dossier, dossier_take_line *take, void *context,
                  struct failure *failure) {
    struct telling telling = {.dossier = dossier, .take = take, .context = context};
    telling.editions = editions_create();
    if (telling.editions == NULL) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    telling.outcome = dossier_plan_open(copy, telling.editions, dossier, failure);
    bool done = telling.outcome != NULL && store_read(copy, 1, false, visit_plans, &telling, failure) &&
                store_read(copy, 1, false, visit, &telling, failure) && !telling.has_ended;
    if (done) {
        dossier_plan_end(telling.outcome, telling.chinese, &telling.lines);
        done = give_lines(&telling);
    }
    if (telling.has_failed) {
        done = failure_say(failure, "memory is exhausted", "内存不足");
    }
    dossier_plan_close(telling.outcome);
    editions_destroy(telling.editions);
    buffer_release(&telling.lines);
    return done;
}
