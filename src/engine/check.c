/* What may be taken: the questions asked of every event before it is believed. */

#include "engine/state.h"

#include <inttypes.h>

/* A clock that has gone wrong must not be believed: every day and every month up to it would be gone through, and no
 * event with the right time would be taken after it. No district leaves its log alone for so long. */
#define LEAP_MAX_US (INT64_C(3653) * CALENDAR_US_PER_DAY)

static bool say(struct failure *failure, const char *field, struct text name, const char *english,
                const char *chinese) {
    bool is_chinese = failure != NULL && failure->chinese;
    return failure_say_field(failure, field, "%.*s %s", "“%.*s”%s", (int)name.length, name.bytes,
                             is_chinese ? chinese : english);
}

bool check_time(const struct engine *engine, const struct engine_event *event, struct failure *failure) {
    if (engine->broken) {
        return failure_say(failure, "the engine ran out of memory and must be rebuilt from the log",
                           "内存不足，须从日志重新恢复");
    }
    if (event->at < engine->now) {
        return failure_say_field(failure, "at",
                                 "the event is earlier than the one before it; late news keeps its own time in as_of, "
                                 "but is handed in when it is heard",
                                 "时间早于上一条记录；晚到的消息按收到时登记，另填发生时间");
    }
    if (event->at <= INT64_MIN / 4 || event->at >= INT64_MAX / 4) {
        return failure_say_field(failure, "at", "the event's time is beyond the calendar", "时间超出日历范围");
    }
    if (engine->now != INT64_MIN && event->at - engine->now > LEAP_MAX_US) {
        return failure_say_field(failure, "at",
                                 "the event is more than ten years later than the one before; is the clock right?",
                                 "时间比上一条记录晚十年以上，请核对时钟");
    }
    return true;
}

static bool check_as_of(const struct engine_event *event, struct failure *failure) {
    if (event->as_of > event->at) {
        return failure_say_field(failure, "as_of", "something cannot have been so later than it is heard",
                                 "发生时间不能晚于收到消息的时间");
    }
    if (event->as_of <= INT64_MIN / 4) {
        return failure_say_field(failure, "as_of", "the time is beyond the calendar", "时间超出日历范围");
    }
    return true;
}

/* ---- ADOPT, OPEN ------------------------------------------------------------------------------------------ */

static bool check_adoption(const struct engine *engine, const struct engine_event *event, struct failure *failure) {
    if (event->plan == NULL) {
        return failure_say_field(failure, "plan", "a plan must be given", "须指明预案");
    }
    for (const struct edition *edition = engine->editions; edition != NULL; edition = edition->next) {
        if (text_equal(edition->plan->name, event->plan->name) &&
            text_equal(edition->plan->version, event->plan->version)) {
            return failure_say_field(failure, "plan",
                                     "version %.*s of plan %.*s has been put in force already; a new "
                                     "text needs a new version",
                                     "%.*s 版的“%.*s”已经施行；文本有改动的，须用新的版本号",
                                     (int)event->plan->version.length, event->plan->version.bytes,
                                     (int)event->plan->name.length, event->plan->name.bytes);
        }
    }
    for (uint32_t i = 0; i < engine->incident_count; i++) {
        const struct incident *incident = engine->incidents[i];
        if (incident != NULL && incident->status == ENGINE_OPENED && incident->type->standing &&
            text_equal(incident->edition->plan->name, event->plan->name)) {
            for (uint16_t k = 0; k < incident->type->scale_count; k++) {
                const struct plan_scale *scale = &incident->edition->plan->scales[incident->type->scales[k]];
                uint16_t found = plan_find_scale(event->plan, scale->name);
                uint8_t order = incident->scales[k].order;
                if (order != 0 && (found == PLAN_NONE ||
                                   !text_equal(event->plan->subjects[event->plan->scales[found].subject].name,
                                               incident->type->name) ||
                                   plan_find_level(&event->plan->scales[found], scale->levels[order]) == 0)) {
                    return say(failure, "plan", scale->levels[order],
                               "is in force and has no counterpart in the new version: end it first",
                               "正在生效，新版本中没有对应的级别，请先终止");
                }
            }
        }
    }
    struct failure ready = {.chinese = failure != NULL && failure->chinese};
    struct decide_program *program = decide_program_create(event->plan, &ready);
    if (program == NULL) {
        return failure_say_field(failure, "plan", "%s", "%s", ready.message);
    }
    decide_program_destroy(program);
    return true;
}

static bool check_opening(const struct engine *engine, const struct engine_event *event, struct failure *failure) {
    if (event->plan == NULL || engine_plan_in_force(engine, event->plan->name) != event->plan) {
        return failure_say_field(failure, "plan", "an incident is opened under the version of its plan now in force",
                                 "开事件须按预案的现行版本");
    }
    if (event->subject >= event->plan->subject_count) {
        return failure_say_field(failure, "subject", "the plan has no such kind of incident", "预案中没有这类事件");
    }
    if (event->plan->subjects[event->subject].standing) {
        return say(failure, "subject", event->plan->subjects[event->subject].name,
                   "exists by itself for as long as the plan is in force and cannot be opened",
                   "在预案施行期间始终存在，不能另开事件");
    }
    return check_as_of(event, failure);
}

/* ---- facts ------------------------------------------------------------------------------------------------ */

static bool check_range(const struct plan_fact *fact, const struct engine_event *event, struct failure *failure) {
    int64_t low = event->low;
    int64_t high = event->high;
    bool fine = low <= high;
    if (fact->type == PLAN_CHOICE) {
        fine = low > 0 && low < (INT64_C(1) << fact->choice_count);
    } else if (fact->type == PLAN_SERIES) {
        fine = fine && low >= 0 && high < fact->choice_count;
    } else {
        fine = fine && low >= fact->low && high <= fact->high;
    }
    return fine || say(failure, "value", fact->name, "cannot have this value", "不能取这个值");
}

static bool check_report(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    const struct plan *plan = incident->edition->plan;
    if (event->fact >= plan->fact_count || plan->facts[event->fact].subject != incident->subject) {
        return failure_say_field(failure, "fact", "this kind of incident has no such fact", "这类事件没有这项事实");
    }
    const struct plan_fact *fact = &plan->facts[event->fact];
    if (fact->from != PLAN_NONE) {
        return say(failure, "fact", fact->name, "runs by itself: report when it began", "会自行累计，请上报起始时间");
    }
    if ((unsigned)event->basis > ENGINE_PREDICTED) {
        return failure_say_field(failure, "basis", "a fact is observed, predicted, or neither is said",
                                 "事实只能是实况、预报，或者不注明");
    }
    if (event->basis == ENGINE_PREDICTED && !fact->predictable && fact->type != PLAN_SERIES) {
        return say(failure, "basis", fact->name, "cannot be predicted, only observed", "不能预报，只能报实况");
    }
    if (fact->type == PLAN_SERIES && event->basis != ENGINE_PREDICTED &&
        event->day > calendar_find_day(event->at, plan->zone_minutes)) {
        return failure_say_field(failure, "day", "the day has not come yet: only a forecast can speak of it",
                                 "这一天还没到，只能报预报");
    }
    if (incident->claim_count >= UINT32_MAX - 1) {
        return failure_say(failure, "the incident has too many claims", "这一事件的说法过多");
    }
    return check_range(fact, event, failure) && check_as_of(event, failure);
}

static bool check_claim(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    if (event->claim == 0 || event->claim > incident->claim_count) {
        return failure_say_field(failure, "claim", "there is no claim %" PRIu32, "没有第 %" PRIu32 " 号说法",
                                 event->claim);
    }
    const struct claim *claim = &incident->claims[event->claim - 1];
    if (claim->corrected) {
        return failure_say_field(failure, "claim", "claim %" PRIu32 " has been corrected by claim %" PRIu32 " already",
                                 "第 %" PRIu32 " 号说法已由第 %" PRIu32 " 号更正", event->claim,
                                 belief_fate(incident, claim)->replaced_by);
    }
    if (claim->withdrawn) {
        return failure_say_field(failure, "claim", "claim %" PRIu32 " has been withdrawn already",
                                 "第 %" PRIu32 " 号说法已撤回", event->claim);
    }
    const struct plan_fact *fact = &incident->edition->plan->facts[incident->type->facts[claim->slot]];
    return event->kind == ENGINE_WITHDRAW ||
           (check_range(fact, event, failure) && (event->as_of == 0 || check_as_of(event, failure)));
}

/* ---- roles ------------------------------------------------------------------------------------------------ */

static bool check_binding(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    const struct plan *plan = incident->edition->plan;
    if (event->role >= plan->party_count || plan->parties[event->role].kind != PLAN_ROLE) {
        return failure_say_field(failure, "role", "the plan has no such role", "预案中没有这个角色");
    }
    if (event->unit >= plan->party_count || plan->parties[event->unit].kind == PLAN_ROLE ||
        plan->parties[event->unit].kind == PLAN_GROUP) {
        return failure_say_field(failure, "unit", "a role is bound to a unit of the plan",
                                 "角色只能由预案中的单位担任");
    }
    bool bound = false;
    bool same = false;
    for (uint32_t i = 0; i < incident->binding_count; i++) {
        bound = bound || incident->bindings[i].role == event->role;
        same = same || (incident->bindings[i].role == event->role && incident->bindings[i].unit == event->unit);
    }
    const struct plan_party *role = &plan->parties[event->role];
    if (event->kind == ENGINE_UNBIND) {
        return same ||
               say(failure, "unit", plan->parties[event->unit].name, "is not bound to this role", "没有担任这个角色");
    }
    if (same) {
        return say(failure, "unit", plan->parties[event->unit].name, "is bound to this role already", "已担任这个角色");
    }
    return !bound || role->many ||
           say(failure, "role", role->name, "is bound already: unbind the wrong unit first",
               "已有单位担任，指定有误的请先解除");
}

/* ---- orders ----------------------------------------------------------------------------------------------- */

static bool check_decider(const struct incident *incident, const struct engine_event *event, uint8_t from, uint8_t to,
                          struct failure *failure) {
    const struct plan *plan = incident->edition->plan;
    const struct plan_scale *scale = &plan->scales[event->scale];
    if (event->by >= plan->party_count) {
        return failure_say_field(failure, "by", "it must be said which office decides", "须指明由哪个机构决定");
    }
    if (proposal_may_order(incident, scale, event->by, from, to)) {
        return true;
    }
    struct text by = plan->parties[event->by].name;
    if (to == 0) {
        return failure_say_field(failure, "by", "%.*s may not decide %.*s end by this plan",
                                 "按这一预案，“%.*s”无权终止“%.*s”", (int)by.length, by.bytes, (int)scale->name.length,
                                 scale->name.bytes);
    }
    return failure_say_field(failure, "by", "%.*s may not decide %.*s %.*s by this plan",
                             "按这一预案，“%.*s”无权决定“%.*s”%.*s", (int)by.length, by.bytes, (int)scale->name.length,
                             scale->name.bytes, (int)scale->levels[to].length, scale->levels[to].bytes);
}

static bool check_scale(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    const struct plan *plan = incident->edition->plan;
    if (event->scale >= plan->scale_count || plan->scales[event->scale].subject != incident->subject) {
        return failure_say_field(failure, "scale", "this kind of incident has no such scale", "这类事件没有这个等级");
    }
    return plan->scales[event->scale].ordered ||
           say(failure, "scale", plan->scales[event->scale].name, "is assessed, not ordered", "只作评定，不下命令");
}

static bool check_order(const struct engine *engine, const struct incident *incident, const struct engine_event *event,
                        struct failure *failure) {
    if (!check_scale(incident, event, failure)) {
        return false;
    }
    const struct plan_scale *scale = &incident->edition->plan->scales[event->scale];
    const struct scale_state *state = &incident->scales[scale->position];
    if (event->level > scale->level_count) {
        return failure_say_field(failure, "level", "the scale has no such level", "没有这个级别");
    }
    if (event->level == state->order) {
        return event->level == 0
                   ? failure_say_field(failure, "level", "nothing is in force that could be ended",
                                       "没有可以终止的级别")
                   : failure_say_field(failure, "level", "this level is in force already", "这个级别已经生效");
    }
    if (!check_decider(incident, event, state->order, event->level, failure)) {
        return false;
    }
    struct decide_box box = engine->box;
    belief_fill_box(engine, incident, event->at, &box);
    struct decide_level level;
    decide_scale(incident->edition->program, event->scale, &box, &level);
    bool certain = false;
    bool possible = false;
    if (scale->ends_when != PLAN_NO_NODE) {
        decide_condition(incident->edition->program, scale->ends_when, &box, &certain, &possible);
    }
    if (event->level != (certain ? 0 : level.level) && text_trim(event->reason).length == 0) {
        return failure_say_field(failure, "reason",
                                 "the facts do not give this level; at discretion it may be ordered, with a reason",
                                 "按现有事实够不上这个级别；酌情决定的，须写明理由");
    }
    return true;
}

static bool check_refusal(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    if (!check_scale(incident, event, failure)) {
        return false;
    }
    const struct scale_state *state = &incident->scales[incident->edition->plan->scales[event->scale].position];
    if (state->proposal == 0) {
        return failure_say_field(failure, "scale", "no proposal is open that could be refused", "没有待决定的建议");
    }
    if (text_trim(event->reason).length == 0) {
        return failure_say_field(failure, "reason", "a refusal needs a reason", "不同意须写明理由");
    }
    return check_decider(incident, event, state->order, incident->proposals[state->proposal - 1].to, failure);
}

static bool check_reconsidering(const struct incident *incident, const struct engine_event *event,
                                struct failure *failure) {
    if (!check_scale(incident, event, failure)) {
        return false;
    }
    const struct scale_state *state = &incident->scales[incident->edition->plan->scales[event->scale].position];
    return state->refused || failure_say_field(failure, "scale", "nothing is refused that could be proposed again",
                                               "没有可以重新提出的建议");
}

/* ---- items ------------------------------------------------------------------------------------------------ */

static bool check_duty(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    if (event->item == 0 || event->item > incident->duty_count) {
        return failure_say_field(failure, "item", "there is no duty %" PRIu32, "没有第 %" PRIu32 " 项职责",
                                 event->item);
    }
    const struct duty *duty = &incident->duties[event->item - 1];
    if (duty->status != ENGINE_OWED || duty->template == PLAN_NONE) {
        return failure_say_field(failure, "item", "duty %" PRIu32 " is no longer owed",
                                 "第 %" PRIu32 " 项职责已不用履行", event->item);
    }
    enum plan_duty_kind kind = incident->edition->plan->duties[duty->template].kind;
    if (event->kind == ENGINE_DONE && kind != PLAN_DUTY && kind != PLAN_OPTION && kind != PLAN_DECISION) {
        return failure_say_field(failure, "item", "this cannot be done: it is a prohibition or a standing notice",
                                 "这是禁止事项或常设提示，谈不上完成");
    }
    if (event->kind == ENGINE_DECLINE && kind != PLAN_OPTION && kind != PLAN_DECISION) {
        return failure_say_field(failure, "item", "a duty cannot be declined, only an option or a decision",
                                 "职责必须办理，只有可选事项和待决定事项可以不采取");
    }
    if (event->kind == ENGINE_BREACH && kind != PLAN_FORBID) {
        return failure_say_field(failure, "item", "only what is forbidden can be breached", "只有禁止事项才谈得上违反");
    }
    bool dated = event->kind == ENGINE_DONE || event->kind == ENGINE_DECLINE || event->kind == ENGINE_BREACH;
    return !dated || check_as_of(event, failure);
}

static bool check_item(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    switch (event->item_kind) {
    case ENGINE_ITEM_DUTY:
        return check_duty(incident, event, failure);
    case ENGINE_ITEM_PROPOSAL:
        if (event->item == 0 || event->item > incident->proposal_count ||
            incident->proposals[event->item - 1].status != ENGINE_PROPOSAL_OPEN) {
            return failure_say_field(failure, "item", "there is no open proposal %" PRIu32,
                                     "没有第 %" PRIu32 " 项待决定的建议", event->item);
        }
        return true;
    case ENGINE_ITEM_FINDING:
        /* One that has been resolved meanwhile is taken too, and nothing comes of it. */
        if (event->item == 0 || event->item > incident->finding_count) {
            return failure_say_field(failure, "item", "there is no finding %" PRIu32, "没有第 %" PRIu32 " 项待办",
                                     event->item);
        }
        return true;
    }
    return failure_say_field(failure, "item", "there is no such item", "没有这一项");
}

/* ---- whole incidents -------------------------------------------------------------------------------------- */

static bool check_merge(const struct engine *engine, const struct incident *incident, const struct engine_event *event,
                        struct failure *failure) {
    const struct incident *into = state_incident(engine, event->other);
    if (into == NULL || into == incident || into->status != ENGINE_OPENED) {
        return failure_say_field(failure, "other", "an incident is merged into another open one",
                                 "事件只能并入另一起处置中的事件");
    }
    if (into->edition != incident->edition || into->subject != incident->subject) {
        return failure_say_field(failure, "other",
                                 "only incidents of one kind, under one version of one plan, can be "
                                 "merged: move one of them first",
                                 "只有同一预案、同一版本的同类事件才能合并，请先换版");
    }
    return !incident->type->standing ||
           failure_say_field(failure, "incident", "a standing subject cannot be merged", "常设对象不能合并");
}

static bool check_split(const struct engine *engine, const struct incident *incident, struct failure *failure) {
    if (incident->status != ENGINE_MERGED) {
        return failure_say_field(failure, "incident", "the incident has not been merged", "这一事件没有合并过");
    }
    const struct incident *into = state_incident(engine, incident->merged_into);
    if (into->status != ENGINE_OPENED) {
        return failure_say_field(failure, "incident",
                                 "incident %" PRIu32 ", into which it went, has itself been merged "
                                 "or closed: tell that one apart first",
                                 "它并入的第 %" PRIu32 " 号事件已并入别处或已结束，请先拆分那一起", into->number);
    }
    return true;
}

static bool check_move(const struct engine *engine, const struct incident *incident, struct failure *failure) {
    const struct plan *from = incident->edition->plan;
    const struct plan *to = engine_plan_in_force(engine, from->name);
    uint16_t subject = plan_find_subject(to, incident->type->name);
    if (to == from) {
        return failure_say_field(failure, "incident", "the incident is under the version in force already",
                                 "这一事件用的已是现行版本");
    }
    if (subject == PLAN_NONE || to->subjects[subject].standing != incident->type->standing) {
        return say(failure, "incident", incident->type->name, "is no longer a kind of incident in the version in force",
                   "在现行版本中已不是一类事件");
    }
    for (uint16_t i = 0; i < incident->type->scale_count; i++) {
        const struct plan_scale *scale = &from->scales[incident->type->scales[i]];
        uint8_t order = incident->scales[i].order;
        uint16_t found = plan_find_scale(to, scale->name);
        if (order != 0 && (found == PLAN_NONE || to->scales[found].subject != subject ||
                           plan_find_level(&to->scales[found], scale->levels[order]) == 0)) {
            return say(failure, "incident", scale->levels[order],
                       "is in force and has no counterpart in the version in force: end it first",
                       "正在生效，现行版本中没有对应的级别，请先终止");
        }
    }
    return true;
}

static bool check_close(const struct incident *incident, const struct engine_event *event, struct failure *failure) {
    if (incident->type->standing) {
        return failure_say_field(failure, "incident", "a standing subject cannot be closed", "常设对象不能结束");
    }
    for (uint16_t i = 0; i < incident->type->scale_count; i++) {
        const struct plan_scale *scale = &incident->edition->plan->scales[incident->type->scales[i]];
        if (scale->ordered && incident->scales[i].order != 0) {
            return say(failure, "incident", scale->name, "is still in force: end it first", "还在生效，请先终止");
        }
    }
    for (uint32_t i = 0; i < incident->duty_count; i++) {
        const struct duty *duty = &incident->duties[i];
        if (duty->status == ENGINE_OWED && duty->template != PLAN_NONE &&
            incident->edition->plan->duties[duty->template].kind == PLAN_DUTY && text_trim(event->reason).length == 0) {
            return failure_say_field(failure, "reason", "duties are still open; closing over them needs a reason",
                                     "还有职责没有办完，要结束须写明理由");
        }
    }
    return true;
}

static bool check_reopening(const struct incident *incident, const struct engine_event *event,
                            struct failure *failure) {
    if (incident->status != ENGINE_CLOSED) {
        return failure_say_field(failure, "incident", "the incident is not closed", "这一事件没有结束");
    }
    if (incident->type->standing) { /* it ended with the version that had it no more */
        return failure_say_field(failure, "incident", "a standing subject cannot be reopened", "常设对象不能重新打开");
    }
    return text_trim(event->reason).length > 0 ||
           failure_say_field(failure, "reason", "reopening needs a reason", "重新打开须写明理由");
}

bool engine_check(const struct engine *engine, const struct engine_event *event, struct failure *failure) {
    if (!check_time(engine, event, failure)) {
        return false;
    }
    if (event->kind == ENGINE_TIME) {
        return true;
    }
    if (event->kind == ENGINE_ADOPT) {
        return check_adoption(engine, event, failure);
    }
    if (event->kind == ENGINE_OPEN) {
        return check_opening(engine, event, failure);
    }
    const struct incident *incident = state_incident(engine, event->incident);
    if (incident == NULL) {
        return failure_say_field(failure, "incident", "there is no incident %" PRIu32, "没有第 %" PRIu32 " 号事件",
                                 event->incident);
    }
    if (incident->status != ENGINE_OPENED && event->kind != ENGINE_SPLIT && event->kind != ENGINE_REOPEN) {
        return incident->status == ENGINE_MERGED
                   ? failure_say_field(failure, "incident",
                                       "the incident has been merged: it goes on in incident %" PRIu32,
                                       "这一事件已合并，请到第 %" PRIu32 " 号事件办理", incident->merged_into)
                   : failure_say_field(failure, "incident", "the incident is closed", "这一事件已结束");
    }
    switch (event->kind) {
    case ENGINE_REPORT:
        return check_report(incident, event, failure);
    case ENGINE_CORRECT:
    case ENGINE_WITHDRAW:
        return check_claim(incident, event, failure);
    case ENGINE_BIND:
    case ENGINE_UNBIND:
        return check_binding(incident, event, failure);
    case ENGINE_ORDER:
        return check_order(engine, incident, event, failure);
    case ENGINE_REFUSE:
        return check_refusal(incident, event, failure);
    case ENGINE_RECONSIDER:
        return check_reconsidering(incident, event, failure);
    case ENGINE_NOTIFY:
    case ENGINE_ACKNOWLEDGE:
        return check_item(incident, event, failure);
    case ENGINE_DONE:
    case ENGINE_DECLINE:
    case ENGINE_BREACH:
        return check_duty(incident, event, failure);
    case ENGINE_MERGE:
        return check_merge(engine, incident, event, failure);
    case ENGINE_SPLIT:
        return check_split(engine, incident, failure);
    case ENGINE_MOVE:
        return check_move(engine, incident, failure);
    case ENGINE_CLOSE:
        return check_close(incident, event, failure);
    case ENGINE_REOPEN:
        return check_reopening(incident, event, failure);
    default:
        return failure_say_field(failure, "kind", "there is no such kind of event", "没有这类记录");
    }
}
