#include "engine/program.h"
#include "engine/bits.h"

#include <string.h>

/* What is being built; sizes are counted first, so that every array is allocated once. */
struct builder {
    struct decide_program *program;
    struct failure *failure;
};

struct polarity {
    uint64_t up, down, mixed;
    uint64_t seen_choice;
    uint32_t choice[PLAN_FACTS_MAX];
    uint64_t seen_days;
    struct {
        uint8_t kind, low, high, days;
        bool forward;
    } day_leaf[PLAN_FACTS_MAX];
};

/* ---- steps ------------------------------------------------------------------------------------------------ */

static bool count_tree(const struct plan *plan, uint32_t node, uint32_t depth, uint64_t *steps, uint64_t *slots) {
    const struct plan_node *at = &plan->nodes[node];
    if (depth > 200 || *steps > 4000000) {
        return false;
    }
    (*steps)++;
    *slots += at->facts.count;
    for (uint16_t i = 0; i < at->children.count; i++) {
        if (!count_tree(plan, plan->node_lists[at->children.first + i], depth + 1, steps, slots)) {
            return false;
        }
    }
    return true;
}

static void emit_tree(struct decide_program *program, uint32_t node, struct condition *condition) {
    const struct plan *plan = program->plan;
    const struct plan_node *from = &plan->nodes[node];
    uint32_t index = program->step_count++;
    struct step *step = &program->steps[index];
    step->kind = (uint8_t)from->kind;
    step->days = from->days;
    step->forward = from->forward;
    step->low = from->low;
    step->high = from->high;
    step->bound = from->kind == PLAN_AMONG ? (int64_t)from->choices : from->bound;
    step->first_slot = program->slot_count;
    for (uint16_t i = 0; i < from->facts.count; i++) {
        uint8_t slot = plan->facts[plan->lists[from->facts.first + i]].slot;
        program->slots[program->slot_count++] = slot;
        condition->slots |= UINT64_C(1) << slot;
    }
    step->slot_count = (uint8_t)from->facts.count;
    if (from->facts.count > 0) {
        step->slot = program->slots[step->first_slot];
    }
    if (from->kind == PLAN_LEVEL) {
        step->slot = plan->scales[from->scale].position;
        condition->scales |= (uint8_t)(1U << step->slot);
    }
    for (uint16_t i = 0; i < from->children.count; i++) {
        emit_tree(program, plan->node_lists[from->children.first + i], condition);
    }
    step->end = program->step_count;
}

/* ---- which way facts pull --------------------------------------------------------------------------------- */

static void note_direction(struct polarity *polarity, uint8_t slot, bool up) {
    uint64_t bit = UINT64_C(1) << slot;
    if (up) {
        polarity->up |= bit;
    } else {
        polarity->down |= bit;
    }
    if ((polarity->up & polarity->down & bit) != 0) {
        polarity->mixed |= bit;
    }
}

static void note_choice(struct polarity *polarity, const struct step *step) {
    uint64_t bit = UINT64_C(1) << step->slot;
    if ((polarity->seen_choice & bit) != 0 && polarity->choice[step->slot] != (uint32_t)step->bound) {
        polarity->mixed |= bit;
    }
    polarity->seen_choice |= bit;
    polarity->choice[step->slot] = (uint32_t)step->bound;
}

/* Days pull one way when their values reach to an end of the series' order; a range in the middle does no harm as
 * long as it is the only leaf of its kind. */
static void note_days(struct polarity *polarity, const struct step *step, uint16_t value_count) {
    uint64_t bit = UINT64_C(1) << step->slot;
    bool up = step->high + 1 >= value_count;
    bool down = step->low == 0;
    bool same =
        (polarity->seen_days & bit) == 0 ||
        (polarity->day_leaf[step->slot].kind == step->kind && polarity->day_leaf[step->slot].low == step->low &&
         polarity->day_leaf[step->slot].high == step->high && polarity->day_leaf[step->slot].days == step->days &&
         polarity->day_leaf[step->slot].forward == step->forward);
    if (up != down) {
        note_direction(polarity, step->slot, up);
    } else if (!same || ((polarity->up | polarity->down) & bit) != 0) {
        polarity->mixed |= bit;
    }
    polarity->seen_days |= bit;
    polarity->day_leaf[step->slot].kind = step->kind;
    polarity->day_leaf[step->slot].low = step->low;
    polarity->day_leaf[step->slot].high = step->high;
    polarity->day_leaf[step->slot].days = step->days;
    polarity->day_leaf[step->slot].forward = step->forward;
}

static void note_polarity(const struct decide_program *program, uint16_t subject, uint32_t start,
                          struct polarity *polarity) {
    const struct plan_subject *of = &program->plan->subjects[subject];
    for (uint32_t i = start; i < program->steps[start].end; i++) {
        const struct step *step = &program->steps[i];
        switch (step->kind) {
        case PLAN_AT_LEAST:
        case PLAN_AT_MOST:
            for (uint8_t k = 0; k < step->slot_count; k++) {
                note_direction(polarity, program->slots[step->first_slot + k], step->kind == PLAN_AT_LEAST);
            }
            break;
        case PLAN_AMONG:
            note_choice(polarity, step);
            break;
        case PLAN_EVERY_DAY:
        case PLAN_SOME_DAY:
            note_days(polarity, step, program->plan->facts[of->facts[step->slot]].choice_count);
            break;
        default:
            break;
        }
    }
}

/* Refuses what could not be weighed exactly, so that no evaluation ever has to guess. */
static bool check_mixed(const struct decide_program *program, uint16_t subject, uint32_t start, uint64_t mixed,
                        struct failure *failure) {
    const struct plan *plan = program->plan;
    const struct plan_subject *of = &plan->subjects[subject];
    for (uint32_t i = start; i < program->steps[start].end; i++) {
        const struct step *step = &program->steps[i];
        bool days = step->kind == PLAN_EVERY_DAY || step->kind == PLAN_SOME_DAY;
        uint32_t mixed_here = 0;
        const struct plan_fact *fact = NULL;
        for (uint8_t k = 0; k < step->slot_count; k++) {
            uint8_t slot = program->slots[step->first_slot + k];
            if ((mixed >> slot & 1) != 0) {
                mixed_here++;
                fact = &plan->facts[of->facts[slot]];
            }
        }
        if (fact == NULL) {
            continue;
        }
        if (days) {
            return failure_set_place(failure, plan->file.bytes, fact->place.line, fact->place.column,
                                     "%.*s is asked for both high and low days in conditions that belong together; "
                                     "this cannot be weighed exactly: use one direction",
                                     (int)fact->name.length, fact->name.bytes);
        }
        if (mixed_here > 1 && (fact->dimension != QUANTITY_COUNT || step->bound > PROGRAM_SUM_CELLS_MAX)) {
            return failure_set_place(failure, plan->file.bytes, fact->place.line, fact->place.column,
                                     "%.*s stands in a sum whose facts are each compared both ways; this cannot be "
                                     "weighed exactly: name the sum's parts apart",
                                     (int)fact->name.length, fact->name.bytes);
        }
    }
    return true;
}

/* A running duration in a sum would turn at a moment that depends on the others: refused, as nobody needs it. */
static bool check_sums(const struct decide_program *program, uint16_t subject, uint32_t start,
                       struct failure *failure) {
    const struct plan *plan = program->plan;
    for (uint32_t i = start; i < program->steps[start].end; i++) {
        const struct step *step = &program->steps[i];
        for (uint8_t k = 0; k < step->slot_count && step->slot_count > 1; k++) {
            uint8_t slot = program->slots[step->first_slot + k];
            const struct plan_fact *fact = &plan->facts[plan->subjects[subject].facts[slot]];
            if (fact->from != PLAN_NONE) {
                return failure_set_place(failure, plan->file.bytes, fact->place.line, fact->place.column,
                                         "%.*s runs by itself and cannot stand in a sum", (int)fact->name.length,
                                         fact->name.bytes);
            }
        }
    }
    return true;
}

/* ---- conditions ------------------------------------------------------------------------------------------- */

static bool add_condition(struct builder *builder, uint32_t node, uint16_t subject) {
    struct decide_program *program = builder->program;
    if (node == PLAN_NO_NODE || program->condition_of[node] != PROGRAM_NONE) {
        return true;
    }
    struct condition *condition = &program->conditions[program->condition_count];
    condition->start = program->step_count;
    condition->subject = subject;
    emit_tree(program, node, condition);
    struct polarity polarity = {0};
    note_polarity(program, subject, condition->start, &polarity);
    condition->mixed = polarity.mixed;
    program->condition_of[node] = program->condition_count++;
    return check_sums(program, subject, condition->start, builder->failure) &&
           check_mixed(program, subject, condition->start, condition->mixed, builder->failure);
}

/* Calls `visit` for every condition that is evaluated by itself, with its subject. */
static bool visit_roots(const struct plan *plan, bool (*visit)(void *, uint32_t, uint16_t), void *context) {
    bool fine = true;
    for (uint32_t i = 0; i < plan->scale_count && fine; i++) {
        const struct plan_scale *scale = &plan->scales[i];
        fine = visit(context, scale->given, scale->subject) && visit(context, scale->ends_when, scale->subject) &&
               visit(context, scale->reopens_when, scale->subject);
        for (uint16_t k = 0; k < scale->rule_count && fine; k++) {
            const struct plan_rule *rule = &plan->rules[scale->first_rule + k];
            fine = visit(context, rule->condition, scale->subject) && visit(context, rule->literal, scale->subject);
        }
    }
    for (uint32_t i = 0; i < plan->trigger_count && fine; i++) {
        const struct plan_trigger *trigger = &plan->triggers[i];
        if (trigger->kind == PLAN_WHILE) {
            fine = visit(context, trigger->condition, trigger->subject);
        }
        for (uint16_t k = 0; k < trigger->duty_count && fine; k++) {
            fine = visit(context, plan->duties[trigger->first_duty + k].until, trigger->subject);
        }
    }
    for (uint32_t i = 0; i < plan->command_count && fine; i++) {
        const struct plan_command *command = &plan->commands[i];
        if (command->subject == PLAN_NONE) {
            continue;
        }
        fine = visit(context, command->condition, command->subject);
        for (uint16_t k = 0; k < command->position_count && fine; k++) {
            fine = visit(context, plan->positions[command->first_position + k].condition, command->subject);
        }
    }
    for (uint32_t i = 0; i < plan->handling_count && fine; i++) {
        const struct plan_handling *handling = &plan->handlings[i];
        for (uint16_t k = 0; k < handling->step_count && fine; k++) {
            const struct plan_step *step = &plan->steps[handling->first_step + k];
            fine = visit(context, step->condition, handling->subject) &&
                   visit(context, step->done_when, handling->subject) && visit(context, step->until, handling->subject);
        }
    }
    for (uint32_t i = 0; i < plan->form_count && fine; i++) {
        const struct plan_form *form = &plan->forms[i];
        for (uint16_t k = 0; k < form->item_count && fine; k++) {
            fine = visit(context, plan->form_items[form->first_item + k].condition, form->subject);
        }
    }
    return fine;
}

struct counting {
    const struct plan *plan;
    uint64_t steps, slots, roots;
};

static bool count_root(void *context, uint32_t node, uint16_t subject) {
    struct counting *counting = context;
    (void)subject;
    counting->roots++;
    return node == PLAN_NO_NODE || count_tree(counting->plan, node, 0, &counting->steps, &counting->slots);
}

static bool add_root(void *context, uint32_t node, uint16_t subject) {
    return add_condition(context, node, subject);
}

/* ---- terms: every rule as a choice among conjunctions ----------------------------------------------------- */

/* A growing set of conjunctions, on the way to the program's own arrays. */
struct expansion {
    struct arena *arena;
    uint32_t count, room;
    struct conjunction {
        uint8_t count;
        uint32_t leaves[PROGRAM_TERM_LEAVES_MAX];
    } * items;
    bool overflow;
};

static void expansion_add(struct expansion *to, const struct conjunction *item) {
    if (to->count == to->room) {
        uint32_t room = to->room == 0 ? 16 : to->room * 2;
        struct conjunction *items =
            room > 2 * PROGRAM_TERMS_MAX ? NULL : arena_allocate_array(to->arena, room, sizeof *items);
        if (items == NULL) {
            to->overflow = true;
            return;
        }
        if (to->count > 0) {
            memcpy(items, to->items, to->count * sizeof *items);
        }
        to->items = items;
        to->room = room;
    }
    to->items[to->count++] = *item;
}

static void expansion_multiply(struct expansion *to, const struct expansion *left, const struct expansion *right) {
    for (uint32_t i = 0; i < left->count; i++) {
        for (uint32_t k = 0; k < right->count && !to->overflow; k++) {
            struct conjunction both = left->items[i];
            for (uint8_t n = 0; n < right->items[k].count; n++) {
                if (both.count == PROGRAM_TERM_LEAVES_MAX) {
                    to->overflow = true;
                    return;
                }
                both.leaves[both.count++] = right->items[k].leaves[n];
            }
            expansion_add(to, &both);
        }
    }
    to->overflow = to->overflow || left->overflow || right->overflow;
}

static struct expansion expand(const struct decide_program *program, struct arena *arena, uint32_t at) {
    const struct step *step = &program->steps[at];
    struct expansion result = {.arena = arena};
    if (step->kind != PLAN_ALL && step->kind != PLAN_ANY) {
        struct conjunction single = {.count = 1, .leaves = {at}};
        expansion_add(&result, &single);
        return result;
    }
    if (step->kind == PLAN_ALL) {
        expansion_add(&result, &(struct conjunction){0});
    }
    for (uint32_t child = at + 1; child < step->end && !result.overflow; child = program->steps[child].end) {
        struct expansion part = expand(program, arena, child);
        if (step->kind == PLAN_ALL) {
            struct expansion product = {.arena = arena};
            expansion_multiply(&product, &result, &part);
            result = product;
        } else {
            for (uint32_t i = 0; i < part.count; i++) {
                expansion_add(&result, &part.items[i]);
            }
            result.overflow = result.overflow || part.overflow;
        }
    }
    return result;
}

static bool append_terms(struct decide_program *program, const struct expansion *from, uint8_t rule, uint8_t level) {
    struct term *terms = arena_allocate_array(program->arena, program->term_count + from->count + 1, sizeof *terms);
    uint32_t leaf_total = program->leaf_count;
    for (uint32_t i = 0; i < from->count; i++) {
        leaf_total += from->items[i].count;
    }
    uint32_t *leaves = arena_allocate_array(program->arena, leaf_total + 1, sizeof *leaves);
    if (terms == NULL || leaves == NULL) {
        return false;
    }
    if (program->term_count > 0) {
        memcpy(terms, program->terms, program->term_count * sizeof *terms);
        memcpy(leaves, program->leaves, program->leaf_count * sizeof *leaves);
    }
    program->terms = terms;
    program->leaves = leaves;
    for (uint32_t i = 0; i < from->count; i++) {
        struct term *term = &terms[program->term_count++];
        *term = (struct term){
            .rule = rule, .level = level, .leaf_count = from->items[i].count, .first_leaf = program->leaf_count};
        for (uint8_t k = 0; k < from->items[i].count; k++) {
            const struct step *step = &program->steps[from->items[i].leaves[k]];
            leaves[program->leaf_count++] = from->items[i].leaves[k];
            for (uint8_t n = 0; n < step->slot_count; n++) {
                term->slots |= UINT64_C(1) << program->slots[step->first_slot + n];
            }
        }
    }
    return true;
}

static bool add_terms(struct builder *builder, uint32_t index) {
    struct decide_program *program = builder->program;
    struct scale_program *scale = &program->scales[index];
    const struct plan_scale *from = &program->plan->scales[index];
    struct arena *scratch = arena_create((size_t)256 << 20);
    bool fine = scratch != NULL;
    scale->first_term = program->term_count;
    struct expansion given = {.arena = scratch};
    if (fine && scale->given == PROGRAM_NONE) {
        expansion_add(&given, &(struct conjunction){0});
    } else if (fine) {
        given = expand(program, scratch, program->conditions[scale->given].start);
    }
    for (uint8_t i = 0; i < scale->rule_count && fine; i++) {
        struct expansion rule = expand(program, scratch, program->conditions[scale->rules[i]].start);
        struct expansion both = {.arena = scratch};
        expansion_multiply(&both, &given, &rule);
        if (both.overflow || program->term_count - scale->first_term + both.count > PROGRAM_TERMS_MAX) {
            const struct plan_rule *at = &program->plan->rules[from->first_rule + i];
            const char *file = program->plan->file.bytes;
            fine = arena_is_exhausted(scratch)
                       ? failure_set_place(builder->failure, file, at->place.line, at->place.column,
                                           "there is not enough memory to write this rule out; split it")
                       : failure_set_place(builder->failure, file, at->place.line, at->place.column,
                                           "this rule is too tangled: written out it has more than %d cases; split it",
                                           PROGRAM_TERMS_MAX);
        } else {
            fine = append_terms(program, &both, i, scale->rule_level[i]);
        }
    }
    scale->term_count = program->term_count - scale->first_term;
    arena_destroy(scratch);
    return fine;
}

/* ---- scales and thresholds -------------------------------------------------------------------------------- */

static bool add_scale(struct builder *builder, uint32_t index) {
    struct decide_program *program = builder->program;
    const struct plan_scale *from = &program->plan->scales[index];
    struct scale_program *scale = &program->scales[index];
    struct polarity polarity = {0};
    if (from->rule_count > 64) {
        return failure_set_place(builder->failure, program->plan->file.bytes, from->place.line, from->place.column,
                                 "the scale %.*s has more than 64 rules; join some of one clause with `or`",
                                 (int)from->name.length, from->name.bytes);
    }
    scale->given = from->given == PLAN_NO_NODE ? PROGRAM_NONE : program->condition_of[from->given];
    scale->ends_when = from->ends_when == PLAN_NO_NODE ? PROGRAM_NONE : program->condition_of[from->ends_when];
    scale->reopens_when = from->reopens_when == PLAN_NO_NODE ? PROGRAM_NONE : program->condition_of[from->reopens_when];
    if (scale->given != PROGRAM_NONE) {
        scale->slots |= program->conditions[scale->given].slots;
        scale->given_slots = program->conditions[scale->given].slots;
        note_polarity(program, from->subject, program->conditions[scale->given].start, &polarity);
    }
    for (uint16_t i = 0; i < from->rule_count; i++) {
        const struct plan_rule *rule = &program->plan->rules[from->first_rule + i];
        scale->rules[i] = program->condition_of[rule->condition];
        scale->rule_level[i] = rule->level;
        scale->level_rules[rule->level] |= UINT64_C(1) << i;
        for (uint64_t rest = program->conditions[scale->rules[i]].slots; rest != 0; rest &= rest - 1) {
            scale->slot_rules[__builtin_ctzll(rest)] |= UINT64_C(1) << i;
        }
        scale->slots |= program->conditions[scale->rules[i]].slots;
        note_polarity(program, from->subject, program->conditions[scale->rules[i]].start, &polarity);
    }
    scale->rule_count = (uint8_t)from->rule_count;
    scale->mixed = polarity.mixed;
    scale->falling = polarity.down & ~polarity.mixed;
    if (scale->ends_when != PROGRAM_NONE) {
        scale->side_slots |= program->conditions[scale->ends_when].slots;
    }
    if (scale->reopens_when != PROGRAM_NONE) {
        scale->side_slots |= program->conditions[scale->reopens_when].slots;
    }
    if (scale->given != PROGRAM_NONE &&
        !check_mixed(program, from->subject, program->conditions[scale->given].start, scale->mixed, builder->failure)) {
        return false;
    }
    for (uint16_t i = 0; i < from->rule_count; i++) {
        if (!check_mixed(program, from->subject, program->conditions[scale->rules[i]].start, scale->mixed,
                         builder->failure)) {
            return false;
        }
    }
    return bits_make(program, scale, from->subject) && add_terms(builder, index);
}

/* Durations that run turn conditions by themselves: AT_LEAST at its bound, AT_MOST just past it. */
static bool add_thresholds(struct decide_program *program) {
    const struct plan *plan = program->plan;
    uint64_t room = 0; /* conditions may stand in the plan that nothing runs */
    for (uint32_t i = 0; i < plan->node_count; i++) {
        room += plan->nodes[i].facts.count;
    }
    program->thresholds = arena_allocate_array(program->arena, room + 1, sizeof *program->thresholds);
    program->threshold_first = arena_allocate_array(program->arena, plan->subject_count + 1, sizeof(uint32_t));
    if (program->thresholds == NULL || program->threshold_first == NULL) {
        return false;
    }
    for (uint32_t subject = 0; subject < plan->subject_count; subject++) {
        uint32_t first = program->threshold_count;
        program->threshold_first[subject] = first;
        for (uint32_t i = 0; i < plan->node_count; i++) {
            const struct plan_node *node = &plan->nodes[i];
            if (node->kind != PLAN_AT_LEAST && node->kind != PLAN_AT_MOST) {
                continue;
            }
            for (uint16_t k = 0; k < node->facts.count; k++) {
                const struct plan_fact *fact = &plan->facts[plan->lists[node->facts.first + k]];
                if (fact->from == PLAN_NONE || fact->subject != subject) {
                    continue;
                }
                struct threshold new = {.slot = fact->slot,
                                        .bound = node->bound + (node->kind == PLAN_AT_MOST ? 1 : 0)};
                uint32_t at = program->threshold_count;
                while (at > first && (program->thresholds[at - 1].slot > new.slot ||
                                      (program->thresholds[at - 1].slot == new.slot &&
                                       program->thresholds[at - 1].bound > new.bound))) {
                    at--;
                }
                if (at > first && program->thresholds[at - 1].slot == new.slot &&
                    program->thresholds[at - 1].bound == new.bound) {
                    continue;
                }
                memmove(&program->thresholds[at + 1], &program->thresholds[at],
                        (program->threshold_count - at) * sizeof new);
                program->thresholds[at] = new;
                program->threshold_count++;
            }
        }
    }
    program->threshold_first[plan->subject_count] = program->threshold_count;
    return true;
}

static bool build(struct builder *builder, const struct plan *plan) {
    struct decide_program *program = builder->program;
    struct counting counting = {.plan = plan};
    if (!visit_roots(plan, count_root, &counting)) {
        return failure_set(builder->failure, "the plan's conditions are too deep or too many");
    }
    program->steps = arena_allocate_array(program->arena, counting.steps + 1, sizeof *program->steps);
    program->slots = arena_allocate_array(program->arena, counting.slots + 1, sizeof *program->slots);
    program->conditions = arena_allocate_array(program->arena, counting.roots + 1, sizeof *program->conditions);
    program->condition_of = arena_allocate_array(program->arena, plan->node_count + 1, sizeof *program->condition_of);
    program->scales = arena_allocate_array(program->arena, plan->scale_count + 1, sizeof *program->scales);
    if (arena_is_exhausted(program->arena)) {
        return failure_set(builder->failure, "out of memory while preparing the plan");
    }
    for (uint32_t i = 0; i < plan->node_count; i++) {
        program->condition_of[i] = PROGRAM_NONE;
    }
    if (!visit_roots(plan, add_root, builder)) {
        return false;
    }
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        if (!add_scale(builder, i)) {
            return failure_set(builder->failure, "out of memory while preparing the plan");
        }
    }
    return add_thresholds(program) || failure_set(builder->failure, "out of memory while preparing the plan");
}

struct decide_program *decide_program_create(const struct plan *plan, struct failure *failure) {
    struct arena *arena = arena_create((size_t)256 << 20);
    struct decide_program *program = arena == NULL ? NULL : arena_allocate(arena, sizeof *program);
    if (program == NULL) {
        arena_destroy(arena);
        failure_set(failure, "out of memory while preparing the plan");
        return NULL;
    }
    program->arena = arena;
    program->plan = plan;
    struct builder builder = {.program = program, .failure = failure};
    if (!build(&builder, plan)) {
        arena_destroy(arena);
        return NULL;
    }
    return program;
}

void decide_program_destroy(struct decide_program *program) {
    if (program != NULL) {
        arena_destroy(program->arena);
    }
}
