/* Search over everything that can be found, grouped, the best first. */
#include "desk/access.h"
#include "desk/personal.h"
#include "desk/persons.h"
#include "desk/state.h"
#include "desk/view.h"

#include <string.h>

#define TITLE_BYTES 160U
#define DETAIL_BYTES 240U
#define SIGNS_BEFORE 16 /* of the line, before what was found */
#define BYTES_AFTER 120U

static const char *const group_names[SEARCH_GROUPS] = {
    [SEARCH_INCIDENT] = "incident", [SEARCH_PERSON] = "person",     [SEARCH_PARTY] = "party",
    [SEARCH_CALL] = "call",         [SEARCH_DOCUMENT] = "document", [SEARCH_REPORT] = "report",
    [SEARCH_NOTE] = "note",         [SEARCH_DUTY] = "duty",         [SEARCH_CLAUSE] = "clause",
};

/* One query on its way. */
struct finding {
    struct turn *turn;
    struct buffer persons; /* of struct person */
    struct buffer seen;    /* by incident: 0 not asked yet, 1 no, 2 yes */
    struct buffer part;    /* what may be seen of something that was found */
};

static json_t *describe_part(const char *bytes, size_t length, bool is_hit) {
    return json_pack("{s:o, s:b}", "text", view_text((struct text){bytes, length}), "hit", is_hit);
}

/* The line in which it was found, cut to what stands around that. */
static json_t *list_parts(const struct search_found *found) {
    const struct match_found *where = &found->where;
    const char *bytes = found->entry->text.bytes;
    json_t *list = json_array();
    size_t from = where->start;
    for (int i = 0; i < SIGNS_BEFORE && from > where->line_start; i++) {
        from = text_step_back(found->entry->text, from);
    }
    struct text after = text_cut((struct text){bytes + where->end, where->line_end - where->end}, BYTES_AFTER);
    if (from < where->start) {
        view_add(list, describe_part(bytes + from, where->start - from, false));
    }
    view_add(list, describe_part(bytes + where->start, where->end - where->start, true));
    if (after.length > 0) {
        view_add(list, describe_part(after.bytes, after.length, false));
    }
    return list;
}

static struct text find_first_line(struct text text) {
    const char *end = memchr(text.bytes, '\n', text.length);
    return (struct text){text.bytes, end == NULL ? text.length : (size_t)(end - text.bytes)};
}

/* Everything but the first line. */
static json_t *describe_rest(struct text text) {
    struct buffer rest = {0};
    size_t first = find_first_line(text).length;
    for (size_t i = first + 1; i < text.length; i++) {
        buffer_append_text(&rest, text.bytes[i] == '\n' ? TEXT(" · ") : (struct text){text.bytes + i, 1});
    }
    json_t *said = view_text(text_cut(buffer_text(&rest), DETAIL_BYTES));
    buffer_release(&rest);
    return said;
}

static uint32_t find_incident(const struct turn *turn, const struct search_entry *entry) {
    const struct fold_call *call = entry->group == SEARCH_CALL ? fold_find_call(turn->desk->fold, entry->number) : NULL;
    return call == NULL ? entry->incident : call->incident;
}

static json_t *describe_person(const struct finding *finding, const struct search_entry *entry) {
    const struct person *person = (const struct person *)(const void *)finding->persons.bytes + entry->number;
    json_t *parties = person->parties == NULL ? json_array() : json_deep_copy(person->parties);
    return json_pack(
        "{s:o, s:o, s:o, s:o, s:b, s:o, s:o, s:o}", "name", view_text(person->name), "phone", view_text(person->phone),
        "account", person->account.length == 0 ? json_null() : view_text(person->account), "parties", parties, "desk",
        person->is_desk, "post", person->has_post ? json_string(roster_post_names[person->post]) : json_null(), "from",
        person->has_post ? view_instant(person->from) : json_null(), "until",
        person->has_post ? view_instant(person->until) : json_null());
}

static json_t *describe_found(const struct finding *finding, const struct search_found *found) {
    const struct turn *turn = finding->turn;
    const struct search_entry *entry = found->entry;
    struct engine_incident_view view = {0};
    uint32_t incident = find_incident(turn, entry);
    bool has_incident = incident != 0 && engine_view_incident(turn->engine, incident, &view);
    json_t *json = json_object();
    view_set(json, "title", view_text(text_cut(find_first_line(entry->text), TITLE_BYTES)));
    view_set(json, "detail",
             describe_rest(entry->group == SEARCH_PARTY ? text_cut(entry->text, entry->told) : entry->text));
    view_set(json, "field", json_string(search_field_name(entry, found->where.line)));
    view_set(json, "parts", list_parts(found));
    view_set(json, "plan", entry->plan == NULL ? json_null() : view_text(entry->plan->name));
    view_set(json, "call", entry->group == SEARCH_CALL ? json_integer(entry->number) : json_null());
    view_set(json, "incident", has_incident ? json_integer(incident) : json_null());
    view_set(json, "incident_title", has_incident ? desk_describe_title(turn->desk, &view) : json_null());
    view_set(json, "sequence", view_some_number(entry->sequence));
    view_set(json, "at", entry->sequence == 0 ? json_null() : view_instant(entry->at));
    view_set(json, "phones",
             entry->group == SEARCH_PARTY
                 ? desk_list_phones(turn->desk->directory, entry->plan, (uint16_t)entry->number)
                 : json_null());
    view_set(json, "person", entry->group == SEARCH_PERSON ? describe_person(finding, entry) : json_null());
    return json;
}

/* A copy of the lines, those that are personal empty. */
static void blank_lines(const struct plan *plan, const struct search_entry *entry, struct buffer *out) {
    struct text rest = entry->text;
    for (size_t line = 0; rest.length > 0; line++) {
        struct text first = find_first_line(rest);
        bool is_last = first.length == rest.length;
        if (!personal_is_line(plan, search_field_name(entry, line), first)) {
            buffer_append_text(out, first);
        }
        buffer_append_string(out, is_last ? "" : "\n");
        rest =
            is_last ? (struct text){0} : (struct text){rest.bytes + first.length + 1, rest.length - first.length - 1};
    }
}

/* Whether whoever asks sees what is personal in an incident; each is asked for once. */
static bool sees_incident(struct finding *finding, uint32_t incident) {
    struct buffer *seen = &finding->seen;
    while (seen->length <= incident && !seen->failed) {
        buffer_append(seen, "", 1);
    }
    if (seen->failed) {
        return personal_may_see(finding->turn, incident);
    }
    if (seen->bytes[incident] == 0) {
        seen->bytes[incident] = personal_may_see(finding->turn, incident) ? 2 : 1;
    }
    return seen->bytes[incident] == 2;
}

/* What a plan says everybody sees, and who is on duty. */
static bool sees(void *context, const struct search_entry *entry, struct buffer *part) {
    struct finding *finding = context;
    uint32_t incident = find_incident(finding->turn, entry);
    if (entry->plan != NULL || entry->group == SEARCH_PERSON || sees_incident(finding, incident)) {
        return true;
    }
    blank_lines(engine_plan_of(finding->turn->engine, incident), entry, part);
    return false;
}

static json_t *describe_hit(struct finding *finding, const struct search_found *found) {
    if (!found->is_part) {
        return describe_found(finding, found);
    }
    struct search_entry entry = *found->entry;
    buffer_clear(&finding->part);
    (void)sees(finding, found->entry, &finding->part);
    entry.text = buffer_text(&finding->part);
    const struct search_found shown = {.entry = &entry, .where = found->where, .is_part = true};
    return finding->part.failed ? NULL : describe_found(finding, &shown);
}

static json_t *list_groups(struct finding *finding, const struct search_answer *answer) {
    json_t *groups = json_array();
    for (size_t group = 0; group < SEARCH_GROUPS; group++) {
        json_t *hits = json_array();
        for (size_t i = 0; i < answer->counts[group]; i++) {
            view_add(hits, describe_hit(finding, &answer->found[group][i]));
        }
        if (answer->counts[group] == 0) {
            json_decref(hits);
            continue;
        }
        view_add(groups,
                 json_pack("{s:s, s:b, s:o}", "kind", group_names[group], "more", answer->more[group], "hits", hits));
    }
    return groups;
}

/* The plans in force, for the search to read where they are others than before. */
static bool read_plans(const struct turn *turn) {
    struct buffer plans = {0};
    for (size_t i = 0; i < fold_plan_count(turn->desk->fold); i++) {
        const struct plan *plan = engine_plan_in_force(turn->engine, fold_find_plan(turn->desk->fold, i));
        if (plan != NULL) {
            buffer_append(&plans, (const void *)&plan,
                          sizeof(const struct plan *)); /* NOLINT(bugprone-sizeof-expression) a list of pointers */
        }
    }
    const struct plan *const *list = (const struct plan *const *)(const void *)plans.bytes;
    bool is_good =
        !plans.failed &&
        search_read_plans(turn->desk->search, list, plans.length / sizeof(const struct plan *), turn->desk->directory);
    buffer_release(&plans);
    return is_good;
}

/* Refuses what is no query. */
static bool read_query(struct turn *turn, struct match_query *query) {
    struct text typed = turn->request->query;
    struct failure *failure = &turn->reply->failure;
    if (typed.length > MATCH_QUERY_BYTES) {
        (void)failure_say_field(failure, "q", "is longer than %u bytes", "不能超过 %u 字节", MATCH_QUERY_BYTES);
    } else if (text_find_invalid_utf8(typed) >= 0) {
        (void)failure_say_field(failure, "q", "is no valid UTF-8", "不是有效的 UTF-8");
    } else if (!match_read_query(typed, query)) {
        (void)failure_say_field(failure, "q", "must say what is looked for", "须写明要找什么");
    } else {
        return true;
    }
    return turn_refuse_as_set(turn, DESK_REFUSED);
}

/* Persons, for the search to read. Who has an account is no machine's business; and nobody's search waits for the account book, in
 * which others write to the disk. */
static bool read_persons(struct finding *finding) {
    const struct turn *turn = finding->turn;
    const struct desk_request *request = turn->request;
    struct account_list *kept = &turn->desk->accounts;
    bool sees_accounts = request->accounts != NULL && access_is_person(&request->account);
    if (sees_accounts) {
        account_book_refresh_list(request->accounts, kept);
    }
    return persons_list(turn->desk->roster, sees_accounts ? kept->accounts : NULL, turn->at, &finding->persons) &&
           search_read_persons(turn->desk->search, (const struct person *)(const void *)finding->persons.bytes,
                               finding->persons.length / sizeof(struct person));
}

bool desk_search(struct turn *turn) {
    struct match_query query;
    struct search_answer answer;
    struct finding finding = {.turn = turn};
    if (!turn_may(turn, NULL, PLAN_NONE, false) || !read_query(turn, &query)) {
        return false;
    }
    if (read_plans(turn) && read_persons(&finding)) {
        bool sees_all = personal_sees_all(&turn->request->account);
        search_find(turn->desk->search, &query, sees_all ? NULL : sees, &finding, &answer);
        turn->reply->body = json_pack("{s:o, s:b, s:o}", "query", view_text(turn->request->query), "whole",
                                      answer.is_whole, "groups", list_groups(&finding, &answer));
    }
    buffer_release(&finding.persons);
    buffer_release(&finding.seen);
    buffer_release(&finding.part);
    return turn->reply->body != NULL || turn_refuse(turn, DESK_UNAVAILABLE, "memory is exhausted", "内存不足");
}
