/* Drafting: each part of a form that is to be drafted, with what is known in the place of the names. */
#include "paper/paper.h"

#include "base/calendar.h"
#include "run/show.h"

#include <stdlib.h>

struct drafting {
    const struct engine *engine;
    const struct plan *plan;
    struct engine_incident_view incident;
    int64_t at;
    const struct paper_surroundings *around;
    struct buffer *out;
};

static const char *say(const struct drafting *drafting, const char *english, const char *chinese) {
    return paper_say(drafting->plan, english, chinese);
}

static void add(const struct drafting *drafting, const char *english, const char *chinese) {
    buffer_append_string(drafting->out, say(drafting, english, chinese));
}

static void find_value(const struct drafting *drafting, uint16_t fact, int64_t *low, int64_t *high) {
    *low = drafting->plan->facts[fact].low;
    *high = drafting->plan->facts[fact].high;
    (void)engine_view_fact_at(drafting->engine, drafting->incident.number, fact, drafting->at, low, high);
}

static bool is_certain(const struct drafting *drafting, uint32_t node) {
    bool certain = false;
    bool possible = false;
    return node == PLAN_NO_NODE ||
           (engine_view_condition(drafting->engine, drafting->incident.number, node, &certain, &possible) && certain);
}

/* ---- names and what takes their place --------------------------------------------------------------------- */

static void write_fact(const struct drafting *drafting, uint16_t fact) {
    if (drafting->around->steady && drafting->plan->facts[fact].from != PLAN_NONE) {
        return;
    }
    int64_t low = 0;
    int64_t high = 0;
    find_value(drafting, fact, &low, &high);
    paper_write_value(drafting->plan, fact, low, high, drafting->out);
}

/* Whether one report stands behind another in the order in which they are believed. */
static bool is_behind(const struct engine_claim_view *claim, const struct engine_claim_view *other) {
    return claim->as_of != other->as_of ? claim->as_of > other->as_of : claim->heard_at > other->heard_at;
}

/* A report that says how a fact is, and still stands. */
static bool view_standing(const struct drafting *drafting, uint32_t number, uint16_t fact,
                          struct engine_claim_view *claim) {
    return engine_view_claim(drafting->engine, drafting->incident.number, number, claim) && claim->fact == fact &&
           !claim->corrected && !claim->withdrawn && claim->basis != ENGINE_PREDICTED;
}

/* As of when the first of those reports was that have said yes in a row up to now; of what never falls, the first that said
 * so. ENGINE_NEVER where the flag is not yes, or nobody has reported it so. */
static int64_t find_yes_since(const struct drafting *drafting, uint16_t fact) {
    int64_t low = 0;
    int64_t high = 0;
    int64_t since = ENGINE_NEVER;
    bool may_fall = !drafting->plan->facts[fact].never_falls;
    struct engine_claim_view last = {.as_of = INT64_MIN, .heard_at = INT64_MIN}; /* that did not say yes */
    struct engine_claim_view claim;
    find_value(drafting, fact, &low, &high);
    for (uint32_t number = 1; number <= drafting->incident.claim_count; number++) {
        if (may_fall && view_standing(drafting, number, fact, &claim) && claim.low < 1 && is_behind(&claim, &last)) {
            last = claim;
        }
    }
    for (uint32_t number = 1; number <= drafting->incident.claim_count && low >= 1; number++) {
        if (view_standing(drafting, number, fact, &claim) && claim.low >= 1 && is_behind(&claim, &last)) {
            since = claim.as_of < since ? claim.as_of : since;
        }
    }
    return since;
}

static void write_since(const struct drafting *drafting, uint16_t fact) {
    int64_t since = find_yes_since(drafting, fact);
    if (since == ENGINE_NEVER) {
        write_fact(drafting, fact);
    } else {
        paper_write_instant(drafting->plan, since, drafting->out);
    }
}

/* A level that may still become another says so. */
static void write_level(const struct drafting *drafting, const struct plan_scale *scale,
                        const struct engine_scale_view *view) {
    if (view->level == view->may) {
        buffer_append_text(drafting->out, show_level(drafting->plan, scale, view->level));
    } else if (view->level == 0) {
        add(drafting, "not yet certain, perhaps ", "尚不能确定，可能达到");
        buffer_append_text(drafting->out, scale->levels[view->may]);
    } else {
        add(drafting, "at least ", "至少");
        buffer_append_text(drafting->out, scale->levels[view->level]);
        add(drafting, ", perhaps ", "，可能达到");
        buffer_append_text(drafting->out, scale->levels[view->may]);
    }
}

static void write_scale(const struct drafting *drafting, uint16_t index) {
    const struct plan_scale *scale = &drafting->plan->scales[index];
    struct engine_scale_view view = {0};
    (void)engine_view_scale(drafting->engine, drafting->incident.number, index, &view);
    if (!scale->ordered) {
        write_level(drafting, scale, &view);
    } else if (view.order != 0) {
        buffer_append_text(drafting->out, scale->levels[view.order]);
    } else if (view.ended) {
        add(drafting, "ended", "已终止");
    } else {
        add(drafting, "none", "尚未启动");
    }
}

/* The proposal on a scale that nobody has decided yet. */
static bool find_proposal(const struct drafting *drafting, uint16_t index, struct engine_proposal_view *proposal) {
    struct engine_scale_view view = {0};
    return engine_view_scale(drafting->engine, drafting->incident.number, index, &view) && view.proposal != 0 &&
           engine_view_proposal(drafting->engine, drafting->incident.number, view.proposal, proposal);
}

static void write_proposed(const struct drafting *drafting, uint16_t index) {
    const struct plan_scale *scale = &drafting->plan->scales[index];
    struct engine_proposal_view proposal;
    if (!find_proposal(drafting, index, &proposal)) {
        add(drafting, "(nothing is proposed)", "（没有待决定的提请）");
    } else if (proposal.to == 0) {
        add(drafting, "its end", "终止");
    } else {
        buffer_append_text(drafting->out, scale->levels[proposal.to]);
    }
}

static void write_clauses(const struct drafting *drafting, struct plan_span cites, bool *any) {
    for (uint16_t i = 0; i < cites.count; i++) {
        buffer_append_string(drafting->out, *any ? say(drafting, ", ", "、") : "");
        buffer_append_text(drafting->out, drafting->plan->cites[cites.first + i]);
        *any = true;
    }
}

/* The clauses of the rules that gave the proposed level; of an end, those by which it ends. */
static void write_grounds(const struct drafting *drafting, uint16_t index) {
    const struct plan_scale *scale = &drafting->plan->scales[index];
    struct engine_proposal_view proposal;
    bool any = false;
    if (find_proposal(drafting, index, &proposal)) {
        for (uint16_t i = 0; i < scale->rule_count; i++) {
            if ((proposal.because & UINT64_C(1) << i) != 0) {
                write_clauses(drafting, drafting->plan->rules[scale->first_rule + i].cites, &any);
            }
        }
        write_clauses(drafting, show_end_cites(drafting->engine, drafting->incident.number, scale, &proposal), &any);
    }
    if (!any) {
        add(drafting, "(no clause)", "（无对应条款）");
    }
}

/* Who is bound to a role. */
static void write_bound(const struct drafting *drafting, uint16_t role) {
    bool any = false;
    for (uint32_t i = 0; i < drafting->incident.binding_count; i++) {
        uint16_t of = PLAN_NONE;
        uint16_t unit = PLAN_NONE;
        if (engine_view_binding(drafting->engine, drafting->incident.number, i, &of, &unit) && of == role &&
            unit < drafting->plan->party_count) {
            buffer_append_string(drafting->out, any ? say(drafting, ", ", "、") : "");
            buffer_append_text(drafting->out, drafting->plan->parties[unit].name);
            any = true;
        }
    }
    if (!any) {
        buffer_append_text(drafting->out, drafting->plan->parties[role].name);
        add(drafting, " (not yet named)", "（尚未指定）");
    }
}

static void write_party(const struct drafting *drafting, uint16_t party) {
    if (drafting->plan->parties[party].kind == PLAN_ROLE) {
        write_bound(drafting, party);
    } else {
        buffer_append_text(drafting->out, drafting->plan->parties[party].name);
    }
}

static void write_holders(const struct drafting *drafting, const struct plan_position *position) {
    if (position->holders.count == 0) {
        buffer_append_text(drafting->out, position->held_by);
        return;
    }
    for (uint16_t i = 0; i < position->holders.count; i++) {
        bool is_last = i + 1 == position->holders.count;
        if (i > 0) {
            add(drafting, position->one_serves && is_last ? " or " : ", ",
                position->one_serves && is_last ? "或" : "、");
        }
        write_party(drafting, drafting->plan->lists[position->holders.first + i]);
    }
}

/* Of several positions of one name the one whose condition holds is filled. */
static void write_position(const struct drafting *drafting, const struct plan_piece *piece) {
    const struct plan_command *command = &drafting->plan->commands[piece->index];
    bool is_ours = command->subject == drafting->incident.subject;
    for (uint16_t i = 0; i < command->position_count; i++) {
        const struct plan_position *position = &drafting->plan->positions[command->first_position + i];
        bool holds = position->condition == PLAN_NO_NODE || (is_ours && is_certain(drafting, position->condition));
        if (holds && text_equal(position->name, piece->words)) {
            write_holders(drafting, position);
            return;
        }
    }
    add(drafting, "not yet certain", "尚未确定");
}

/* A text on one line, whatever stands in it. */
static void write_line(const struct drafting *drafting, struct text text) {
    for (size_t i = 0; i < text.length; i++) {
        char byte = (unsigned char)text.bytes[i] < ' ' ? ' ' : text.bytes[i];
        buffer_append(drafting->out, &byte, 1);
    }
}

/* A text that is told, or the words for one that nobody has told. */
static void write_told(const struct drafting *drafting, struct text text, const char *english, const char *chinese) {
    struct text told = text_trim(text);
    write_line(drafting, told.length > 0 ? told : text_of(say(drafting, english, chinese)));
}

static void write_piece(const struct drafting *drafting, const struct plan_piece *piece) {
    switch (piece->kind) {
    case PLAN_PIECE_WORDS:
        write_line(drafting, piece->words);
        return;
    case PLAN_PIECE_FACT:
        write_fact(drafting, piece->index);
        return;
    case PLAN_PIECE_SINCE:
        write_since(drafting, piece->index);
        return;
    case PLAN_PIECE_SCALE:
        write_scale(drafting, piece->index);
        return;
    case PLAN_PIECE_PARTY:
        write_party(drafting, piece->index);
        return;
    case PLAN_PIECE_POSITION:
        write_position(drafting, piece);
        return;
    case PLAN_PIECE_PROPOSED:
        write_proposed(drafting, piece->index);
        return;
    case PLAN_PIECE_GROUNDS:
        write_grounds(drafting, piece->index);
        return;
    case PLAN_PIECE_NOW:
        if (!drafting->around->steady) {
            paper_write_instant(drafting->plan, drafting->at, drafting->out);
        }
        return;
    case PLAN_PIECE_OPENED:
        paper_write_instant(drafting->plan, drafting->incident.first_report_at, drafting->out);
        return;
    case PLAN_PIECE_PLACE:
        write_told(drafting, drafting->around->place, "a place not yet known", "（地点尚未查明）");
        return;
    case PLAN_PIECE_INCIDENT:
        write_told(drafting, drafting->incident.title, "an incident without a name", "（未命名事件）");
        return;
    case PLAN_PIECE_PLAN:
        write_told(drafting, drafting->plan->title, "the plan", "本预案");
        return;
    case PLAN_PIECE_DOCUMENT:
        write_told(drafting, drafting->plan->document, "(no number)", "（无文号）");
        return;
    case PLAN_PIECE_ISSUER:
        write_told(drafting, drafting->plan->issuer, "(no issuer)", "（发文机关未写明）");
        return;
    }
}

static void write_pieces(const struct drafting *drafting, struct plan_span pieces) {
    for (uint16_t i = 0; i < pieces.count; i++) {
        write_piece(drafting, &drafting->plan->pieces[pieces.first + i]);
    }
}

/* ---- lists ------------------------------------------------------------------------------------------------ */

static void end_line(const struct drafting *drafting) {
    buffer_append_string(drafting->out, "\n");
}

static void list_facts(const struct drafting *drafting, struct plan_list facts) {
    for (uint16_t i = 0; i < facts.count; i++) {
        uint16_t fact = drafting->plan->lists[facts.first + i];
        buffer_append_text(drafting->out, drafting->plan->facts[fact].name);
        add(drafting, ": ", "：");
        write_fact(drafting, fact);
        end_line(drafting);
    }
}

static void write_force(const struct drafting *drafting, const struct paper_force *force) {
    static const char *const english[] = {
        "called, has not answered yet", "does not answer", "declined", "on the way", "there", "released"};
    static const char *const chinese[] = {"已呼叫，尚未答复", "无人接听", "不能出动", "正在赶来", "已到场", "已撤回"};
    write_line(drafting, force->party);
    buffer_print(drafting->out, "%s%s", say(drafting, ": ", "："),
                 say(drafting, english[force->state], chinese[force->state]));
    if (force->state == PAPER_FORCE_COMING || force->state == PAPER_FORCE_THERE) {
        buffer_append_string(drafting->out, say(drafting, ", ", "，"));
        if (force->people == 0) {
            add(drafting, "number not yet known", "人数尚未查明");
        } else {
            buffer_print(drafting->out, "%u%s", (unsigned)force->people, say(drafting, " people", "人"));
        }
    }
}

static void list_forces(const struct drafting *drafting) {
    for (size_t i = 0; i < drafting->around->force_count; i++) {
        write_force(drafting, &drafting->around->forces[i]);
        end_line(drafting);
    }
    if (drafting->around->force_count == 0) {
        add(drafting, "No force has been called yet.", "尚未调动力量。");
        end_line(drafting);
    }
}

/* Who owes it, or is told of it; where nobody is bound to the role, the role. */
static void write_side(const struct drafting *drafting, uint16_t party, uint16_t role) {
    if (party < drafting->plan->party_count) {
        write_party(drafting, party);
    } else if (role < drafting->plan->party_count) {
        write_bound(drafting, role);
    }
}

static bool has_side(const struct drafting *drafting, uint16_t party, uint16_t role) {
    return party < drafting->plan->party_count || role < drafting->plan->party_count;
}

static void write_status(const struct drafting *drafting, const struct engine_duty_view *duty) {
    static const char *const english[] = {"open", "done", "declined", "lapsed"};
    static const char *const chinese[] = {"未办结", "已办结", "不予办理", "已了结"};
    add(drafting, english[duty->status], chinese[duty->status]);
    if (duty->status == ENGINE_DONE_STATUS && duty->done_at != ENGINE_NEVER) {
        add(drafting, " ", "，");
        paper_write_instant(drafting->plan, duty->done_at, drafting->out);
    } else if (duty->status == ENGINE_OWED && duty->overdue) {
        add(drafting, ", overdue", "，已逾期");
    }
}

/* Prohibitions and standing notices are nobody's work. */
static void list_duties(const struct drafting *drafting) {
    bool any = false;
    for (uint32_t number = 1; number <= drafting->incident.duty_count; number++) {
        struct engine_duty_view view;
        if (!engine_view_duty(drafting->engine, drafting->incident.number, number, &view) || view.duty == PLAN_NONE ||
            drafting->plan->duties[view.duty].kind == PLAN_FORBID ||
            drafting->plan->duties[view.duty].kind == PLAN_NOTICE ||
            (drafting->plan->duties[view.duty].kind == PLAN_OPTION && view.status != ENGINE_DONE_STATUS)) {
            continue;
        }
        buffer_append_text(drafting->out, drafting->plan->duties[view.duty].name);
        if (has_side(drafting, view.bearer, view.bearer_role)) {
            add(drafting, " (", "（");
            write_side(drafting, view.bearer, view.bearer_role);
            if (has_side(drafting, view.recipient, view.recipient_role)) {
                add(drafting, " to ", "报");
                write_side(drafting, view.recipient, view.recipient_role);
            }
            add(drafting, ")", "）");
        }
        add(drafting, ": ", "：");
        write_status(drafting, &view);
        end_line(drafting);
        any = true;
    }
    if (!any) {
        add(drafting, "No duty has been raised.", "没有产生职责。");
        end_line(drafting);
    }
}

/* ---- the timeline ----------------------------------------------------------------------------------------- */

enum moment_kind { MOMENT_OPENED, MOMENT_CLAIM, MOMENT_ORDER, MOMENT_DUTY, MOMENT_FORCE, MOMENT_BINDING };

struct moment {
    int64_t at;
    enum moment_kind kind;
    uint32_t index;
};

static int compare_moments(const void *left, const void *right) {
    const struct moment *one = left;
    const struct moment *other = right;
    if (one->at != other->at) {
        return one->at < other->at ? -1 : 1;
    }
    return one->kind != other->kind ? (int)one->kind - (int)other->kind
                                    : (one->index > other->index) - (one->index < other->index);
}

static void collect_moment(struct buffer *moments, int64_t at, enum moment_kind kind, uint32_t index) {
    const struct moment moment = {at, kind, index};
    buffer_append(moments, &moment, sizeof moment);
}

/* What was reported and stands: what was corrected never was so, what is predicted has not happened. */
static void collect_claims(const struct drafting *drafting, struct buffer *moments) {
    for (uint32_t number = 1; number <= drafting->incident.claim_count; number++) {
        struct engine_claim_view claim;
        if (engine_view_claim(drafting->engine, drafting->incident.number, number, &claim) && !claim.corrected &&
            !claim.withdrawn && claim.fact != PLAN_NONE && claim.basis != ENGINE_PREDICTED &&
            drafting->plan->facts[claim.fact].type != PLAN_SERIES) {
            collect_moment(moments, claim.as_of, MOMENT_CLAIM, number);
        }
    }
}

/* Orders, what was reported, decided and taken, whom people came from, who had which role; that duties were done is another list. */
static void collect_moments(const struct drafting *drafting, struct buffer *moments) {
    const struct engine_incident_view *incident = &drafting->incident;
    collect_moment(moments, incident->first_report_at, MOMENT_OPENED, 0);
    collect_claims(drafting, moments);
    for (uint32_t i = 0; i < incident->order_count; i++) {
        struct engine_order_view order;
        if (engine_view_order(drafting->engine, incident->number, i, &order)) {
            collect_moment(moments, order.at, MOMENT_ORDER, i);
        }
    }
    for (uint32_t number = 1; number <= incident->duty_count; number++) {
        struct engine_duty_view duty;
        if (engine_view_duty(drafting->engine, incident->number, number, &duty) && duty.status == ENGINE_DONE_STATUS &&
            duty.done_at != ENGINE_NEVER && duty.duty != PLAN_NONE &&
            (drafting->plan->duties[duty.duty].kind == PLAN_DECISION ||
             drafting->plan->duties[duty.duty].kind == PLAN_OPTION)) {
            collect_moment(moments, duty.done_at, MOMENT_DUTY, number);
        }
    }
    for (size_t i = 0; i < drafting->around->step_count; i++) {
        if (drafting->around->steps[i].state >= PAPER_FORCE_COMING) {
            collect_moment(moments, drafting->around->steps[i].since, MOMENT_FORCE, (uint32_t)i);
        }
    }
    for (size_t i = 0; i < drafting->around->binding_count; i++) {
        collect_moment(moments, drafting->around->bindings[i].at, MOMENT_BINDING, (uint32_t)i);
    }
}

static void write_order(const struct drafting *drafting, uint32_t index) {
    struct engine_order_view order;
    if (!engine_view_order(drafting->engine, drafting->incident.number, index, &order) || order.scale == PLAN_NONE) {
        return;
    }
    const struct plan_scale *scale = &drafting->plan->scales[order.scale];
    buffer_append_text(drafting->out, scale->name);
    add(drafting, order.level == 0 ? " ended" : ": ", order.level == 0 ? "终止" : "定为");
    if (order.level != 0) {
        buffer_append_text(drafting->out, scale->levels[order.level]);
    }
    if (order.by < drafting->plan->party_count) {
        add(drafting, " (", "（");
        write_party(drafting, order.by);
        add(drafting, ")", "决定）");
    }
}

/* What was last told of each fact: said again it is nothing new. */
struct told {
    bool is_told;
    int64_t low, high;
};

/* Whether it says something new of its fact; remembers it. */
static bool is_new(const struct drafting *drafting, const struct moment *moment, struct told *told) {
    struct engine_claim_view claim;
    if (moment->kind != MOMENT_CLAIM) {
        return true;
    }
    if (!engine_view_claim(drafting->engine, drafting->incident.number, moment->index, &claim)) {
        return false;
    }
    struct told *last = &told[claim.fact];
    bool is_same = last->is_told && last->low == claim.low && last->high == claim.high;
    *last = (struct told){true, claim.low, claim.high};
    return !is_same;
}

static void write_claim(const struct drafting *drafting, uint32_t number) {
    struct engine_claim_view claim;
    if (engine_view_claim(drafting->engine, drafting->incident.number, number, &claim)) {
        buffer_append_text(drafting->out, drafting->plan->facts[claim.fact].name);
        add(drafting, ": ", "：");
        paper_write_value(drafting->plan, claim.fact, claim.low, claim.high, drafting->out);
    }
}

static void write_binding(const struct drafting *drafting, const struct paper_binding *binding) {
    write_line(drafting, binding->unit);
    add(drafting, binding->ends ? " no longer serves as " : " serves as ", binding->ends ? "不再担任" : "担任");
    write_line(drafting, binding->role);
}

/* What was reported as of the same minute, or who was given his role in it, stands on one line. */
static bool is_with(const struct moment *one, const struct moment *other) {
    return one != NULL && one->kind == other->kind && (other->kind == MOMENT_CLAIM || other->kind == MOMENT_BINDING) &&
           one->at / CALENDAR_US_PER_MINUTE == other->at / CALENDAR_US_PER_MINUTE;
}

static void write_moment(const struct drafting *drafting, const struct moment *moment) {
    struct engine_duty_view duty;
    if (moment->kind == MOMENT_OPENED) {
        add(drafting, "first reported", "接到首次报告");
    } else if (moment->kind == MOMENT_CLAIM) {
        write_claim(drafting, moment->index);
    } else if (moment->kind == MOMENT_ORDER) {
        write_order(drafting, moment->index);
    } else if (moment->kind == MOMENT_FORCE) {
        write_force(drafting, &drafting->around->steps[moment->index]);
    } else if (moment->kind == MOMENT_BINDING) {
        write_binding(drafting, &drafting->around->bindings[moment->index]);
    } else if (engine_view_duty(drafting->engine, drafting->incident.number, moment->index, &duty)) {
        buffer_append_text(drafting->out, drafting->plan->duties[duty.duty].name);
    }
}

static void write_moments(const struct drafting *drafting, const struct moment *items, size_t count,
                          struct told *told) {
    const struct moment *last = NULL;
    for (size_t i = 0; i < count; i++) {
        if (!is_new(drafting, &items[i], told)) {
            continue;
        }
        if (is_with(last, &items[i])) {
            add(drafting, "; ", "；");
        } else {
            buffer_append_string(drafting->out, last == NULL ? "" : "\n");
            paper_write_instant(drafting->plan, items[i].at, drafting->out);
            add(drafting, ": ", "，");
        }
        write_moment(drafting, &items[i]);
        last = &items[i];
    }
    end_line(drafting);
}

static void list_timeline(const struct drafting *drafting) {
    struct buffer moments = {0};
    collect_moments(drafting, &moments);
    size_t count = moments.length / sizeof(struct moment);
    struct moment *items = (struct moment *)(void *)moments.bytes;
    if (count > 0) {
        qsort(items, count, sizeof *items, compare_moments);
    }
    struct told *told = calloc((size_t)drafting->plan->fact_count + 1, sizeof *told);
    if (told != NULL) {
        write_moments(drafting, items, count, told);
    }
    drafting->out->failed = drafting->out->failed || moments.failed || told == NULL;
    free(told);
    buffer_release(&moments);
}

/* ---- the form --------------------------------------------------------------------------------------------- */

static bool is_drafted(const struct drafting *drafting, const struct plan_form_item *item) {
    bool is_known = item->known.count == 0;
    for (uint16_t i = 0; i < item->known.count; i++) {
        uint16_t fact = drafting->plan->lists[item->known.first + i];
        int64_t low = 0;
        int64_t high = 0;
        find_value(drafting, fact, &low, &high);
        is_known = is_known || !paper_is_unknown(&drafting->plan->facts[fact], low, high);
    }
    return is_known && is_certain(drafting, item->condition);
}

static void write_item(const struct drafting *drafting, const struct plan_form_item *item) {
    buffer_append_string(drafting->out, item->kind == PLAN_ITEM_HEADING ? PAPER_HEADING : "");
    write_pieces(drafting, item->pieces);
    if (item->pieces.count > 0) {
        end_line(drafting);
    }
    switch (item->kind) {
    case PLAN_ITEM_PARAGRAPH:
    case PLAN_ITEM_HEADING:
        return;
    case PLAN_ITEM_FACTS:
        list_facts(drafting, item->facts);
        return;
    case PLAN_ITEM_FORCES:
        list_forces(drafting);
        return;
    case PLAN_ITEM_TIMELINE:
        list_timeline(drafting);
        return;
    case PLAN_ITEM_DUTIES:
        list_duties(drafting);
        return;
    }
}

bool paper_write_draft(const struct engine *engine, uint32_t incident, uint32_t form, int64_t at,
                       const struct paper_surroundings *surroundings, struct paper_draft *draft) {
    struct drafting drafting = {.engine = engine, .at = at, .around = surroundings, .out = &draft->title};
    if (!engine_view_incident(engine, incident, &drafting.incident) || form >= drafting.incident.plan->form_count ||
        drafting.incident.plan->forms[form].subject != drafting.incident.subject) {
        return false;
    }
    drafting.plan = drafting.incident.plan;
    const struct plan_form *of = &drafting.plan->forms[form];
    write_pieces(&drafting, of->title);
    drafting.out = &draft->body;
    for (uint16_t i = 0; i < of->item_count; i++) {
        const struct plan_form_item *item = &drafting.plan->form_items[of->first_item + i];
        if (is_drafted(&drafting, item)) {
            write_item(&drafting, item);
        }
    }
    return !draft->title.failed && !draft->body.failed;
}

void paper_release_draft(struct paper_draft *draft) {
    buffer_release(&draft->title);
    buffer_release(&draft->body);
}
