/* Who reports to whom within what time: every duty that has a recipient stands between its bearers and its recipients. */
#include "chart/maker.h"

#include <string.h>

struct reports {
    struct graph graph;
    uint32_t *party_nodes; /* by party: its node, or UINT32_MAX */
    uint32_t count;
};

static bool start(struct maker *maker, struct reports *reports) {
    memset(reports, 0, sizeof *reports);
    reports->party_nodes = arena_allocate_array(maker->arena, maker->plan->party_count + 1U, sizeof(uint32_t));
    if (reports->party_nodes == NULL) {
        return failure_set(maker->failure, "memory is exhausted");
    }
    memset(reports->party_nodes, 0xFF, (maker->plan->party_count + 1U) * sizeof(uint32_t));
    return true;
}

static uint32_t add_party(struct maker *maker, struct reports *reports, uint16_t party) {
    uint32_t *node = &reports->party_nodes[party];
    if (*node == UINT32_MAX) {
        struct card card = card_make(CHART_PARTY, 110);
        card_write(maker, &card, CARD_CENTRED, maker->plan->parties[party].name);
        card_shrink(maker, &card, 50);
        *node = graph_add(maker, &reports->graph, card);
    }
    return *node;
}

static void join_parties(struct maker *maker, struct reports *reports, struct plan_list parties, uint32_t node,
                         bool to) {
    for (uint16_t i = 0; i < parties.count; i++) {
        uint16_t party = maker->plan->lists[parties.first + i];
        if (party >= maker->plan->party_count) {
            continue;
        }
        uint32_t other = add_party(maker, reports, party);
        graph_join(maker, &reports->graph, to ? node : other, to ? other : node, false);
    }
}

static void add_report(struct maker *maker, struct reports *reports, const struct plan_duty *duty) {
    struct card card = card_make(duty->kind == PLAN_OPTION ? CHART_OPTION : CHART_DUTY, 112);
    card_write(maker, &card, CARD_CENTRED, duty->name);
    card_write(maker, &card, CARD_SMALL, words_deadline(maker, duty));
    card_write(maker, &card, CARD_SMALL, words_means(maker, duty));
    card_write(maker, &card, CARD_SMALL, words_clauses(maker, duty->cites, 3));
    card_shrink(maker, &card, 40);
    uint32_t node = graph_add(maker, &reports->graph, card);
    join_parties(maker, reports, duty->bearers, node, false);
    join_parties(maker, reports, duty->recipients, node, true);
    reports->count++;
}

bool report_build(struct maker *maker) {
    struct reports reports;
    if (!start(maker, &reports)) {
        return false;
    }
    for (uint32_t i = 0; i < maker->plan->duty_count; i++) {
        if (maker->plan->duties[i].recipients.count > 0 && reports.count < 7) {
            add_report(maker, &reports, &maker->plan->duties[i]);
        }
    }
    bool landscape = true;
    (void)graph_fit(maker, &reports.graph, &landscape);
    struct chart_sheet *sheet = sheet_add(
        maker, text_of(say(maker, "Who reports to whom, and by when", "信息报告：谁向谁报、限时多久")), landscape);
    if (sheet == NULL) {
        return false;
    }
    graph_place(maker, &reports.graph, sheet, landscape);
    return !maker->failure->set;
}
