/* Duties that are done on paper, for which no form says what stands on it. */
#include "check/plain.h"

static bool is_served(const struct plan *plan, uint16_t duty) {
    for (uint32_t i = 0; i < plan->form_count; i++) {
        const struct plan_form *form = &plan->forms[i];
        for (uint16_t k = 0; !form->spoken && k < form->duties.count; k++) {
            if (plan->lists[form->duties.first + k] == duty) {
                return true;
            }
        }
    }
    return false;
}

void plain_find_formless(struct reporter *reporter) {
    for (uint16_t i = 0; i < reporter->plan->duty_count; i++) {
        const struct plan_duty *duty = &reporter->plan->duties[i];
        if (!duty->written || is_served(reporter->plan, i)) {
            continue;
        }
        struct buffer words = {0};
        struct check_finding *finding = report_add(
            reporter, (struct check_finding){
                          .kind = CHECK_FORM, .scope = CHECK_PLAN, .place = duty->place, .cites = duty->cites});
        buffer_print(&words,
                     reporter->is_chinese
                         ? "“%.*s”要书面办理，却没有文书写明内容（文书 … 用于 %.*s）"
                         : "%.*s is done in writing, and no form says what is written (form … for %.*s)",
                     TEXT_PRINT(duty->name), TEXT_PRINT(duty->name));
        report_say(reporter, finding, &words);
        report_accept(reporter, finding, duty->notes, (struct opposite){NULL, 0});
    }
}
