/* Forces: what was said of a team or unit that is called to an incident. */
#include "base/calendar.h"
#include "desk/state.h"

#include <inttypes.h>
#include <stdio.h>

#define PEOPLE_MOST 99999U /* more is a slip of the pen */
#define PARTY_BYTES 300U

struct saying {
    struct text name, spoken_with, phone, note;
    bool is_outside;
    enum force_step step;
    uint32_t people, corrects;
    int64_t as_of;
};

static const char *const steps[] = {"called",  "no-answer", "declined",  "coming", "set-out",
                                    "arrived", "released",  "withdrawn", NULL};

static bool may_count(enum force_step step) {
    return step == FORCE_CALLED || step == FORCE_COMING || step == FORCE_SET_OUT || step == FORCE_ARRIVED;
}

static bool check_saying(struct turn *turn, const struct saying *saying) {
    struct failure *failure = &turn->reply->failure;
    if (saying->people != 0 && !may_count(saying->step)) {
        (void)failure_say_field(failure, "people",
                                "is said of those asked for, coming or there; when all have left, nobody is there",
                                "只在呼叫、答复来、出发、到场时填写；归队就是全部离开");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (saying->people > PEOPLE_MOST) {
        (void)failure_say_field(failure, "people", "must be at most %u", "不能超过 %u", PEOPLE_MOST);
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    if (saying->step == FORCE_WITHDRAWN && saying->corrects == 0) {
        (void)failure_say_field(failure, "corrects", "is missing: which entry was never so?",
                                "没有填写：要撤销的是哪一条记录？");
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    return true;
}

static bool read_saying(struct turn *turn, struct saying *saying) {
    struct form form;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    saying->name = text_trim(form_text(&form, "party", true, PARTY_BYTES));
    saying->is_outside = form_flag(&form, "outside");
    int step = form_word(&form, "step", true, steps);
    saying->people = form_number(&form, "people", false);
    saying->spoken_with = form_text(&form, "spoken_with", false, FORM_TEXT_BYTES);
    saying->phone = form_text(&form, "phone", false, FORM_TEXT_BYTES);
    saying->note = form_text(&form, "note", false, FORM_TEXT_BYTES);
    saying->as_of = form_instant(&form, "as_of", turn->at, turn->at);
    saying->corrects = form_number(&form, "corrects", false);
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    saying->step = forces_find_step(text_of(steps[step]));
    return check_saying(turn, saying);
}

/* Whoever it is: the plan's name where the plan knows it, for one party shall not stand under two names. */
static bool find_party(struct turn *turn, const struct plan *plan, struct saying *saying) {
    uint16_t party = plan_find_party(plan, saying->name);
    if (party == PLAN_NONE && !saying->is_outside) {
        return turn_may(turn, NULL, PLAN_NONE, false) && turn_find_party(turn, plan, "party", saying->name, &party);
    }
    saying->name = party == PLAN_NONE ? saying->name : plan->parties[party].name;
    return turn_may(turn, plan, party, false);
}

/* ---- whether it makes sense ------------------------------------------------------------------------------- */

bool desk_collect_forces(const struct turn *turn, uint32_t incident, struct buffer *out) {
    for (uint32_t number = 1; number <= forces_incident_count(turn->desk->forces); number++) {
        size_t count = 0;
        const struct force_entry *entries = forces_find_entries(turn->desk->forces, number, &count);
        bool is_of_it = count > 0 && desk_goes_on_in(turn, number, incident);
        for (size_t i = 0; i < count && is_of_it; i++) {
            const struct force_entry *entry = &entries[i];
            buffer_append(out, &entry, sizeof(const struct force_entry *));
        }
    }
    return !out->failed;
}

static bool refuse_order(struct turn *turn, const struct saying *saying, enum force_fault fault) {
    struct failure *failure = &turn->reply->failure;
    struct text name = text_cut(saying->name, 100);
    if (fault == FORCE_NOT_THERE) {
        (void)failure_say_field(failure, "step",
                                "\"%.*s\" cannot be released: nobody has said that it was there by then; first record "
                                "its arrival",
                                "“%.*s”还不能归队：没有记录它在此之前到场，请先记到场", TEXT_PRINT(name));
    } else if (fault == FORCE_THERE_ALREADY) {
        (void)failure_say_field(failure, "step",
                                "\"%.*s\" was there already by then; say how many are there now, or release it first",
                                "“%.*s”此时已经到场；人数有变请再记到场，要重新呼叫请先记归队", TEXT_PRINT(name));
    } else {
        (void)failure_say_field(failure, "corrects",
                                "after this \"%.*s\" would have been released without having been there; correct that "
                                "entry first",
                                "这样更正后“%.*s”就成了没到场先归队，请先更正归队那一条", TEXT_PRINT(name));
    }
    return turn_refuse_as_set(turn, DESK_CONFLICT);
}

static bool refuse_correction(struct turn *turn, enum desk_outcome outcome, const char *english, const char *chinese) {
    (void)failure_say_field(&turn->reply->failure, "corrects", "%s", "%s",
                            turn->reply->failure.chinese ? chinese : english);
    return turn_refuse_as_set(turn, outcome);
}

/* The entry that is corrected is one of this party's and stands. */
static bool check_corrected(struct turn *turn, const struct saying *saying, const struct buffer *known) {
    const struct force_entry *const *entries = (const struct force_entry *const *)(const void *)known->bytes;
    for (size_t i = 0; i < known->length / sizeof(const struct force_entry *); i++) {
        if (entries[i]->sequence != (int64_t)saying->corrects) {
            continue;
        }
        if (!text_equal(entries[i]->party, saying->name)) {
            return refuse_correction(turn, DESK_REFUSED,
                                     "is an entry about another party; withdraw that one and record this one anew",
                                     "是另一支队伍的记录；请撤销那一条，再给这支队伍新记一条");
        }
        if (entries[i]->replaced_by != 0 || entries[i]->step == FORCE_WITHDRAWN) {
            return refuse_correction(turn, DESK_CONFLICT, "has been corrected already", "这一条已经更正过了");
        }
        return true;
    }
    return saying->corrects == 0 || refuse_correction(turn, DESK_REFUSED, "is no entry about a force of this incident",
                                                      "不是这一事件的力量记录");
}

/* Whether the party's history makes sense with the new entry, so far as it did without. */
static bool check_order(struct turn *turn, const struct saying *saying, const struct buffer *known) {
    const struct force_entry *const *entries = (const struct force_entry *const *)(const void *)known->bytes;
    struct force_entry said = {.sequence = INT64_MAX, .place = INT64_MAX, .step = saying->step, .as_of = saying->as_of};
    const struct force_entry *candidate = &said;
    struct buffer before = {0};
    struct buffer after = {0};
    enum force_fault fault = FORCE_SOUND;
    for (size_t i = 0; i < known->length / sizeof(const struct force_entry *); i++) {
        bool is_own = text_equal(entries[i]->party, saying->name);
        if (is_own) {
            buffer_append(&before, &entries[i], sizeof(const struct force_entry *));
        }
        bool is_corrected = saying->corrects != 0 && entries[i]->sequence == (int64_t)saying->corrects;
        said.place = is_corrected ? entries[i]->place : said.place;
        if (is_own && !is_corrected) {
            buffer_append(&after, &entries[i], sizeof(const struct force_entry *));
        }
    }
    buffer_append(&after, &candidate, sizeof(const struct force_entry *));
    bool is_whole = !before.failed && !after.failed;
    uint32_t faults_before = 0;
    uint32_t faults_after = 0;
    if (is_whole) {
        faults_before = forces_work_out((const struct force_entry **)(void *)before.bytes,
                                        before.length / sizeof(const struct force_entry *), 0, NULL)
                            .baseless;
        faults_after = forces_work_out((const struct force_entry **)(void *)after.bytes,
                                       after.length / sizeof(const struct force_entry *), INT64_MAX, &fault)
                           .baseless;
    }
    buffer_release(&before);
    buffer_release(&after);
    if (!is_whole) {
        return turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    }
    return (fault == FORCE_SOUND && faults_after <= faults_before) || refuse_order(turn, saying, fault);
}

static bool check_open(struct turn *turn, const struct engine_incident_view *view) {
    if (view->status == ENGINE_OPENED) {
        return true;
    }
    if (view->merged_into != 0) {
        (void)failure_say(&turn->reply->failure, "this incident goes on in incident %" PRIu32 "; record it there",
                          "这一事件已并入第 %" PRIu32 " 号事件，请记在那里", view->merged_into);
        return turn_refuse_as_set(turn, DESK_CONFLICT);
    }
    return turn_refuse(turn, DESK_CONFLICT, "the incident is closed", "事件已经结束");
}

/* ---- the entry -------------------------------------------------------------------------------------------- */

static bool log_saying(struct turn *turn, uint32_t incident, const struct saying *saying) {
    struct note note;
    char numbers[3][16] = {"", "", ""};
    char as_of[CALENDAR_INSTANT_ROOM];
    const uint32_t values[3] = {incident, saying->people, saying->corrects};
    for (size_t i = 0; i < 3; i++) {
        if (values[i] != 0) {
            (void)snprintf(numbers[i], sizeof numbers[i], "%" PRIu32, values[i]);
        }
    }
    calendar_print_instant(saying->as_of, 0, as_of);
    note_begin(&note, turn, "desk.force");
    note_add(&note, "incident", text_of(numbers[0]));
    note_add(&note, "party", saying->name);
    note_add(&note, "step", text_of(forces_step_word(saying->step)));
    note_add(&note, "people", text_of(numbers[1]));
    note_add(&note, "spoken_with", saying->spoken_with);
    note_add(&note, "phone", saying->phone);
    note_add(&note, "note", saying->note);
    note_add(&note, "as_of", text_of(as_of));
    note_add(&note, "corrects", text_of(numbers[2]));
    return turn_log(turn, &note);
}

bool desk_note_force(struct turn *turn) {
    struct engine_incident_view view;
    struct saying saying = {0};
    struct buffer known = {0};
    if (!read_saying(turn, &saying) || !turn_find_incident(turn, &view) || !find_party(turn, view.plan, &saying) ||
        !check_open(turn, &view)) {
        return false;
    }
    bool is_good = desk_collect_forces(turn, view.number, &known)
                       ? check_corrected(turn, &saying, &known) && check_order(turn, &saying, &known)
                       : turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
    buffer_release(&known);
    return is_good && log_saying(turn, view.number, &saying);
}
