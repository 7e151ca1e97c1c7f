/* The whole state as canonical text: equal states, equal bytes. One JSON object a line; numbers as they are held. */

#include "engine/state.h"

#include <inttypes.h>
#include <stdio.h>

/* A line being written; digits are made by hand because this runs over every incident there is. */
static void put_number(struct buffer *out, const char *key, int64_t value) {
    char text[24];
    int length = snprintf(text, sizeof text, "%" PRId64, value);
    buffer_append_string(out, key);
    if (value == ENGINE_NEVER) {
        buffer_append(out, "null", 4);
    } else {
        buffer_append(out, text, length > 0 ? (size_t)length : 0);
    }
}

static void put_text(struct buffer *out, const char *key, struct text text) {
    buffer_append_string(out, key);
    buffer_append(out, "\"", 1);
    for (size_t i = 0; i < text.length; i++) {
        unsigned char byte = (unsigned char)text.bytes[i];
        if (byte == '"' || byte == '\\') {
            char escaped[2] = {'\\', (char)byte};
            buffer_append(out, escaped, 2);
        } else if (byte < 0x20) {
            buffer_print(out, "\\u%04x", byte);
        } else {
            buffer_append(out, &text.bytes[i], 1);
        }
    }
    buffer_append(out, "\"", 1);
}

static struct text party_name(const struct incident *incident, uint16_t party) {
    return party == PLAN_NONE ? TEXT("") : incident->edition->plan->parties[party].name;
}

static void write_claims(const struct engine *engine, const struct incident *incident, struct buffer *out) {
    for (uint32_t i = 0; i < incident->claim_count; i++) {
        const struct claim *claim = &incident->claims[i];
        const struct fate *fate = belief_fate(incident, claim);
        struct text fact = claim->slot == STATE_NO_SLOT
                               ? TEXT("")
                               : incident->edition->plan->facts[incident->type->facts[claim->slot]].name;
        put_number(out, "{\"claim\":", i + 1);
        put_number(out, ",\"incident\":", incident->number);
        put_text(out, ",\"fact\":", fact);
        put_number(out, ",\"basis\":", claim->basis);
        put_number(out, ",\"low\":", claim->low);
        put_number(out, ",\"high\":", claim->high);
        put_number(out, ",\"day\":", fate->day);
        put_number(out, ",\"as_of\":", claim->as_of);
        put_number(out, ",\"heard_at\":", claim->heard_at);
        put_text(out, ",\"source\":", state_text(engine, claim->source));
        put_number(out, ",\"corrected\":", claim->corrected);
        put_number(out, ",\"withdrawn\":", claim->withdrawn);
        put_number(out, ",\"ended_at\":", fate->ended_at);
        put_number(out, ",\"replaces\":", fate->replaces);
        put_number(out, ",\"replaced_by\":", fate->replaced_by);
        put_number(out, ",\"origin\":", fate->origin);
        put_number(out, ",\"sequence\":", (int64_t)claim->sequence);
        buffer_append_string(out, "}\n");
    }
}

static void write_duties(const struct engine *engine, const struct incident *incident, struct buffer *out) {
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        const struct duty *duty = &incident->duties[i];
        const struct course *course = duty_course(incident, duty);
        const struct moment *raised = duty_raised(incident, duty);
        put_number(out, "{\"duty\":", i + 1);
        put_number(out, ",\"incident\":", incident->number);
        put_text(out, ",\"name\":",
                 duty->template == PLAN_NONE ? TEXT("") : incident->edition->plan->duties[duty->template].name);
        put_text(out, ",\"bearer\":", party_name(incident, duty->bearer));
        put_text(out, ",\"bearer_role\":", party_name(incident, duty->bearer_role));
        put_text(out, ",\"recipient\":", party_name(incident, duty->recipient));
        put_text(out, ",\"recipient_role\":", party_name(incident, duty->recipient_role));
        put_number(out, ",\"status\":", duty->status);
        put_number(out, ",\"lapse\":", duty->lapse);
        put_number(out, ",\"since\":", raised->at);
        put_number(out, ",\"due_at\":", duty->due_at);
        put_number(out, ",\"notified_at\":", duty->notified_at);
        put_number(out, ",\"acknowledged_at\":", course->acknowledged_at);
        put_text(out, ",\"acknowledger\":", state_text(engine, course->acknowledger));
        put_number(out, ",\"done_at\":", course->done_at);
        put_number(out, ",\"ended_at\":", course->ended_at);
        put_number(out, ",\"answer_by\":", duty->answer_by);
        put_number(out, ",\"step_at\":", duty->step_at);
        put_number(out, ",\"renew_at\":", duty->renew_at);
        put_number(out, ",\"past\":", duty->past);
        put_number(out, ",\"next_at\":", incident->duty_clocks[i]);
        put_number(out, ",\"overdue\":", duty->overdue);
        put_number(out, ",\"unacknowledged\":", duty->unacknowledged);
        put_number(out, ",\"escalating\":", duty->escalating);
        put_number(out, ",\"exhausted\":", duty->exhausted);
        put_number(out, ",\"chain_position\":", duty->chain_position);
        put_number(out, ",\"notices\":", duty->notices);
        put_number(out, ",\"breaches\":", course->breaches);
        put_number(out, ",\"parent\":", course->parent);
        put_text(out, ",\"source\":", state_text(engine, course->source));
        put_text(out, ",\"proof\":", state_text(engine, course->proof));
        put_number(out, ",\"sequence\":", (int64_t)raised->sequence);
        buffer_append_string(out, "}\n");
    }
}

static void write_proposals(const struct engine *engine, const struct incident *incident, struct buffer *out) {
    for (uint32_t i = 0; i < incident->proposal_count; i++) {
        const struct proposal *proposal = &incident->proposals[i];
        put_number(out, "{\"proposal\":", i + 1);
        put_number(out, ",\"incident\":", incident->number);
        put_text(out, ",\"scale\":",
                 proposal->scale == PLAN_NONE ? TEXT("") : incident->edition->plan->scales[proposal->scale].name);
        put_number(out, ",\"kind\":", proposal->kind);
        put_number(out, ",\"status\":", proposal->status);
        put_number(out, ",\"from\":", proposal->from);
        put_number(out, ",\"to\":", proposal->to);
        put_number(out, ",\"level\":", proposal->level);
        put_number(out, ",\"may\":", proposal->may);
        buffer_print(out, ",\"because\":%" PRIu64, proposal->because);
        put_number(out, ",\"raised_at\":", proposal->raised_at);
        put_number(out, ",\"due_at\":", proposal->due_at);
        put_number(out, ",\"ended_at\":", proposal->ended_at);
        put_number(out, ",\"acknowledged_at\":", proposal->acknowledged_at);
        put_text(out, ",\"acknowledger\":", state_text(engine, proposal->acknowledger));
        put_number(out, ",\"next_at\":", proposal->next_at);
        put_number(out, ",\"overdue\":", proposal->overdue);
        put_number(out, ",\"chain_position\":", proposal->chain_position);
        put_number(out, ",\"escalating\":", proposal->escalating);
        put_number(out, ",\"step_at\":", proposal->step_at);
        put_number(out, ",\"notices\":", proposal->notices);
        put_number(out, ",\"exhausted\":", proposal->exhausted);
        put_text(out, ",\"by\":", party_name(incident, proposal->by));
        put_text(out, ",\"source\":", state_text(engine, proposal->source));
        put_text(out, ",\"reason\":", state_text(engine, proposal->reason));
        put_number(out, ",\"sequence\":", (int64_t)proposal->sequence);
        buffer_append_string(out, "}\n");
    }
}

static void write_findings(const struct engine *engine, const struct incident *incident, struct buffer *out) {
    for (uint32_t i = 0; i < incident->finding_count; i++) {
        const struct finding *finding = &incident->findings[i];
        put_number(out, "{\"finding\":", i + 1);
        put_number(out, ",\"incident\":", incident->number);
        put_number(out, ",\"kind\":", finding->kind);
        put_text(out, ",\"party\":", party_name(incident, finding->party));
        put_text(out, ",\"owner\":", party_name(incident, finding->owner));
        put_number(out, ",\"item_kind\":", finding->item_kind);
        put_number(out, ",\"item\":", finding->item);
        put_number(out, ",\"raised_at\":", finding->raised_at);
        put_number(out, ",\"due_at\":", finding->due_at);
        put_number(out, ",\"closed_at\":", finding->closed_at);
        put_number(out, ",\"acknowledged_at\":", finding->acknowledged_at);
        put_text(out, ",\"acknowledger\":", state_text(engine, finding->acknowledger));
        put_number(out, ",\"overdue\":", finding->overdue);
        if (finding->cut_off) {
            put_number(out, ",\"cut_off\":", 1);
        }
        put_number(out, ",\"sequence\":", (int64_t)finding->sequence);
        buffer_append_string(out, "}\n");
    }
}

static void write_orders(const struct engine *engine, const struct incident *incident, struct buffer *out) {
    for (uint32_t i = 0; i < incident->order_count; i++) {
        const struct order *order = &incident->orders[i];
        put_number(out, "{\"order\":", i + 1);
        put_number(out, ",\"incident\":", incident->number);
        put_text(out, ",\"scale\":",
                 order->scale == PLAN_NONE ? TEXT("") : incident->edition->plan->scales[order->scale].name);
        put_number(out, ",\"level\":", order->level);
        put_number(out, ",\"at\":", order->at);
        put_text(out, ",\"by\":", party_name(incident, order->by));
        put_number(out, ",\"override\":", order->override);
        put_number(out, ",\"facts_level\":", order->facts_level);
        put_number(out, ",\"facts_may\":", order->facts_may);
        put_text(out, ",\"source\":", state_text(engine, order->source));
        put_text(out, ",\"reason\":", state_text(engine, order->reason));
        put_number(out, ",\"proposal\":", order->proposal);
        put_number(out, ",\"sequence\":", (int64_t)order->sequence);
        buffer_append_string(out, "}\n");
    }
    for (uint32_t i = 0; i < incident->binding_count; i++) {
        put_number(out, "{\"binding\":", i + 1);
        put_number(out, ",\"incident\":", incident->number);
        put_text(out, ",\"role\":", party_name(incident, incident->bindings[i].role));
        put_text(out, ",\"unit\":", party_name(incident, incident->bindings[i].unit));
        put_number(out, ",\"origin\":", incident->bindings[i].origin);
        buffer_append_string(out, "}\n");
    }
}

/* Beliefs and standings follow from the rest; they are written all the same, so that a fault in keeping them shows. */
static void write_standing(const struct engine *engine, const struct incident *incident, struct buffer *out) {
    const struct plan *plan = incident->edition->plan;
    for (uint16_t slot = 0; slot < incident->type->fact_count; slot++) {
        int64_t low = incident->low[slot];
        int64_t high = incident->high[slot];
        const struct plan_fact *fact = &plan->facts[incident->type->facts[slot]];
        if (fact->from != PLAN_NONE) {
            belief_find_derived(incident, (uint8_t)slot, engine->instant, &low, &high);
        }
        put_text(out, "{\"fact\":", fact->name);
        put_number(out, ",\"incident\":", incident->number);
        put_number(out, ",\"low\":", low);
        put_number(out, ",\"high\":", high);
        if (fact->type == PLAN_SERIES) {
            const struct decide_series *series = &incident->series[slot];
            for (int day = 0; day < DECIDE_DAYS; day++) {
                buffer_print(out, "%s%u,%u,%u,%u", day == 0 ? ",\"days\":[" : ",", series->past_low[day],
                             series->past_high[day], series->future_low[day], series->future_high[day]);
            }
            buffer_append_string(out, "]");
        }
        buffer_append_string(out, "}\n");
    }
    for (uint16_t i = 0; i < incident->type->scale_count; i++) {
        const struct scale_state *state = &incident->scales[i];
        put_text(out, "{\"scale\":", plan->scales[incident->type->scales[i]].name);
        put_number(out, ",\"incident\":", incident->number);
        put_number(out, ",\"level\":", state->level);
        put_number(out, ",\"may\":", state->may);
        buffer_print(out, ",\"because\":%" PRIu64, state->because);
        put_number(out, ",\"order\":", state->order);
        put_number(out, ",\"ended\":", state->ended);
        put_number(out, ",\"refused\":", state->refused);
        put_number(out, ",\"refused_target\":", state->refused_target);
        buffer_print(out, ",\"refused_basis\":%" PRIu64, state->refused_basis);
        put_number(out, ",\"reopening\":", state->reopening);
        put_number(out, ",\"proposal\":", state->proposal);
        buffer_append_string(out, "}\n");
    }
}

void engine_write_state(const struct engine *engine, struct buffer *out) {
    put_number(out, "{\"now\":", engine->now);
    put_number(out, ",\"incidents\":", engine->incident_count);
    put_number(out, ",\"next\":", engine_next_instant(engine));
    buffer_append_string(out, "}\n");
    for (uint32_t i = 0; i < engine->incident_count; i++) {
        const struct incident *incident = engine->incidents[i];
        if (incident == NULL) {
            continue;
        }
        put_number(out, "{\"incident\":", incident->number);
        put_text(out, ",\"plan\":", incident->edition->plan->name);
        put_text(out, ",\"version\":", incident->edition->plan->version);
        put_text(out, ",\"subject\":", incident->type->name);
        put_text(out, ",\"title\":", state_text(engine, incident->title));
        put_number(out, ",\"status\":", incident->status);
        put_number(out, ",\"merged_into\":", incident->merged_into);
        put_number(out, ",\"opened_at\":", incident->opened_at);
        put_number(out, ",\"seen_at\":", incident->seen_at);
        put_number(out, ",\"first_report_at\":", incident->first_report_at);
        put_number(out, ",\"next_at\":", incident->next_at);
        for (int word = 0; word < 4; word++) {
            buffer_print(out, "%s%" PRIu64, word == 0 ? ",\"active\":[" : ",", incident->active[word]);
        }
        put_number(out, "],\"sequence\":", (int64_t)incident->sequence);
        buffer_append_string(out, "}\n");
        write_standing(engine, incident, out);
        write_claims(engine, incident, out);
        write_proposals(engine, incident, out);
        write_orders(engine, incident, out);
        write_duties(engine, incident, out);
        write_findings(engine, incident, out);
    }
}
