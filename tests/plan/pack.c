#include "pack.h"

#include "check.h"

#include <inttypes.h>
#include <string.h>

struct pack pack_compile(const char *source, size_t length) {
    struct pack pack = {.plan = NULL};
    pack.plan = plan_compile(TEXT("pack.plan.md"), (struct text){source, length}, &pack.messages);
    return pack;
}

struct pack pack_compile_block(const char *statements) {
    struct buffer source = {0};
    buffer_append_string(&source, "```plan\nplan P { version \"1\" zone +08:00 }\n");
    buffer_append_string(&source, statements);
    buffer_append_string(&source, "\n```\n");
    assert_false(source.failed);
    struct pack pack = pack_compile(source.bytes, source.length);
    buffer_release(&source);
    return pack;
}

struct buffer pack_read(const char *path) {
    struct buffer source = {0};
    struct failure failure = {0};
    check(buffer_read_file(&source, path, (size_t)16 << 20U, &failure), "%s: %s", path, failure.message);
    return source;
}

void pack_release(struct pack *pack) {
    plan_destroy(pack->plan);
    plan_messages_release(&pack->messages);
    pack->plan = NULL;
}

void pack_require(const struct pack *pack) {
    if (pack->plan != NULL) {
        check(pack->messages.count == 0, "a plan came with %u messages", (unsigned)pack->messages.count);
        return;
    }
    struct buffer all = {0};
    plan_messages_print(&pack->messages, TEXT("pack"), &all);
    check(pack->plan != NULL, "%s", all.length > 0 ? all.bytes : "no plan and no message");
}

void pack_require_message(const struct pack *pack, uint32_t line, uint32_t column, const char *fragment) {
    struct buffer all = {0};
    bool found = false;
    check(pack->plan == NULL, "a plan came out, expected %u:%u: %s", (unsigned)line, (unsigned)column, fragment);
    for (uint32_t i = 0; i < pack->messages.count; i++) {
        const struct plan_message *message = &pack->messages.items[i];
        buffer_clear(&all);
        buffer_append_text(&all, message->text);
        found = found || (message->line == line && message->column == column && strstr(all.bytes, fragment) != NULL);
    }
    buffer_clear(&all);
    plan_messages_print(&pack->messages, TEXT("pack"), &all);
    check(found, "expected %u:%u: %s\nfound\n%s", (unsigned)line, (unsigned)column, fragment, all.bytes);
    buffer_release(&all);
}

/* ---- dump ------------------------------------------------------------------------------------------------- */

static void say(struct buffer *out, const char *label, struct text text) {
    if (text.length > 0) {
        buffer_print(out, " %s=", label);
        buffer_append_text(out, text);
    }
}

static void say_number(struct buffer *out, const char *label, int64_t number) {
    buffer_print(out, " %s=%" PRId64, label, number);
}

static void say_party(const struct plan *plan, struct buffer *out, const char *label, uint16_t party) {
    if (party == PLAN_BEARER_RECIPIENT) {
        say(out, label, TEXT("<recipient>"));
    } else if (party != PLAN_NONE) {
        say(out, label, plan->parties[party].name);
    }
}

static void say_parties(const struct plan *plan, struct buffer *out, const char *label, struct plan_list list) {
    for (uint16_t i = 0; i < list.count; i++) {
        say_party(plan, out, label, plan->lists[list.first + i]);
    }
}

static void say_cites(const struct plan *plan, struct buffer *out, struct plan_span cites) {
    for (uint16_t i = 0; i < cites.count; i++) {
        say(out, "@", plan->cites[cites.first + i]);
    }
}

static void say_notes(const struct plan *plan, struct buffer *out, struct plan_span notes) {
    for (uint16_t i = 0; i < notes.count; i++) {
        const struct plan_note *note = &plan->notes[notes.first + i];
        say(out, "accept", note->kind);
        say_cites(plan, out, note->with);
        say(out, "reason", note->reason);
    }
}

static void say_condition(const struct plan *plan, struct buffer *out, const char *label, uint32_t node) {
    if (node != PLAN_NO_NODE) {
        buffer_print(out, " %s=", label);
        pack_dump_condition(plan, node, out);
    }
}

static void dump_facts_of(const struct plan *plan, const struct plan_node *node, struct buffer *out) {
    for (uint16_t i = 0; i < node->facts.count; i++) {
        buffer_append_string(out, i > 0 ? " + " : " ");
        buffer_append_text(out, plan->facts[plan->lists[node->facts.first + i]].name);
    }
}

void pack_dump_condition(const struct plan *plan, uint32_t index, struct buffer *out) {
    static const char *const kinds[] = {"all", "any", ">=", "<=", "among", "every", "some", "level"};
    if (index == PLAN_NO_NODE) {
        buffer_append_string(out, "none");
        return;
    }
    const struct plan_node *node = &plan->nodes[index];
    buffer_print(out, "(%s", kinds[node->kind]);
    for (uint16_t i = 0; i < node->children.count; i++) {
        buffer_append_string(out, " ");
        pack_dump_condition(plan, plan->node_lists[node->children.first + i], out);
    }
    dump_facts_of(plan, node, out);
    if (node->kind == PLAN_AT_LEAST || node->kind == PLAN_AT_MOST) {
        buffer_print(out, " %" PRId64, node->bound);
    } else if (node->kind == PLAN_AMONG) {
        buffer_print(out, " %x", (unsigned)node->choices);
    } else if (node->kind == PLAN_EVERY_DAY || node->kind == PLAN_SOME_DAY) {
        buffer_print(out, " %s %u", node->forward ? "next" : "last", (unsigned)node->days);
    } else if (node->kind == PLAN_LEVEL) {
        buffer_append_string(out, " ");
        buffer_append_text(out, plan->scales[node->scale].name);
    }
    if (node->kind >= PLAN_EVERY_DAY) {
        buffer_print(out, " %u..%u", (unsigned)node->low, (unsigned)node->high);
    }
    buffer_append_string(out, ")");
}

static void dump_parties(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->party_count; i++) {
        const struct plan_party *party = &plan->parties[i];
        buffer_print(out, "party kind=%d", (int)party->kind);
        say(out, "name", party->name);
        for (uint16_t alias = 0; alias < party->alias_count; alias++) {
            say(out, "alias", party->aliases[alias]);
        }
        say_party(plan, out, "of", party->of);
        say(out, "held-by", party->held_by);
        say(out, "text", party->description);
        say_parties(plan, out, "member", party->members);
        say_party(plan, out, "lead", party->lead);
        say_number(out, "many", party->many);
        say_party(plan, out, "placed-among", party->placed_among);
        say_party(plan, out, "bound-by", party->bound_by);
        say_number(out, "bind-within", party->bind_within_us);
        say(out, "team-kind", party->team_kind);
        say_number(out, "strength", party->strength);
        say(out, "strength-text", party->strength_text);
        for (uint16_t phone = 0; phone < party->phone_count; phone++) {
            say(out, "phone", party->phones[phone].kind);
            say(out, "part", party->phones[phone].label);
            say(out, "number", party->phones[phone].number);
        }
        say_cites(plan, out, party->cites);
        say_notes(plan, out, party->notes);
        buffer_append_string(out, "\n");
    }
}

static void dump_facts(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->fact_count; i++) {
        const struct plan_fact *fact = &plan->facts[i];
        buffer_print(out, "fact type=%d dimension=%d subject=%u slot=%u", (int)fact->type, (int)fact->dimension,
                     (unsigned)fact->subject, (unsigned)fact->slot);
        say(out, "name", fact->name);
        say(out, "question", fact->question);
        say_number(out, "low", fact->low);
        say_number(out, "high", fact->high);
        say_number(out, "worse", fact->worse);
        buffer_print(out, " predictable=%d never-falls=%d not-after-first=%d presumed=%d", fact->predictable,
                     fact->never_falls, fact->not_after_first, fact->presumed);
        say_number(out, "presumed-value", fact->presumed_value);
        for (uint16_t choice = 0; choice < fact->choice_count; choice++) {
            say(out, "choice", fact->choices[choice]);
        }
        if (fact->about != 0) {
            say_number(out, "about", fact->about);
        }
        for (uint16_t k = 0; k < fact->phrase_count; k++) {
            buffer_print(out, " heard(%lld)", (long long)fact->phrases[k].value);
            say(out, "as", fact->phrases[k].words);
        }
        say(out, "unknown", fact->unknown_name);
        say(out, "from", fact->from == PLAN_NONE ? TEXT("") : plan->facts[fact->from].name);
        say(out, "until", fact->until == PLAN_NONE ? TEXT("") : plan->facts[fact->until].name);
        say_cites(plan, out, fact->cites);
        say_notes(plan, out, fact->notes);
        buffer_append_string(out, "\n");
    }
    for (uint32_t i = 0; i < plan->subject_count; i++) {
        const struct plan_subject *subject = &plan->subjects[i];
        buffer_print(out, "subject standing=%d facts=%u scales=%u", subject->standing, (unsigned)subject->fact_count,
                     (unsigned)subject->scale_count);
        say(out, "name", subject->name);
        say_cites(plan, out, subject->cites);
        buffer_append_string(out, "\n");
    }
}

static void dump_orderers(const struct plan *plan, const struct plan_scale *scale, struct buffer *out) {
    for (uint16_t i = 0; i < scale->orderer_count; i++) {
        const struct plan_orderer *orderer = &scale->orderers[i];
        buffer_print(out, "  orderer %u..%u raise-only=%d", (unsigned)orderer->low, (unsigned)orderer->high,
                     orderer->raise_only);
        say_parties(plan, out, "party", orderer->parties);
        say_cites(plan, out, orderer->cites);
        buffer_append_string(out, "\n");
    }
}

static void dump_rules(const struct plan *plan, const struct plan_scale *scale, struct buffer *out) {
    for (uint16_t i = 0; i < scale->rule_count; i++) {
        const struct plan_rule *rule = &plan->rules[scale->first_rule + i];
        buffer_print(out, "  rule level=%u", (unsigned)rule->level);
        say_condition(plan, out, "when", rule->condition);
        say_condition(plan, out, "literal", rule->literal);
        say_cites(plan, out, rule->cites);
        say_notes(plan, out, rule->notes);
        buffer_append_string(out, "\n");
    }
}

static void dump_scales(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[i];
        buffer_print(out, "scale subject=%u position=%u ordered=%d automatic=%u..%u", (unsigned)scale->subject,
                     (unsigned)scale->position, scale->ordered, (unsigned)scale->automatic_low,
                     (unsigned)scale->automatic_high);
        say(out, "name", scale->name);
        for (uint8_t level = 1; level <= scale->level_count; level++) {
            say(out, "level", scale->levels[level]);
        }
        say_party(plan, out, "proposed-by", scale->proposed_by);
        say_number(out, "decide-within", scale->decide_within_us);
        say(out, "decide-setting", scale->decide_setting);
        say(out, "chain", scale->chain == PLAN_NONE ? TEXT("") : plan->chains[scale->chain].name);
        say_condition(plan, out, "given", scale->given);
        say_cites(plan, out, scale->given_cites);
        say_condition(plan, out, "ends", scale->ends_when);
        say_cites(plan, out, scale->ends_cites);
        say_condition(plan, out, "reopens", scale->reopens_when);
        say_cites(plan, out, scale->reopens_cites);
        buffer_append_string(out, " proposed");
        say_cites(plan, out, scale->proposed_cites);
        buffer_append_string(out, " automatic");
        say_cites(plan, out, scale->automatic_cites);
        buffer_append_string(out, " all");
        say_cites(plan, out, scale->cites);
        say_notes(plan, out, scale->notes);
        buffer_append_string(out, "\n");
        dump_orderers(plan, scale, out);
        dump_rules(plan, scale, out);
    }
}

static void dump_duty(const struct plan *plan, const struct plan_duty *duty, struct buffer *out) {
    buffer_print(out, "  duty kind=%d trigger=%u every=%d continues=%d", (int)duty->kind, (unsigned)duty->trigger,
                 (int)duty->every, duty->continues);
    buffer_append_string(out, duty->met_by_first_report ? " met-by-first-report" : "");
    say(out, "name", duty->name);
    say(out, "action", duty->action);
    say_parties(plan, out, "bearer", duty->bearers);
    say_parties(plan, out, "partner", duty->partners);
    say_parties(plan, out, "recipient", duty->recipients);
    for (uint16_t i = 0; i < duty->means_count; i++) {
        say(out, "via", text_equals_string(duty->means[i], "书面") ? TEXT("written") : duty->means[i]);
    }
    buffer_append_string(out, duty->written ? " on-paper" : "");
    say_number(out, "within", duty->within_us);
    say(out, "within-setting", duty->within_setting);
    say_number(out, "acknowledge", duty->acknowledge_within_us);
    say(out, "acknowledge-setting", duty->acknowledge_setting);
    say_number(out, "due", duty->has_due_day ? duty->due_day : -1);
    say_condition(plan, out, "until", duty->until);
    for (uint16_t i = 0; i < duty->replaces.count; i++) {
        say(out, "replaces", plan->duties[plan->lists[duty->replaces.first + i]].name);
    }
    say(out, "chain", duty->chain == PLAN_NONE ? TEXT("") : plan->chains[duty->chain].name);
    say(out, "proof", duty->proof);
    say(out, "calling", duty->calling == PLAN_NONE ? TEXT("") : plan->callings[duty->calling].name);
    say_cites(plan, out, duty->cites);
    say_notes(plan, out, duty->notes);
    buffer_append_string(out, "\n");
}

static void dump_triggers(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->trigger_count; i++) {
        const struct plan_trigger *trigger = &plan->triggers[i];
        buffer_print(out, "trigger kind=%d subject=%u", (int)trigger->kind, (unsigned)trigger->subject);
        say_condition(plan, out, "when", trigger->condition);
        say(out, "done", trigger->duty == PLAN_NONE ? TEXT("") : plan->duties[trigger->duty].name);
        say_cites(plan, out, trigger->cites);
        buffer_append_string(out, "\n");
        for (uint16_t duty = 0; duty < trigger->duty_count; duty++) {
            dump_duty(plan, &plan->duties[trigger->first_duty + duty], out);
        }
    }
}

static void dump_chains(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->chain_count; i++) {
        buffer_append_string(out, "chain");
        say(out, "name", plan->chains[i].name);
        say_parties(plan, out, "step", plan->chains[i].steps);
        say_number(out, "every", plan->chains[i].every_us);
        say(out, "because", plan->chains[i].reason);
        buffer_append_string(out, "\n");
    }
    if (plan->about.percent != 0) {
        buffer_print(out, "about percent=%d", (int)plan->about.percent);
        say_number(out, "time", plan->about.time_us);
        say(out, "because", plan->about.reason);
        buffer_append_string(out, "\n");
    }
    for (uint32_t i = 0; i < plan->setting_count; i++) {
        buffer_append_string(out, "setting");
        say(out, "name", plan->settings[i].name);
        say_number(out, "value", plan->settings[i].value_us);
        say(out, "because", plan->settings[i].reason);
        buffer_append_string(out, "\n");
    }
}

static void dump_step(const struct plan *plan, const struct plan_step *step, struct buffer *out) {
    buffer_append_string(out, "\n  step");
    say(out, "name", step->name);
    say_condition(plan, out, "when", step->condition);
    for (uint16_t i = 0; i < step->facts.count; i++) {
        say(out, "asks", plan->facts[plan->lists[step->facts.first + i]].name);
    }
    for (uint16_t i = 0; i < step->duties.count; i++) {
        say(out, "through", plan->duties[plan->lists[step->duties.first + i]].name);
    }
    say_condition(plan, out, "done-when", step->done_when);
    say_condition(plan, out, "until", step->until);
    say(out, "text", step->text);
    say_cites(plan, out, step->cites);
    say_notes(plan, out, step->notes);
}

static void dump_handlings(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->handling_count; i++) {
        const struct plan_handling *handling = &plan->handlings[i];
        buffer_print(out, "handling subject=%u", (unsigned)handling->subject);
        say(out, "name", handling->name);
        say_cites(plan, out, handling->cites);
        say_notes(plan, out, handling->notes);
        for (uint16_t step = 0; step < handling->step_count; step++) {
            dump_step(plan, &plan->steps[handling->first_step + step], out);
        }
        buffer_append_string(out, "\n");
    }
}

/* The text of a form, each name in it as <kind index words>. */
static void say_pieces(const struct plan *plan, struct buffer *out, const char *label, struct plan_span pieces) {
    buffer_print(out, pieces.count > 0 ? " %s=" : "", label);
    for (uint16_t i = 0; i < pieces.count; i++) {
        const struct plan_piece *piece = &plan->pieces[pieces.first + i];
        if (piece->kind == PLAN_PIECE_WORDS) {
            buffer_append_text(out, piece->words);
        } else {
            buffer_print(out, "<%d %d %.*s>", (int)piece->kind, piece->index == PLAN_NONE ? -1 : (int)piece->index,
                         TEXT_PRINT(piece->words));
        }
    }
}

static void dump_form_item(const struct plan *plan, const struct plan_form_item *item, struct buffer *out) {
    buffer_print(out, "\n  item kind=%d", (int)item->kind);
    say_condition(plan, out, "when", item->condition);
    for (uint16_t i = 0; i < item->known.count; i++) {
        say(out, "known", plan->facts[plan->lists[item->known.first + i]].name);
    }
    for (uint16_t i = 0; i < item->facts.count; i++) {
        say(out, "fact", plan->facts[plan->lists[item->facts.first + i]].name);
    }
    say_pieces(plan, out, "text", item->pieces);
    say_cites(plan, out, item->cites);
}

static void dump_forms(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->form_count; i++) {
        const struct plan_form *form = &plan->forms[i];
        buffer_print(out, "form subject=%u spoken=%d", (unsigned)form->subject, form->spoken);
        say(out, "name", form->name);
        for (uint16_t k = 0; k < form->duties.count; k++) {
            say(out, "for", plan->duties[plan->lists[form->duties.first + k]].name);
        }
        say(out, "proposals", form->scale == PLAN_NONE ? TEXT("") : plan->scales[form->scale].name);
        say_parties(plan, out, "to", form->recipients);
        say_parties(plan, out, "signer", form->signers);
        say_pieces(plan, out, "title", form->title);
        say_cites(plan, out, form->cites);
        say_notes(plan, out, form->notes);
        for (uint16_t k = 0; k < form->item_count; k++) {
            dump_form_item(plan, &plan->form_items[form->first_item + k], out);
        }
        buffer_append_string(out, "\n");
    }
}

static void dump_callings(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->calling_count; i++) {
        const struct plan_calling *calling = &plan->callings[i];
        buffer_print(out, "calling subject=%u", (unsigned)calling->subject);
        say(out, "name", calling->name);
        say_cites(plan, out, calling->cites);
        say_notes(plan, out, calling->notes);
        for (uint16_t call = 0; call < calling->call_count; call++) {
            const struct plan_call *one = &plan->calls[calling->first_call + call];
            buffer_print(out, "\n  call teams-of=%d", one->teams_of);
            say_party(plan, out, "party", one->party);
            say(out, "request", one->request);
            say_cites(plan, out, one->cites);
            say_notes(plan, out, one->notes);
        }
        buffer_append_string(out, "\n");
    }
}

static void dump_commands(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->command_count; i++) {
        const struct plan_command *command = &plan->commands[i];
        buffer_print(out, "command subject=%u", (unsigned)command->subject);
        say_party(plan, out, "party", command->party);
        say_condition(plan, out, "when", command->condition);
        say_parties(plan, out, "group", command->groups);
        say_cites(plan, out, command->cites);
        for (uint16_t at = 0; at < command->position_count; at++) {
            const struct plan_position *position = &plan->positions[command->first_position + at];
            buffer_append_string(out, "\n  position");
            say(out, "name", position->name);
            say_parties(plan, out, position->one_serves ? "one-of" : "holder", position->holders);
            say(out, "held-by", position->held_by);
            say_condition(plan, out, "when", position->condition);
            say_cites(plan, out, position->cites);
            say_notes(plan, out, position->notes);
        }
        buffer_append_string(out, "\n");
    }
}

static void dump_rest(const struct plan *plan, struct buffer *out) {
    for (uint32_t i = 0; i < plan->prose_count; i++) {
        buffer_append_string(out, "prose");
        say(out, "reason", plan->prose[i].reason);
        say_cites(plan, out, plan->prose[i].cites);
        buffer_append_string(out, "\n");
    }
    for (uint32_t i = 0; i < plan->finding_count; i++) {
        buffer_append_string(out, "finding");
        say(out, "kind", plan->findings[i].kind);
        say(out, "what", plan->findings[i].what);
        say(out, "reason", plan->findings[i].reason);
        say_cites(plan, out, plan->findings[i].cites);
        buffer_append_string(out, "\n");
    }
}

void pack_dump(const struct plan *plan, struct buffer *out) {
    buffer_append_string(out, "plan");
    say(out, "name", plan->name);
    say(out, "version", plan->version);
    say(out, "document", plan->document);
    say(out, "title", plan->title);
    say(out, "issuer", plan->issuer);
    say(out, "language", plan->language);
    say_number(out, "issued", plan->has_issued ? plan->issued_day : -1);
    say_number(out, "zone", plan->zone_minutes);
    say(out, "zone-name", plan->zone_name);
    buffer_append_string(out, "\n");
    dump_parties(plan, out);
    dump_chains(plan, out);
    dump_facts(plan, out);
    dump_scales(plan, out);
    dump_triggers(plan, out);
    dump_callings(plan, out);
    dump_handlings(plan, out);
    dump_forms(plan, out);
    dump_commands(plan, out);
    dump_rest(plan, out);
    assert_false(out->failed);
}
