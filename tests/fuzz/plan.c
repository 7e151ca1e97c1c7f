/* Fuzz target: the plan compiler. An input that begins with '#' or a backquote is a page; any other is put between the
 * fences of a block with a header. Besides crashes it looks for broken promises: a plan or messages, never both or
 * neither; messages in order and readable; every index of a plan within its array; every condition printable. */
#include "plan/plan.h"
#include "base/buffer.h"
#include "base/text.h"

#include "fuzz.h"

#include <stdlib.h>

/* Like assert, but not compiled away. */
static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static void check_messages(const struct plan_messages *messages) {
    struct buffer printed = {0};
    require(messages->count <= PLAN_MESSAGES_MAX);
    for (uint32_t i = 0; i < messages->count; i++) {
        const struct plan_message *message = &messages->items[i];
        require(message->line > 0 && message->column > 0 && message->text.length > 0);
        require(text_find_invalid_utf8(message->text) == -1);
        require(i == 0 || messages->items[i - 1].line <= message->line);
    }
    plan_messages_print(messages, TEXT("pack"), &printed);
    buffer_release(&printed);
}

static void check_list(const struct plan *plan, struct plan_list list, uint32_t bound, bool recipient_allowed) {
    require((uint64_t)list.first + list.count <= plan->list_count || list.count == 0);
    for (uint16_t i = 0; i < list.count; i++) {
        uint16_t item = plan->lists[list.first + i];
        require(item < bound || (recipient_allowed && item == PLAN_BEARER_RECIPIENT));
    }
}

static void check_cites(const struct plan *plan, struct plan_span cites) {
    require(cites.count == 0 || (uint64_t)cites.first + cites.count <= plan->cite_count);
}

static void check_condition(const struct plan *plan, uint32_t node) {
    struct buffer printed = {0};
    require(node == PLAN_NO_NODE || node < plan->node_count);
    plan_print_condition(plan, node, &printed);
    require(printed.length > 0 || printed.failed);
    buffer_release(&printed);
}

static void check_nodes(const struct plan *plan) {
    for (uint32_t i = 0; i < plan->node_count; i++) {
        const struct plan_node *node = &plan->nodes[i];
        require(node->children.count == 0 ||
                (uint64_t)node->children.first + node->children.count <= plan->node_list_count);
        for (uint16_t child = 0; child < node->children.count; child++) {
            require(plan->node_lists[node->children.first + child] < i); /* parts before the whole: no cycles */
        }
        check_list(plan, node->facts, plan->fact_count, false);
        require(node->kind != PLAN_LEVEL || node->scale < plan->scale_count);
    }
}

static void check_facts(const struct plan *plan) {
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        const struct plan_fact *fact = &plan->facts[i];
        struct buffer printed = {0};
        require(fact->subject < plan->subject_count && fact->slot < PLAN_FACTS_MAX);
        require(plan->subjects[fact->subject].facts[fact->slot] == i);
        require(fact->from == PLAN_NONE || fact->from < plan->fact_count);
        require(plan_find_fact(plan, fact->name) == i);
        plan_print_value(plan, (uint16_t)i, fact->low, fact->high, &printed);
        plan_print_value(plan, (uint16_t)i, fact->low, fact->low, &printed);
        buffer_release(&printed);
    }
}

static void check_scales(const struct plan *plan) {
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[i];
        require(scale->subject < plan->subject_count && scale->level_count > 0);
        require(plan->subjects[scale->subject].scales[scale->position] == i);
        require((uint64_t)scale->first_rule + scale->rule_count <= plan->rule_count);
        check_condition(plan, scale->given);
        check_condition(plan, scale->ends_when);
        check_condition(plan, scale->reopens_when);
        for (uint16_t rule = 0; rule < scale->rule_count; rule++) {
            require(plan->rules[scale->first_rule + rule].level > 0);
            require(plan->rules[scale->first_rule + rule].cites.count > 0);
            check_condition(plan, plan->rules[scale->first_rule + rule].condition);
            check_condition(plan, plan->rules[scale->first_rule + rule].literal);
        }
        for (uint16_t orderer = 0; orderer < scale->orderer_count; orderer++) {
            require(scale->orderers[orderer].high <= scale->level_count);
            check_list(plan, scale->orderers[orderer].parties, plan->party_count, false);
        }
    }
}

static void check_duties(const struct plan *plan) {
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        const struct plan_trigger *trigger = &plan->triggers[i];
        require(trigger->subject < plan->subject_count);
        require((uint32_t)trigger->first_duty + trigger->duty_count <= plan->duty_count);
        require(trigger->kind != PLAN_DONE || trigger->duty < plan->duty_count);
        require(trigger->kind != PLAN_WHILE || trigger->condition != PLAN_NO_NODE);
        check_condition(plan, trigger->condition);
    }
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        const struct plan_duty *duty = &plan->duties[i];
        require(duty->trigger < plan->trigger_count && duty->cites.count > 0);
        require(duty->kind == PLAN_NOTICE || duty->bearers.count > 0);
        check_list(plan, duty->bearers, plan->party_count, true);
        check_list(plan, duty->recipients, plan->party_count, true);
        check_list(plan, duty->partners, plan->party_count, false);
        check_list(plan, duty->replaces, plan->duty_count, false);
        check_condition(plan, duty->until);
        check_cites(plan, duty->cites);
    }
}

static void check_parties(const struct plan *plan) {
    for (uint32_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *party = &plan->parties[i];
        require(plan_find_party(plan, party->name) == i);
        check_list(plan, party->members, plan->party_count, false);
        check_cites(plan, party->cites);
        require(party->of == PLAN_NONE || party->of < plan->party_count);
        plan_party_includes(plan, (uint16_t)i, 0);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    struct buffer source = {0};
    bool is_page = size > 0 && (bytes[0] == '#' || bytes[0] == '`');
    buffer_append_string(&source, is_page ? "" : "```plan\nplan P { version \"1\" zone +08:00 }\n");
    buffer_append(&source, bytes, size);
    buffer_append_string(&source, is_page ? "" : "\n```\n");
    struct plan_messages messages = {0};
    struct plan *plan = plan_compile(TEXT("pack"), buffer_text(&source), &messages);
    require((plan != NULL) == (messages.count == 0));
    check_messages(&messages);
    if (plan != NULL) {
        check_parties(plan);
        check_facts(plan);
        check_nodes(plan);
        check_scales(plan);
        check_duties(plan);
    }
    plan_destroy(plan);
    plan_messages_release(&messages);
    buffer_release(&source);
    return 0;
}
