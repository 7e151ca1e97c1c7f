/* Who reports to whom within what time: every duty that has a recipient stands between its bearers and its recipients. */
#include "chart/maker.h"

#include <string.h>

#define NAME_MOST 40U   /* characters of a name in a box */
#define PARTIES_MOST 6U /* with more of them, they share a box */
#define PARTIES_FEW 3U  /* as many share one where several reports go to the same */
#define PHONES_MOST 3U
#define PARTIES_NAMED 12U /* of which that many are named */
#define REPORTS_MOST 24U  /* on one sheet; more cannot be followed by eye */

/* Recipients that share a box. */
struct shared {
    struct plan_list parties;
    uint32_t node;
};

struct reports {
    struct graph graph;
    uint32_t *party_nodes; /* by party: its node, or UINT32_MAX */
    const uint16_t *list;  /* all reports of the subject */
    uint32_t count;
    struct shared *shared;
    uint32_t shared_count;
};

static bool start(struct maker *maker, struct reports *reports, const uint16_t *list, uint32_t count) {
    size_t size = (maker->plan->party_count + 1U) * sizeof(uint32_t);
    *reports = (struct reports){.list = list, .count = count};
    reports->party_nodes = arena_allocate(maker->arena, size);
    if (reports->party_nodes == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    memset(reports->party_nodes, 0xFF, size);
    return true;
}

static bool has_kind(const struct plan_phone *phone, const char *kind) {
    return text_equals_string(phone->kind, kind);
}

/* The telephones that are answered at all hours; where none is, all but the fax. */
static struct text list_phones(struct maker *maker, const struct plan_party *party) {
    struct word_list list = {.most = PHONES_MOST, .room = WORDS_ANY, .unit = "个"};
    bool on_duty = false;
    for (uint16_t i = 0; i < party->phone_count; i++) {
        on_duty = on_duty || has_kind(&party->phones[i], "duty-phone");
    }
    for (uint16_t i = 0; i < party->phone_count; i++) {
        const struct plan_phone *phone = &party->phones[i];
        if (on_duty ? has_kind(phone, "duty-phone") : !has_kind(phone, "fax")) {
            words_list_add(maker, &list, words_cut(maker, phone->number, 20));
        }
    }
    return words_list_end(maker, &list);
}

static uint32_t add_party(struct maker *maker, struct reports *reports, uint16_t party) {
    uint32_t *node = &reports->party_nodes[party];
    if (*node == UINT32_MAX) {
        struct card card = card_make(CHART_PARTY, 132);
        card_mean(maker, &card, CHART_MEANS_PARTY, party);
        card_write(maker, &card, CARD_CENTRED, words_cut(maker, maker->plan->parties[party].name, NAME_MOST));
        card_write(maker, &card, CARD_SMALL,
                   words_label(maker, "tel.", "电话", list_phones(maker, &maker->plan->parties[party])));
        card_shrink(maker, &card, 50);
        *node = graph_add(maker, &reports->graph, card);
    }
    return *node;
}

static bool are_same(const struct plan *plan, struct plan_list left, struct plan_list right) {
    return left.count == right.count &&
           memcmp(plan->lists + left.first, plan->lists + right.first, left.count * sizeof *plan->lists) == 0;
}

/* Whether the recipients share a box: too many for boxes of their own, or several reports go to the same ones, so that each
 * arrow can be followed. */
static bool do_share(const struct plan *plan, const struct reports *reports, struct plan_list parties) {
    uint32_t count = 0;
    for (uint32_t i = 0; i < reports->count; i++) {
        count += are_same(plan, plan->duties[reports->list[i]].recipients, parties) ? 1 : 0;
    }
    return parties.count > PARTIES_MOST || (parties.count >= PARTIES_FEW && count > 1);
}

static struct text say_party(struct maker *maker, uint16_t party) {
    const struct plan_party *of = &maker->plan->parties[party];
    struct text name = words_cut(maker, of->name, NAME_MOST), phones = list_phones(maker, of);
    return phones.length == 0 ? name
                              : words_print(maker, "%.*s%s%.*s%s", TEXT_PRINT(name), say(maker, " (", "（"),
                                            TEXT_PRINT(phones), say(maker, ")", "）"));
}

static uint32_t add_shared(struct maker *maker, struct reports *reports, struct plan_list parties) {
    for (uint32_t i = 0; i < reports->shared_count; i++) {
        if (are_same(maker->plan, reports->shared[i].parties, parties)) {
            return reports->shared[i].node;
        }
    }
    struct card card = card_make(CHART_PARTY, parties.count > PARTIES_MOST ? 130 : 176);
    card_mean_parties(maker, &card, parties);
    if (parties.count > PARTIES_MOST) {
        card_write(maker, &card, CARD_SMALL, words_parties(maker, parties, PARTIES_NAMED, WORDS_ANY));
    } else {
        card_write(maker, &card, CARD_SMALL_CLOCK, text_of(say(maker, "each of these", "逐家")));
        for (uint16_t i = 0; i < parties.count; i++) {
            uint16_t party = maker->plan->lists[parties.first + i];
            if (party < maker->plan->party_count) {
                card_write(maker, &card, CARD_DETAIL, say_party(maker, party));
            }
        }
        card_shrink(maker, &card, 50);
    }
    struct shared *made = maker_grow(maker, &reports->shared, &reports->shared_count, sizeof *made);
    uint32_t node = graph_add(maker, &reports->graph, card);
    if (made != NULL) {
        *made = (struct shared){parties, node};
    }
    return node;
}

static void join_parties(struct maker *maker, struct reports *reports, struct plan_list parties, uint32_t node,
                         bool to) {
    if (to ? do_share(maker->plan, reports, parties) : parties.count > PARTIES_MOST) {
        uint32_t all = add_shared(maker, reports, parties);
        graph_join(maker, &reports->graph, to ? node : all, to ? all : node, false);
        return;
    }
    for (uint16_t i = 0; i < parties.count; i++) {
        uint16_t party = maker->plan->lists[parties.first + i];
        if (party < maker->plan->party_count) {
            uint32_t other = add_party(maker, reports, party);
            graph_join(maker, &reports->graph, to ? node : other, to ? other : node, false);
        }
    }
}

static void add_report(struct maker *maker, struct reports *reports, const struct plan_duty *duty) {
    struct card card = card_make(duty_shape(duty), 118);
    card_mean(maker, &card, CHART_MEANS_DUTY, (uint32_t)(duty - maker->plan->duties));
    card_write(maker, &card, CARD_CENTRED, words_cut(maker, duty->name, NAME_MOST));
    card_write(maker, &card, CARD_SMALL_CLOCK, words_deadline(maker, duty));
    card_write(maker, &card, CARD_SMALL, words_cut(maker, words_means(maker, duty), NAME_MOST));
    card_write(maker, &card, CARD_CLAUSE, words_clauses(maker, duty->cites, 2));
    card_shrink(maker, &card, 40);
    uint32_t node = graph_add(maker, &reports->graph, card);
    for (uint16_t i = 0; i < duty->bearers.count; i++) {
        const struct plan_trigger *trigger = &maker->plan->triggers[duty->trigger];
        if (maker->plan->lists[duty->bearers.first + i] == PLAN_BEARER_RECIPIENT && trigger->kind == PLAN_DONE) {
            join_parties(maker, reports, maker->plan->duties[trigger->duty].recipients, node, false);
        }
    }
    join_parties(maker, reports, duty->bearers, node, false);
    join_parties(maker, reports, duty->recipients, node, true);
}

/* ---- on sheets --------------------------------------------------------------------------------------------- */

/* Draws reports `first` to `next` of the list together; false when they do not fit, or with a failure. */
static bool fit(struct maker *maker, const uint16_t *list, uint32_t count, uint32_t first, uint32_t next,
                struct reports *reports, bool *landscape) {
    if (!start(maker, reports, list, count)) {
        return false;
    }
    for (uint32_t i = first; i < next; i++) {
        add_report(maker, reports, &maker->plan->duties[list[i]]);
    }
    return !maker->failure->set && graph_fit(maker, &reports->graph, landscape);
}

static bool build_subject(struct maker *maker, uint16_t subject, const uint16_t *list, uint32_t count) {
    uint32_t part = 0;
    for (uint32_t first = 0; first < count;) {
        struct reports reports, wider;
        bool landscape = true, wider_landscape = true;
        if (!fit(maker, list, count, first, first + 1, &reports, &landscape)) {
            return failure_set(maker->failure, "one report (%.*s) needs more than a sheet",
                               TEXT_PRINT(maker->plan->duties[list[first]].name));
        }
        uint32_t next = first + 1;
        while (next < count && next - first < REPORTS_MOST &&
               fit(maker, list, count, first, next + 1, &wider, &wider_landscape)) {
            reports = wider;
            landscape = wider_landscape;
            next++;
        }
        part++;
        struct text title =
            words_print(maker, "%.*s%s", TEXT_PRINT(words_cut(maker, maker->plan->subjects[subject].name, NAME_MOST)),
                        say(maker, ": who reports to whom, and by when", "：谁向谁报告、限时多久"));
        struct chart_sheet *sheet = sheet_add(maker, sheet_continue(maker, title, part), landscape);
        if (maker->failure->set || sheet == NULL) {
            return false;
        }
        graph_place(maker, &reports.graph, sheet, landscape);
        first = next;
    }
    return !maker->failure->set;
}

bool report_build(struct maker *maker) {
    const struct plan *plan = maker->plan;
    uint16_t *list = arena_allocate_array(maker->arena, plan->duty_count + 1U, sizeof *list);
    if (list == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    for (uint32_t subject = 0; subject < plan->subject_count; subject++) {
        uint32_t count = 0;
        for (uint32_t i = 0; i < plan->duty_count; i++) {
            const struct plan_duty *duty = &plan->duties[i];
            if (duty->recipients.count > 0 && plan->triggers[duty->trigger].subject == subject) {
                list[count++] = (uint16_t)i;
            }
        }
        if (!build_subject(maker, (uint16_t)subject, list, count)) {
            return false;
        }
    }
    return true;
}
