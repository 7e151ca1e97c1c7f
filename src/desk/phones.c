/* Telephone numbers: the published ones, those that lie over them, and how one is corrected. */
#include "desk/directory.h"
#include "desk/state.h"
#include "desk/view.h"

#define DIGITS_LEAST 3U
#define NUMBER_BYTES_MOST 64U
#define PHONE_TAG 'p'

/* ---- shown ------------------------------------------------------------------------------------------------ */

/* `entry`: what lies over it, or NULL. */
static json_t *describe(const struct plan_phone *phone, struct text number, const struct directory_entry *entry) {
    char tag[TURN_TAG_ROOM];
    turn_make_tag(PHONE_TAG, entry == NULL ? 0 : entry->sequence, tag);
    return json_pack("{s:s, s:o, s:o, s:o}", "tag", tag, "kind", view_text(phone->kind), "label",
                     view_text(phone->label), "number", view_text(number));
}

static void add_entry(json_t *list, const struct plan_phone *phone, const struct directory_entry *entry) {
    json_t *json = describe(phone, entry->number, entry);
    if (entry->published.length > 0) {
        view_set(json, "replaces", view_text(entry->published));
    }
    view_set(json, "by", view_text(entry->by));
    view_set(json, "at", view_instant(entry->at));
    view_add(list, json);
}

json_t *desk_list_phones(const struct directory *directory, const struct plan *plan, uint16_t index) {
    static const struct plan_phone besides = {.kind = TEXT_INITIAL("phone")};
    const struct plan_party *party = &plan->parties[index];
    json_t *list = json_array();
    struct buffer player = {0};
    if (directory_tell_player(directory, plan, index, &player)) {
        view_add(list, json_pack("{s:s, s:s, s:o}", "kind", "exercise", "label", "", "number",
                                 view_text(buffer_text(&player))));
        buffer_release(&player);
        return list;
    }
    for (uint16_t i = 0; i < party->phone_count; i++) {
        const struct plan_phone *phone = &party->phones[i];
        const struct directory_entry *entry = directory_find(directory, plan->name, party->name, phone->number);
        json_t *published = describe(phone, phone->number, entry);
        if (entry != NULL) {
            add_entry(list, phone, entry);
            view_set(published, "replaced", json_true());
        }
        view_add(list, published);
    }
    const struct directory_entry *entry = directory_find(directory, plan->name, party->name, (struct text){0});
    if (entry != NULL) {
        add_entry(list, &besides, entry);
    }
    return list;
}

bool desk_has_voice(const struct directory *directory, const struct plan *plan, uint16_t index) {
    const struct plan_party *party = &plan->parties[index];
    struct buffer player = {0};
    bool is_exercise = directory_tell_player(directory, plan, index, &player);
    buffer_release(&player);
    bool found = is_exercise || directory_find(directory, plan->name, party->name, (struct text){0}) != NULL;
    for (uint16_t i = 0; i < party->phone_count && !found; i++) {
        found = !text_equals_string(party->phones[i].kind, "fax");
    }
    return found;
}

/* ---- corrected -------------------------------------------------------------------------------------------- */

static bool is_published(const struct plan_party *party, struct text number) {
    for (uint16_t i = 0; i < party->phone_count; i++) {
        if (text_equal(party->phones[i].number, number)) {
            return true;
        }
    }
    return false;
}

static bool is_number(struct text number) {
    size_t digits = 0;
    for (size_t i = 0; i < number.length; i++) {
        digits += number.bytes[i] >= '0' && number.bytes[i] <= '9' ? 1 : 0;
    }
    return digits >= DIGITS_LEAST && number.length <= NUMBER_BYTES_MOST;
}

static bool check_phone(struct turn *turn, const struct plan *plan, uint16_t party, struct text published,
                        struct text number) {
    struct failure *failure = &turn->reply->failure;
    if (published.length > 0 && !is_published(&plan->parties[party], published)) {
        (void)failure_say_field(failure, "published", "is no published number of \"%.*s\"", "不是“%.*s”公布的号码",
                                TEXT_PRINT(text_cut(plan->parties[party].name, 100)));
    } else if (number.length > 0 && !is_number(number)) {
        (void)failure_say_field(failure, "number", "must have at least three digits and at most 64 characters",
                                "至少三位数字，最长 64 个字符");
    } else if (number.length > 0 && is_published(&plan->parties[party], number)) {
        (void)failure_say_field(failure, "number", "is published already", "已经公布过这个号码");
    }
    return !failure->set || turn_refuse_as_set(turn, DESK_REFUSED);
}

bool desk_correct_phone(struct turn *turn) {
    struct form form;
    struct note note;
    uint16_t party = PLAN_NONE;
    form_begin(&form, turn->request->body, &turn->reply->failure);
    struct text plan_name = form_text(&form, "plan", true, FORM_TEXT_BYTES);
    struct text party_name = form_text(&form, "party", true, FORM_TEXT_BYTES);
    struct text published = form_text(&form, "published", false, FORM_TEXT_BYTES);
    struct text number = form_text(&form, "number", false, FORM_TEXT_BYTES);
    struct text reason = form_text(&form, "reason", false, FORM_TEXT_BYTES);
    if (!turn_may(turn, NULL, PLAN_NONE, false)) {
        return false;
    }
    if (!form_end(&form)) {
        return turn_refuse_as_set(turn, DESK_REFUSED);
    }
    const struct plan *plan = engine_plan_in_force(turn->engine, plan_name);
    if (plan == NULL) {
        (void)failure_say_field(&turn->reply->failure, "plan", "there is no plan \"%.*s\" in force",
                                "没有施行中的预案“%.*s”", TEXT_PRINT(text_cut(plan_name, 100)));
        return turn_refuse_as_set(turn, DESK_NOT_FOUND);
    }
    if (!turn_find_party(turn, plan, "party", party_name, &party) ||
        !check_phone(turn, plan, party, published, number)) {
        return false;
    }
    struct text name = plan->parties[party].name;
    const struct directory_entry *entry = directory_find(turn->desk->directory, plan->name, name, published);
    if (!turn_is_as_seen(turn, PHONE_TAG, entry == NULL ? 0 : entry->sequence)) {
        return false;
    }
    if (number.length == 0 && entry == NULL) {
        return turn_refuse(turn, DESK_CONFLICT, "there is no correction that could be taken back",
                           "这个号码没有更正过，无从撤回");
    }
    note_begin(&note, turn, "desk.phone");
    note_add(&note, "plan", plan->name);
    note_add(&note, "party", name);
    note_add(&note, "published", published);
    note_add(&note, "number", number);
    note_add(&note, "reason", reason);
    return turn_log(turn, &note);
}
