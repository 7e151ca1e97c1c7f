#include "run/event_codec.h"

#include "run/fact_value.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PLANS_MAX 256U /* plans that one log may put in force */
#define SHOWN_LENGTH 60U

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* ---- fields ----------------------------------------------------------------------------------------------- */

/* In the order in which they are written. */
enum field {
    FIELD_KIND,
    FIELD_AT,
    FIELD_AS_OF,
    FIELD_INCIDENT,
    FIELD_SOURCE,
    FIELD_BY,
    FIELD_PLAN,
    FIELD_VERSION,
    FIELD_FILE,
    FIELD_PACK,
    FIELD_SUBJECT,
    FIELD_TITLE,
    FIELD_FACT,
    FIELD_BASIS,
    FIELD_DAY,
    FIELD_CLAIM,
    FIELD_VALUE,
    FIELD_ROLE,
    FIELD_UNIT,
    FIELD_SCALE,
    FIELD_LEVEL,
    FIELD_ITEM,
    FIELD_NUMBER,
    FIELD_OTHER,
    FIELD_REASON,
    FIELD_SAW_VERSION,
    FIELD_SAW_ORDER,
    FIELD_SAW_LEVEL,
    FIELD_SAW_MAY,
    FIELD_SAW_BECAUSE,
    FIELD_SAW_OPEN,
    FIELD_ACTOR,
    FIELD_KEY,
    FIELD_CALL,
    FIELD_SPOKEN_BY,
    FIELD_SPOKEN_FROM,
    FIELD_DELEGATED_BY,
    FIELD_DELEGATION,
    FIELD_ATTACHMENTS,
    FIELD_COUNT
};

static const struct text field_names[FIELD_COUNT] = {
    [FIELD_KIND] = TEXT_INITIAL("kind"),
    [FIELD_AT] = TEXT_INITIAL("at"),
    [FIELD_AS_OF] = TEXT_INITIAL("as_of"),
    [FIELD_INCIDENT] = TEXT_INITIAL("incident"),
    [FIELD_SOURCE] = TEXT_INITIAL("source"),
    [FIELD_BY] = TEXT_INITIAL("by"),
    [FIELD_PLAN] = TEXT_INITIAL("plan"),
    [FIELD_VERSION] = TEXT_INITIAL("version"),
    [FIELD_FILE] = TEXT_INITIAL("file"),
    [FIELD_PACK] = TEXT_INITIAL("pack"),
    [FIELD_SUBJECT] = TEXT_INITIAL("subject"),
    [FIELD_TITLE] = TEXT_INITIAL("title"),
    [FIELD_FACT] = TEXT_INITIAL("fact"),
    [FIELD_BASIS] = TEXT_INITIAL("basis"),
    [FIELD_DAY] = TEXT_INITIAL("day"),
    [FIELD_CLAIM] = TEXT_INITIAL("claim"),
    [FIELD_VALUE] = TEXT_INITIAL("value"),
    [FIELD_ROLE] = TEXT_INITIAL("role"),
    [FIELD_UNIT] = TEXT_INITIAL("unit"),
    [FIELD_SCALE] = TEXT_INITIAL("scale"),
    [FIELD_LEVEL] = TEXT_INITIAL("level"),
    [FIELD_ITEM] = TEXT_INITIAL("item"),
    [FIELD_NUMBER] = TEXT_INITIAL("number"),
    [FIELD_OTHER] = TEXT_INITIAL("other"),
    [FIELD_REASON] = TEXT_INITIAL("reason"),
    [FIELD_SAW_VERSION] = TEXT_INITIAL("saw_version"),
    [FIELD_SAW_ORDER] = TEXT_INITIAL("saw_order"),
    [FIELD_SAW_LEVEL] = TEXT_INITIAL("saw_level"),
    [FIELD_SAW_MAY] = TEXT_INITIAL("saw_may"),
    [FIELD_SAW_BECAUSE] = TEXT_INITIAL("saw_because"),
    [FIELD_SAW_OPEN] = TEXT_INITIAL("saw_open"),
    [FIELD_ACTOR] = TEXT_INITIAL("actor"),
    [FIELD_KEY] = TEXT_INITIAL("key"),
    [FIELD_CALL] = TEXT_INITIAL("call"),
    [FIELD_SPOKEN_BY] = TEXT_INITIAL("spoken_by"),
    [FIELD_SPOKEN_FROM] = TEXT_INITIAL("spoken_from"),
    [FIELD_DELEGATED_BY] = TEXT_INITIAL("delegated_by"),
    [FIELD_DELEGATION] = TEXT_INITIAL("delegation"),
    [FIELD_ATTACHMENTS] = TEXT_INITIAL("attachments"),
};

#define BIT(field) (UINT64_C(1) << (field))
#define BITS_WHO (BIT(FIELD_SOURCE) | BIT(FIELD_BY))
#define BITS_SAW                                                                                                       \
    (BIT(FIELD_SAW_VERSION) | BIT(FIELD_SAW_ORDER) | BIT(FIELD_SAW_LEVEL) | BIT(FIELD_SAW_MAY) |                       \
     BIT(FIELD_SAW_BECAUSE) | BIT(FIELD_SAW_OPEN))

/* How it came in may stand in an event of any kind. */
#define BITS_ENTRY                                                                                                     \
    (BIT(FIELD_ACTOR) | BIT(FIELD_KEY) | BIT(FIELD_CALL) | BIT(FIELD_SPOKEN_BY) | BIT(FIELD_SPOKEN_FROM) |             \
     BIT(FIELD_DELEGATED_BY) | BIT(FIELD_DELEGATION) | BIT(FIELD_ATTACHMENTS))

/* What each kind of event says. `at` and `kind` are always there; as_of and the entry may always be. */
struct kind_rule {
    struct text name;
    bool is_dated; /* as_of is `at` where nothing else is said; else it is 0 */
    uint64_t needed;
    uint64_t allowed; /* besides */
};

static const struct kind_rule kind_rules[ENGINE_EVENT_KINDS] = {
    [ENGINE_TIME] = {TEXT_INITIAL("time"), false, 0, 0},
    [ENGINE_ADOPT] = {TEXT_INITIAL("adopt"), false,
                      BIT(FIELD_PLAN) | BIT(FIELD_VERSION) | BIT(FIELD_FILE) | BIT(FIELD_PACK),
                      BIT(FIELD_SOURCE) | BIT(FIELD_REASON)},
    [ENGINE_OPEN] = {TEXT_INITIAL("open"), true, BIT(FIELD_PLAN) | BIT(FIELD_SUBJECT),
                     BITS_WHO | BIT(FIELD_INCIDENT) | BIT(FIELD_TITLE) | BIT(FIELD_REASON)},
    [ENGINE_REPORT] = {TEXT_INITIAL("report"), true, BIT(FIELD_INCIDENT) | BIT(FIELD_FACT) | BIT(FIELD_VALUE),
                       BITS_WHO | BIT(FIELD_BASIS) | BIT(FIELD_DAY) | BIT(FIELD_REASON)},
    [ENGINE_CORRECT] = {TEXT_INITIAL("correct"), false,
                        BIT(FIELD_INCIDENT) | BIT(FIELD_FACT) | BIT(FIELD_CLAIM) | BIT(FIELD_VALUE),
                        BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_WITHDRAW] = {TEXT_INITIAL("withdraw"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_CLAIM),
                         BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_BIND] = {TEXT_INITIAL("bind"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_ROLE) | BIT(FIELD_UNIT),
                     BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_UNBIND] = {TEXT_INITIAL("unbind"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_ROLE) | BIT(FIELD_UNIT),
                       BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_ORDER] = {TEXT_INITIAL("order"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_SCALE),
                      BITS_WHO | BIT(FIELD_LEVEL) | BIT(FIELD_REASON) | BITS_SAW},
    [ENGINE_REFUSE] = {TEXT_INITIAL("refuse"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_SCALE),
                       BITS_WHO | BIT(FIELD_REASON) | BITS_SAW},
    [ENGINE_NOTIFY] = {TEXT_INITIAL("notify"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_ITEM) | BIT(FIELD_NUMBER),
                       BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_ACKNOWLEDGE] = {TEXT_INITIAL("acknowledge"), false,
                            BIT(FIELD_INCIDENT) | BIT(FIELD_ITEM) | BIT(FIELD_NUMBER), BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_DONE] = {TEXT_INITIAL("done"), true, BIT(FIELD_INCIDENT) | BIT(FIELD_NUMBER), BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_DECLINE] = {TEXT_INITIAL("decline"), true, BIT(FIELD_INCIDENT) | BIT(FIELD_NUMBER),
                        BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_BREACH] = {TEXT_INITIAL("breach"), true, BIT(FIELD_INCIDENT) | BIT(FIELD_NUMBER),
                       BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_MERGE] = {TEXT_INITIAL("merge"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_OTHER),
                      BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_SPLIT] = {TEXT_INITIAL("split"), false, BIT(FIELD_INCIDENT), BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_MOVE] = {TEXT_INITIAL("move"), false, BIT(FIELD_INCIDENT), BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_CLOSE] = {TEXT_INITIAL("close"), false, BIT(FIELD_INCIDENT), BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_REOPEN] = {TEXT_INITIAL("reopen"), false, BIT(FIELD_INCIDENT), BITS_WHO | BIT(FIELD_REASON)},
    [ENGINE_RECONSIDER] = {TEXT_INITIAL("reconsider"), false, BIT(FIELD_INCIDENT) | BIT(FIELD_SCALE),
                           BITS_WHO | BIT(FIELD_REASON)},
};

static const struct text basis_names[] = {
    [ENGINE_UNQUALIFIED] = TEXT_INITIAL(""),
    [ENGINE_OBSERVED] = TEXT_INITIAL("observed"),
    [ENGINE_PREDICTED] = TEXT_INITIAL("predicted"),
};

static const struct text item_names[] = {
    [ENGINE_ITEM_DUTY] = TEXT_INITIAL("duty"),
    [ENGINE_ITEM_PROPOSAL] = TEXT_INITIAL("proposal"),
    [ENGINE_ITEM_FINDING] = TEXT_INITIAL("finding"),
};

struct text event_kind_name(enum engine_event_kind kind) {
    return kind_rules[kind].name;
}

static bool kind_has_party(enum engine_event_kind kind) {
    return (kind_rules[kind].allowed & BIT(FIELD_BY)) != 0;
}

struct engine_event event_start(enum engine_event_kind kind, int64_t at, uint32_t incident) {
    struct engine_event event = {.kind = kind, .at = at, .incident = incident};
    event.as_of = kind_rules[kind].is_dated ? at : 0;
    event.by = kind_has_party(kind) ? PLAN_NONE : 0;
    return event;
}

/* ---- writing ---------------------------------------------------------------------------------------------- */

void event_fields_release(struct event_fields *fields) {
    buffer_release(&fields->written);
    *fields = (struct event_fields){0};
}

/* What is being written. Values that stand in `written` are kept as offsets until it no longer grows. */
struct encoder {
    const struct engine *engine;
    const struct engine_event *event;
    const struct plan *plan;
    struct event_fields *fields;
    size_t offsets[EVENT_FIELDS_MAX]; /* SIZE_MAX: the value stands elsewhere */
    struct failure *failure;
};

static void add_text(struct encoder *encoder, enum field field, struct text value) {
    struct event_fields *fields = encoder->fields;
    if (fields->count < EVENT_FIELDS_MAX) {
        encoder->offsets[fields->count] = SIZE_MAX;
        fields->items[fields->count++] = (struct store_field){.name = field_names[field], .value = value};
    }
}

static void add_optional(struct encoder *encoder, enum field field, struct text value) {
    if (value.length > 0) {
        add_text(encoder, field, value);
    }
}

/* Begins a value that is written into the buffer; its length is settled at the end. */
static struct buffer *begin_written(struct encoder *encoder, enum field field) {
    struct event_fields *fields = encoder->fields;
    add_text(encoder, field, (struct text){0});
    encoder->offsets[fields->count - 1] = fields->written.length;
    return &fields->written;
}

static void end_written(struct encoder *encoder) {
    struct event_fields *fields = encoder->fields;
    fields->items[fields->count - 1].value.length = fields->written.length - encoder->offsets[fields->count - 1];
}

static void add_number(struct encoder *encoder, enum field field, uint64_t value) {
    buffer_print(begin_written(encoder, field), "%" PRIu64, value);
    end_written(encoder);
}

/* "2022-08-20T06:05:09Z", with six digits of fraction where there is one. */
static bool add_instant(struct encoder *encoder, enum field field, int64_t instant) {
    char shown[CALENDAR_INSTANT_ROOM];
    calendar_print_instant(instant, 0, shown);
    size_t length = strlen(shown);
    static const char zone[] = "+00:00";
    if (length < sizeof zone || strcmp(shown + length - (sizeof zone - 1), zone) != 0) {
        char name[32];
        (void)snprintf(name, sizeof name, "%.*s", TEXT_PRINT(field_names[field]));
        return failure_say_field(encoder->failure, name, "the instant lies beyond the calendar (years 1 to 9999)",
                                 "时间超出日历范围（公元 1 至 9999 年）");
    }
    buffer_print(begin_written(encoder, field), "%.*sZ", (int)(length - (sizeof zone - 1)), shown);
    end_written(encoder);
    return true;
}

static bool refuse_encoding(struct encoder *encoder, enum field field, const char *english, const char *chinese) {
    char name[32];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_PRINT(field_names[field]));
    bool is_chinese = encoder->failure != NULL && encoder->failure->chinese;
    return failure_say_field(encoder->failure, name, "%s", "%s", is_chinese ? chinese : english);
}

static bool add_party(struct encoder *encoder, enum field field, uint16_t party) {
    if (party >= encoder->plan->party_count) {
        return refuse_encoding(encoder, field, "the plan has no such party", "预案中没有这个单位或角色");
    }
    add_text(encoder, field, encoder->plan->parties[party].name);
    return true;
}

static bool find_plan(struct encoder *encoder) {
    const struct engine_event *event = encoder->event;
    if (event->kind == ENGINE_TIME) {
        return true;
    }
    if (event->kind == ENGINE_ADOPT || event->kind == ENGINE_OPEN) {
        encoder->plan = event->plan;
        return event->plan != NULL || refuse_encoding(encoder, FIELD_PLAN, "no plan is given", "须指明预案");
    }
    encoder->plan = engine_plan_of(encoder->engine, event->incident);
    return encoder->plan != NULL ||
           refuse_encoding(encoder, FIELD_INCIDENT, "there is no such incident", "没有这一事件");
}

static bool encode_common(struct encoder *encoder) {
    const struct engine_event *event = encoder->event;
    add_text(encoder, FIELD_KIND, kind_rules[event->kind].name);
    if (!add_instant(encoder, FIELD_AT, event->at)) {
        return false;
    }
    int64_t usual = kind_rules[event->kind].is_dated ? event->at : 0;
    if (event->as_of != usual && !add_instant(encoder, FIELD_AS_OF, event->as_of)) {
        return false;
    }
    if (event->incident != 0) {
        add_number(encoder, FIELD_INCIDENT, event->incident);
    }
    add_optional(encoder, FIELD_SOURCE, event->source);
    if (kind_has_party(event->kind) && event->by != PLAN_NONE) {
        return add_party(encoder, FIELD_BY, event->by);
    }
    return true;
}

static bool encode_adopt(struct encoder *encoder, const struct event_extra *extra) {
    if (extra == NULL || extra->pack.source.length == 0) {
        return refuse_encoding(encoder, FIELD_PACK, "the pack's text is missing", "缺少预案文本");
    }
    add_text(encoder, FIELD_PLAN, encoder->plan->name);
    add_text(encoder, FIELD_VERSION, encoder->plan->version);
    add_text(encoder, FIELD_FILE, extra->pack.file);
    add_text(encoder, FIELD_PACK, extra->pack.source);
    return true;
}

static bool encode_open(struct encoder *encoder) {
    const struct engine_event *event = encoder->event;
    if (event->subject >= encoder->plan->subject_count) {
        return refuse_encoding(encoder, FIELD_SUBJECT, "the plan has no such subject", "预案中没有这类事件");
    }
    add_text(encoder, FIELD_PLAN, encoder->plan->name);
    add_text(encoder, FIELD_SUBJECT, encoder->plan->subjects[event->subject].name);
    add_optional(encoder, FIELD_TITLE, event->title);
    return true;
}

static void add_value(struct encoder *encoder, uint16_t fact) {
    struct buffer *out = begin_written(encoder, FIELD_VALUE);
    fact_value_write(encoder->plan, fact, encoder->event->low, encoder->event->high, out);
    end_written(encoder);
}

static bool encode_report(struct encoder *encoder) {
    const struct engine_event *event = encoder->event;
    if (event->fact >= encoder->plan->fact_count) {
        return refuse_encoding(encoder, FIELD_FACT, "the plan has no such fact", "预案中没有这项事实");
    }
    const struct plan_fact *fact = &encoder->plan->facts[event->fact];
    add_text(encoder, FIELD_FACT, fact->name);
    add_optional(encoder, FIELD_BASIS, basis_names[event->basis]);
    if (fact->type == PLAN_SERIES) {
        char shown[CALENDAR_DATE_ROOM];
        calendar_print_date(event->day, shown);
        buffer_append_string(begin_written(encoder, FIELD_DAY), shown);
        end_written(encoder);
    }
    add_value(encoder, event->fact);
    return true;
}

static bool encode_correct(struct encoder *encoder) {
    const struct engine_event *event = encoder->event;
    struct engine_claim_view claim;
    if (!engine_view_claim(encoder->engine, event->incident, event->claim, &claim)) {
        return refuse_encoding(encoder, FIELD_CLAIM, "the incident has no such claim", "这一事件没有这条说法");
    }
    add_text(encoder, FIELD_FACT, encoder->plan->facts[claim.fact].name);
    add_number(encoder, FIELD_CLAIM, event->claim);
    add_value(encoder, claim.fact);
    return true;
}

static void encode_seen(struct encoder *encoder, const struct event_extra *extra) {
    if (extra != NULL && extra->seen.given) {
        add_text(encoder, FIELD_SAW_VERSION, extra->seen.version);
        add_optional(encoder, FIELD_SAW_ORDER, extra->seen.order);
        add_optional(encoder, FIELD_SAW_LEVEL, extra->seen.level);
        add_optional(encoder, FIELD_SAW_MAY, extra->seen.may);
        add_optional(encoder, FIELD_SAW_BECAUSE, extra->seen.because);
        add_optional(encoder, FIELD_SAW_OPEN, extra->seen.open);
    }
}

static void encode_entry(struct encoder *encoder, const struct event_extra *extra) {
    if (extra != NULL) {
        add_optional(encoder, FIELD_ACTOR, extra->entry.actor);
        add_optional(encoder, FIELD_KEY, extra->entry.key);
        add_optional(encoder, FIELD_CALL, extra->entry.call);
        add_optional(encoder, FIELD_SPOKEN_BY, extra->entry.spoken_by);
        add_optional(encoder, FIELD_SPOKEN_FROM, extra->entry.spoken_from);
        add_optional(encoder, FIELD_DELEGATED_BY, extra->entry.delegated_by);
        add_optional(encoder, FIELD_DELEGATION, extra->entry.delegation);
        add_optional(encoder, FIELD_ATTACHMENTS, extra->entry.attachments);
    }
}

static bool encode_scale(struct encoder *encoder) {
    const struct engine_event *event = encoder->event;
    if (event->scale >= encoder->plan->scale_count) {
        return refuse_encoding(encoder, FIELD_SCALE, "the plan has no such scale", "预案中没有这个等级");
    }
    const struct plan_scale *scale = &encoder->plan->scales[event->scale];
    add_text(encoder, FIELD_SCALE, scale->name);
    if (event->kind == ENGINE_ORDER && event->level != 0) {
        if (event->level > scale->level_count) {
            return refuse_encoding(encoder, FIELD_LEVEL, "the scale has no such level", "没有这个级别");
        }
        add_text(encoder, FIELD_LEVEL, scale->levels[event->level]);
    }
    return true;
}

static bool encode_specific(struct encoder *encoder, const struct event_extra *extra) {
    const struct engine_event *event = encoder->event;
    switch (event->kind) {
    case ENGINE_ADOPT:
        return encode_adopt(encoder, extra);
    case ENGINE_OPEN:
        return encode_open(encoder);
    case ENGINE_REPORT:
        return encode_report(encoder);
    case ENGINE_CORRECT:
        return encode_correct(encoder);
    case ENGINE_WITHDRAW:
        add_number(encoder, FIELD_CLAIM, event->claim);
        return true;
    case ENGINE_BIND:
    case ENGINE_UNBIND:
        return add_party(encoder, FIELD_ROLE, event->role) && add_party(encoder, FIELD_UNIT, event->unit);
    case ENGINE_ORDER:
    case ENGINE_REFUSE:
    case ENGINE_RECONSIDER:
        return encode_scale(encoder);
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
        add_text(encoder, FIELD_ITEM, item_names[event->item_kind]);
        add_number(encoder, FIELD_NUMBER, event->item);
        return true;
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_BREACH:
        add_number(encoder, FIELD_NUMBER, event->item);
        return true;
    case ENGINE_MERGE:
        add_number(encoder, FIELD_OTHER, event->other);
        return true;
    case ENGINE_TIME:
    case ENGINE_SPLIT:
    case ENGINE_MOVE:
    case ENGINE_CLOSE:
    case ENGINE_REOPEN:
    case ENGINE_EVENT_KINDS:
        break;
    }
    return true;
}

bool event_encode(const struct engine *engine, const struct engine_event *event, const struct event_extra *extra,
                  struct event_fields *fields, struct failure *failure) {
    struct encoder encoder = {.engine = engine, .event = event, .fields = fields, .failure = failure};
    fields->count = 0;
    buffer_clear(&fields->written);
    if (!find_plan(&encoder) || !encode_common(&encoder) || !encode_specific(&encoder, extra)) {
        return false;
    }
    add_optional(&encoder, FIELD_REASON, event->reason);
    encode_seen(&encoder, extra);
    encode_entry(&encoder, extra);
    if (fields->written.failed) {
        return failure_say(failure, "memory is exhausted", "内存不足");
    }
    for (size_t i = 0; i < fields->count; i++) {
        if (encoder.offsets[i] != SIZE_MAX) {
            fields->items[i].value.bytes = fields->written.bytes + encoder.offsets[i];
        }
    }
    return true;
}

/* ---- names ------------------------------------------------------------------------------------------------ */

enum name_kind { NAME_PARTY, NAME_FACT, NAME_SCALE, NAME_SUBJECT };

struct name_slot {
    uint64_t hash;
    struct text name;
    uint16_t index;
    uint8_t kind;
};

/* All names of one plan by hash; open addressing. */
struct name_table {
    const struct plan *plan;
    struct name_slot *slots;
    size_t mask; /* number of slots - 1 */
};

struct event_codec {
    struct name_table tables[PLANS_MAX];
    size_t table_count;
    size_t last; /* the table used last */
    char day_text[10];
    int32_t day; /* of day_text; the log's days change rarely */

    bool is_ahead;
    const struct plan **plans; /* reading ahead: by incident number - 1 */
    uint32_t plan_count, plan_room;
};

struct event_codec *event_codec_create(void) {
    return calloc(1, sizeof(struct event_codec));
}

void event_codec_destroy(struct event_codec *codec) {
    if (codec == NULL) {
        return;
    }
    for (size_t i = 0; i < codec->table_count; i++) {
        free(codec->tables[i].slots);
    }
    event_codec_read_along(codec);
    free(codec);
}

/* ---- reading ahead ---------------------------------------------------------------------------------------- */

bool event_codec_open_ahead(struct event_codec *codec, const struct plan *plan) {
    if (codec->plan_count == codec->plan_room) {
        uint32_t room = codec->plan_room == 0 ? 256 : codec->plan_room * 2;
        const struct plan **plans = realloc(codec->plans, room * sizeof(const struct plan *));
        if (plans == NULL) {
            return false;
        }
        codec->plans = plans;
        codec->plan_room = room;
    }
    codec->plans[codec->plan_count++] = plan;
    return true;
}

bool event_codec_read_ahead(struct event_codec *codec, const struct engine *engine) {
    codec->is_ahead = true;
    codec->plan_count = 0;
    for (uint32_t incident = 1; incident < engine_next_incident(engine); incident++) {
        if (!event_codec_open_ahead(codec, engine_plan_of(engine, incident))) {
            return false;
        }
    }
    return true;
}

void event_codec_read_along(struct event_codec *codec) {
    free(codec->plans);
    codec->plans = NULL;
    codec->plan_count = 0;
    codec->plan_room = 0;
    codec->is_ahead = false;
}

static const struct plan *find_plan_of(const struct event_codec *codec, const struct engine *engine,
                                       uint32_t incident) {
    if (!codec->is_ahead) {
        return engine_plan_of(engine, incident);
    }
    return incident == 0 || incident > codec->plan_count ? NULL : codec->plans[incident - 1];
}

void event_codec_move_ahead(struct event_codec *codec, const struct engine *engine, uint32_t incident) {
    const struct plan *from = find_plan_of(codec, engine, incident);
    if (from != NULL) {
        codec->plans[incident - 1] = engine_plan_in_force(engine, from->name);
    }
}

uint32_t event_codec_next_incident(const struct event_codec *codec, const struct engine *engine) {
    return codec->is_ahead ? codec->plan_count + 1 : engine_next_incident(engine);
}

/* ---- tables of names -------------------------------------------------------------------------------------- */

static uint64_t hash_name(enum name_kind kind, struct text name) {
    return text_hash(name) + (uint64_t)kind * UINT64_C(0x9E3779B97F4A7C15);
}

static void table_add(struct name_table *table, enum name_kind kind, struct text name, uint32_t index) {
    uint64_t hash = hash_name(kind, name);
    size_t at = (size_t)hash & table->mask;
    while (table->slots[at].name.bytes != NULL) {
        at = (at + 1) & table->mask;
    }
    table->slots[at] = (struct name_slot){hash, name, (uint16_t)index, (uint8_t)kind};
}

static uint16_t table_find(const struct name_table *table, enum name_kind kind, struct text name) {
    uint64_t hash = hash_name(kind, name);
    size_t at = (size_t)hash & table->mask;
    for (; table->slots[at].name.bytes != NULL; at = (at + 1) & table->mask) {
        const struct name_slot *slot = &table->slots[at];
        if (slot->hash == hash && slot->kind == (uint8_t)kind && text_equal(slot->name, name)) {
            return slot->index;
        }
    }
    return PLAN_NONE;
}

static size_t count_names(const struct plan *plan) {
    size_t count = (size_t)plan->fact_count + plan->scale_count + plan->subject_count + plan->party_count;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        count += plan->parties[i].alias_count;
    }
    return count;
}

static bool table_build(struct name_table *table, const struct plan *plan) {
    size_t size = 16;
    while (size < 2 * count_names(plan)) {
        size *= 2;
    }
    table->slots = calloc(size, sizeof *table->slots);
    if (table->slots == NULL) {
        return false;
    }
    table->plan = plan;
    table->mask = size - 1;
    for (uint32_t i = 0; i < plan->party_count; i++) {
        table_add(table, NAME_PARTY, plan->parties[i].name, i);
        for (uint16_t k = 0; k < plan->parties[i].alias_count; k++) {
            table_add(table, NAME_PARTY, plan->parties[i].aliases[k], i);
        }
    }
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        table_add(table, NAME_FACT, plan->facts[i].name, i);
    }
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        table_add(table, NAME_SCALE, plan->scales[i].name, i);
    }
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        table_add(table, NAME_SUBJECT, plan->subjects[i].name, i);
    }
    return true;
}

static const struct name_table *find_table(struct event_codec *codec, const struct plan *plan,
                                           struct failure *failure) {
    if (codec->last < codec->table_count && codec->tables[codec->last].plan == plan) {
        return &codec->tables[codec->last];
    }
    for (size_t i = 0; i < codec->table_count; i++) {
        if (codec->tables[i].plan == plan) {
            codec->last = i;
            return &codec->tables[i];
        }
    }
    if (codec->table_count == PLANS_MAX) {
        (void)failure_set(failure, "the log puts more than %u versions of plans in force", PLANS_MAX);
        return NULL;
    }
    if (!table_build(&codec->tables[codec->table_count], plan)) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    codec->last = codec->table_count++;
    return &codec->tables[codec->last];
}

/* ---- reading ---------------------------------------------------------------------------------------------- */

struct decoder {
    struct event_codec *codec;
    const struct engine *engine;
    const struct plan *plan;
    const struct name_table *names;
    struct text values[FIELD_COUNT]; /* of those in `given` */
    uint64_t given;
    struct failure *failure;
};

static bool has(const struct decoder *decoder, enum field field) {
    return (decoder->given & BIT(field)) != 0;
}

/* A field's value, empty where it was not given. */
static struct text value_of(const struct decoder *decoder, enum field field) {
    return has(decoder, field) ? decoder->values[field] : (struct text){0};
}

static bool refuse_value(const struct decoder *decoder, enum field field, const char *english, const char *chinese) {
    char name[32];
    (void)snprintf(name, sizeof name, "%.*s", TEXT_PRINT(field_names[field]));
    struct text shown = text_cut(value_of(decoder, field), SHOWN_LENGTH);
    bool is_chinese = decoder->failure != NULL && decoder->failure->chinese;
    return failure_say_field(decoder->failure, name, "\"%.*s\" %s", "“%.*s”%s", TEXT_PRINT(shown),
                             is_chinese ? chinese : english);
}

/* As text_equal, where it is asked often, mostly of names that differ in length or in their first byte. */
static inline bool is_same(struct text left, struct text right) {
    return left.length == right.length &&
           (left.length == 0 || (left.bytes[0] == right.bytes[0] && memcmp(left.bytes, right.bytes, left.length) == 0));
}

static bool refuse_field(const struct decoder *decoder, const char *before, struct text name, const char *after) {
    struct text shown = text_cut(name, SHOWN_LENGTH);
    return failure_set(decoder->failure, "%s \"%.*s\"%s", before, TEXT_PRINT(shown), after);
}

/* Fields come in the order of the table, so that the next one is nearly always found at once. */
static bool gather_fields(struct decoder *decoder, const struct store_field *fields, size_t count) {
    size_t at = 0;
    for (size_t i = 0; i < count; i++) {
        size_t tried = 0;
        while (tried < FIELD_COUNT && !is_same(field_names[at], fields[i].name)) {
            at = at + 1 == FIELD_COUNT ? 0 : at + 1;
            tried++;
        }
        if (tried == FIELD_COUNT) {
            return refuse_field(decoder, "this program knows no field", fields[i].name, " of an event");
        }
        if ((decoder->given & BIT(at)) != 0) {
            return refuse_field(decoder, "the event has the field", fields[i].name, " twice");
        }
        if (fields[i].masked) {
            return refuse_field(decoder, "the field", fields[i].name, " is masked: this copy cannot be replayed");
        }
        decoder->given |= BIT(at);
        decoder->values[at] = fields[i].value;
    }
    return true;
}

static enum engine_event_kind find_kind(struct text name) {
    int found = 0;
    while (found < ENGINE_EVENT_KINDS && !is_same(kind_rules[found].name, name)) {
        found++;
    }
    return (enum engine_event_kind)found;
}

enum engine_event_kind event_find_kind(const struct store_field *fields, size_t count) {
    for (size_t i = 0; i < count; i++) {
        if (is_same(fields[i].name, field_names[FIELD_KIND])) {
            return find_kind(fields[i].value);
        }
    }
    return ENGINE_EVENT_KINDS;
}

static bool decode_kind(struct decoder *decoder, enum engine_event_kind *kind) {
    struct text name = value_of(decoder, FIELD_KIND);
    enum engine_event_kind found = find_kind(name);
    if (found == ENGINE_EVENT_KINDS) {
        return refuse_value(decoder, FIELD_KIND, "is no kind of event that this program knows",
                            "不是本程序认得的记录种类");
    }
    *kind = found;
    const struct kind_rule *rule = &kind_rules[found];
    uint64_t always = BIT(FIELD_KIND) | BIT(FIELD_AT);
    if ((decoder->given & BITS_SAW) != 0) {
        always |= BIT(FIELD_SAW_VERSION);
    }
    uint64_t missing = (rule->needed | always) & ~decoder->given;
    uint64_t foreign = decoder->given & ~(rule->needed | rule->allowed | BIT(FIELD_KIND) | BIT(FIELD_AT) |
                                          BIT(FIELD_AS_OF) | BITS_ENTRY);
    for (int i = 0; i < FIELD_COUNT && (missing | foreign) != 0; i++) {
        if (((missing | foreign) & BIT(i)) != 0) {
            return failure_set(decoder->failure, "an event of the kind \"%.*s\" %s the field \"%.*s\"",
                               TEXT_PRINT(name), (missing & BIT(i)) != 0 ? "needs" : "cannot have",
                               TEXT_PRINT(field_names[i]));
        }
    }
    return true;
}

static bool take_two_digits(const char *bytes, int32_t largest, int32_t *value) {
    if (bytes[0] < '0' || bytes[0] > '9' || bytes[1] < '0' || bytes[1] > '9') {
        return false;
    }
    *value = (bytes[0] - '0') * 10 + (bytes[1] - '0');
    return *value <= largest;
}

/* Reads "2022-08-20T06:05:09Z" and the same with six digits of fraction, remembering the day. */
static bool read_usual_instant(struct event_codec *codec, struct text input, int64_t *instant) {
    const char *bytes = input.bytes;
    bool has_fraction = input.length == 27;
    int32_t hour = 0;
    int32_t minute = 0;
    int32_t second = 0;
    if ((input.length != 20 && !has_fraction) || bytes[10] != 'T' || bytes[13] != ':' || bytes[16] != ':' ||
        bytes[input.length - 1] != 'Z' || !take_two_digits(bytes + 11, 23, &hour) ||
        !take_two_digits(bytes + 14, 59, &minute) || !take_two_digits(bytes + 17, 59, &second)) {
        return false;
    }
    int64_t fraction = 0;
    for (size_t i = 20; has_fraction && i < 26; i++) {
        if (bytes[i] < '0' || bytes[i] > '9') {
            return false;
        }
        fraction = fraction * 10 + (bytes[i] - '0');
    }
    if (has_fraction && bytes[19] != '.') {
        return false;
    }
    if (memcmp(codec->day_text, bytes, sizeof codec->day_text) != 0) {
        int32_t day = 0;
        if (!calendar_parse_date((struct text){bytes, sizeof codec->day_text}, &day, NULL)) {
            return false;
        }
        memcpy(codec->day_text, bytes, sizeof codec->day_text);
        codec->day = day;
    }
    *instant = codec->day * CALENDAR_US_PER_DAY + hour * CALENDAR_US_PER_HOUR + minute * CALENDAR_US_PER_MINUTE +
               second * CALENDAR_US_PER_SECOND + fraction;
    return true;
}

static bool decode_instant(struct decoder *decoder, enum field field, int64_t *instant) {
    struct text value = value_of(decoder, field);
    return read_usual_instant(decoder->codec, value, instant) || calendar_parse_instant(value, 0, instant, NULL) ||
           refuse_value(decoder, field, "is no instant", "不是时刻");
}

static bool decode_number(struct decoder *decoder, enum field field, uint32_t *number) {
    struct text value = value_of(decoder, field);
    uint64_t sum = 0;
    if (value.length == 0 || value.length > 10 || value.bytes[0] == '0') {
        return refuse_value(decoder, field, "is no number from 1 on", "不是从 1 起的编号");
    }
    for (size_t i = 0; i < value.length; i++) {
        if (value.bytes[i] < '0' || value.bytes[i] > '9') {
            return refuse_value(decoder, field, "is no number from 1 on", "不是从 1 起的编号");
        }
        sum = sum * 10 + (uint64_t)(value.bytes[i] - '0');
    }
    if (sum > UINT32_MAX) {
        return refuse_value(decoder, field, "is too large", "太大");
    }
    *number = (uint32_t)sum;
    return true;
}

static bool decode_name(struct decoder *decoder, enum field field, enum name_kind kind, uint16_t *index) {
    static const struct {
        const char *english, *chinese;
    } what[] = {
        [NAME_PARTY] = {"is no party of the plan", "不是预案中的单位或角色"},
        [NAME_FACT] = {"is no fact of the plan", "不是预案中的事实"},
        [NAME_SCALE] = {"is no scale of the plan", "不是预案中的等级"},
        [NAME_SUBJECT] = {"is no subject of the plan", "不是预案中的事件种类"},
    };
    *index = decoder->names == NULL ? PLAN_NONE : table_find(decoder->names, kind, value_of(decoder, field));
    return *index != PLAN_NONE || refuse_value(decoder, field, what[kind].english, what[kind].chinese);
}

static bool decode_plan(struct decoder *decoder, const struct engine_event *event) {
    if (event->kind == ENGINE_OPEN) {
        decoder->plan = engine_plan_in_force(decoder->engine, value_of(decoder, FIELD_PLAN));
        if (decoder->plan == NULL) {
            return refuse_value(decoder, FIELD_PLAN, "is no plan in force", "不是施行中的预案");
        }
    } else {
        decoder->plan = find_plan_of(decoder->codec, decoder->engine, event->incident);
    }
    if (decoder->plan == NULL) {
        return refuse_value(decoder, FIELD_INCIDENT, "is no incident", "不是事件编号");
    }
    decoder->names = find_table(decoder->codec, decoder->plan, decoder->failure);
    return decoder->names != NULL;
}

static bool decode_common(struct decoder *decoder, struct engine_event *event) {
    if (!decode_kind(decoder, &event->kind) || !decode_instant(decoder, FIELD_AT, &event->at)) {
        return false;
    }
    event->as_of = kind_rules[event->kind].is_dated ? event->at : 0;
    if (has(decoder, FIELD_AS_OF) && !decode_instant(decoder, FIELD_AS_OF, &event->as_of)) {
        return false;
    }
    if (has(decoder, FIELD_INCIDENT) && !decode_number(decoder, FIELD_INCIDENT, &event->incident)) {
        return false;
    }
    event->source = value_of(decoder, FIELD_SOURCE);
    event->reason = value_of(decoder, FIELD_REASON);
    event->title = value_of(decoder, FIELD_TITLE);
    if (event->kind == ENGINE_TIME || event->kind == ENGINE_ADOPT) {
        return true;
    }
    if (!decode_plan(decoder, event)) {
        return false;
    }
    event->by = kind_has_party(event->kind) ? PLAN_NONE : 0;
    return !has(decoder, FIELD_BY) || decode_name(decoder, FIELD_BY, NAME_PARTY, &event->by);
}

static bool decode_value(struct decoder *decoder, struct engine_event *event, uint16_t fact) {
    struct failure inner = {.chinese = decoder->failure != NULL && decoder->failure->chinese};
    if (fact_value_parse(decoder->plan, fact, value_of(decoder, FIELD_VALUE), &event->low, &event->high, &inner)) {
        return true;
    }
    return failure_say_field(decoder->failure, "value", "%s: %s", "%s：%s", inner.field, inner.message);
}

static bool decode_report(struct decoder *decoder, struct engine_event *event) {
    if (!decode_name(decoder, FIELD_FACT, NAME_FACT, &event->fact)) {
        return false;
    }
    if (has(decoder, FIELD_BASIS)) {
        bool is_observed = text_equal(value_of(decoder, FIELD_BASIS), basis_names[ENGINE_OBSERVED]);
        if (!is_observed && !text_equal(value_of(decoder, FIELD_BASIS), basis_names[ENGINE_PREDICTED])) {
            return refuse_value(decoder, FIELD_BASIS, "is neither observed nor predicted", "既不是实况也不是预报");
        }
        event->basis = is_observed ? ENGINE_OBSERVED : ENGINE_PREDICTED;
    }
    bool is_series = decoder->plan->facts[event->fact].type == PLAN_SERIES;
    if (is_series != has(decoder, FIELD_DAY)) {
        return refuse_value(decoder, FIELD_FACT, is_series ? "needs a day" : "cannot have a day",
                            is_series ? "须注明日期" : "不能注明日期");
    }
    if (is_series && !calendar_parse_date(value_of(decoder, FIELD_DAY), &event->day, NULL)) {
        return refuse_value(decoder, FIELD_DAY, "is no date", "不是日期");
    }
    return decode_value(decoder, event, event->fact);
}

static bool decode_correct(struct decoder *decoder, struct engine_event *event) {
    struct engine_claim_view claim;
    uint16_t fact = PLAN_NONE;
    if (!decode_number(decoder, FIELD_CLAIM, &event->claim) || !decode_name(decoder, FIELD_FACT, NAME_FACT, &fact)) {
        return false;
    }
    if (!engine_view_claim(decoder->engine, event->incident, event->claim, &claim) || claim.fact != fact) {
        return refuse_value(decoder, FIELD_CLAIM, "is no claim of this fact", "不是这项事实的说法");
    }
    return decode_value(decoder, event, fact);
}

static bool decode_scale(struct decoder *decoder, struct engine_event *event) {
    if (!decode_name(decoder, FIELD_SCALE, NAME_SCALE, &event->scale)) {
        return false;
    }
    if (!has(decoder, FIELD_LEVEL)) {
        return true;
    }
    event->level = plan_find_level(&decoder->plan->scales[event->scale], value_of(decoder, FIELD_LEVEL));
    return event->level != 0 || refuse_value(decoder, FIELD_LEVEL, "is no level of the scale", "不是这个等级的级别");
}

static bool decode_item(struct decoder *decoder, struct engine_event *event) {
    if (has(decoder, FIELD_ITEM)) {
        size_t found = 0;
        while (found < COUNT_OF(item_names) && !text_equal(item_names[found], value_of(decoder, FIELD_ITEM))) {
            found++;
        }
        if (found == COUNT_OF(item_names)) {
            return refuse_value(decoder, FIELD_ITEM, "is neither duty nor proposal nor finding",
                                "既不是职责，也不是建议或待办");
        }
        event->item_kind = (enum engine_item_kind)found;
    }
    return decode_number(decoder, FIELD_NUMBER, &event->item);
}

static bool decode_specific(struct decoder *decoder, struct engine_event *event) {
    if (decoder->plan == NULL) { /* time passes, a plan is adopted: nothing in it is a name of a plan */
        return true;
    }
    switch (event->kind) {
    case ENGINE_OPEN:
        event->plan = decoder->plan;
        return decode_name(decoder, FIELD_SUBJECT, NAME_SUBJECT, &event->subject);
    case ENGINE_REPORT:
        return decode_report(decoder, event);
    case ENGINE_CORRECT:
        return decode_correct(decoder, event);
    case ENGINE_WITHDRAW:
        return decode_number(decoder, FIELD_CLAIM, &event->claim);
    case ENGINE_BIND:
    case ENGINE_UNBIND:
        return decode_name(decoder, FIELD_ROLE, NAME_PARTY, &event->role) &&
               decode_name(decoder, FIELD_UNIT, NAME_PARTY, &event->unit);
    case ENGINE_ORDER:
    case ENGINE_REFUSE:
    case ENGINE_RECONSIDER:
        return decode_scale(decoder, event);
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_BREACH:
        return decode_item(decoder, event);
    case ENGINE_MERGE:
        return decode_number(decoder, FIELD_OTHER, &event->other);
    case ENGINE_TIME:
    case ENGINE_ADOPT:
    case ENGINE_SPLIT:
    case ENGINE_MOVE:
    case ENGINE_CLOSE:
    case ENGINE_REOPEN:
    case ENGINE_EVENT_KINDS:
        break;
    }
    return true;
}

/* Most events carry no pack and say nothing of what was seen. */
static void fill_extra(const struct decoder *decoder, struct event_extra *extra) {
    extra->pack = (struct event_pack){0};
    extra->seen = (struct event_seen){0};
    extra->entry = (struct event_entry){0};
    if (has(decoder, FIELD_PACK)) {
        extra->pack = (struct event_pack){value_of(decoder, FIELD_FILE), value_of(decoder, FIELD_PLAN),
                                          value_of(decoder, FIELD_VERSION), value_of(decoder, FIELD_PACK)};
    }
    if (has(decoder, FIELD_SAW_VERSION)) {
        extra->seen = (struct event_seen){true,
                                          value_of(decoder, FIELD_SAW_VERSION),
                                          value_of(decoder, FIELD_SAW_ORDER),
                                          value_of(decoder, FIELD_SAW_LEVEL),
                                          value_of(decoder, FIELD_SAW_MAY),
                                          value_of(decoder, FIELD_SAW_BECAUSE),
                                          value_of(decoder, FIELD_SAW_OPEN)};
    }
    if ((decoder->given & BITS_ENTRY) != 0) {
        extra->entry = (struct event_entry){value_of(decoder, FIELD_ACTOR),       value_of(decoder, FIELD_KEY),
                                            value_of(decoder, FIELD_CALL),        value_of(decoder, FIELD_SPOKEN_BY),
                                            value_of(decoder, FIELD_SPOKEN_FROM), value_of(decoder, FIELD_DELEGATED_BY),
                                            value_of(decoder, FIELD_DELEGATION),  value_of(decoder, FIELD_ATTACHMENTS)};
    }
}

bool event_decode(struct event_codec *codec, const struct engine *engine, const struct store_field *fields,
                  size_t count, struct engine_event *event, struct event_extra *extra, struct failure *failure) {
    struct decoder decoder; /* its values are set as they are found: there are many, and clearing them takes longer */
    decoder.codec = codec;
    decoder.engine = engine;
    decoder.plan = NULL;
    decoder.names = NULL;
    decoder.given = 0;
    decoder.failure = failure;
    *event = (struct engine_event){0};
    if (!gather_fields(&decoder, fields, count) || !decode_common(&decoder, event) ||
        !decode_specific(&decoder, event)) {
        return false;
    }
    fill_extra(&decoder, extra);
    return true;
}
