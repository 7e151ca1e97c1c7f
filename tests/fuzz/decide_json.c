/* Fuzz target: the facts that `pinyue decide` is given. What is taken must give an answer whose parts agree; what is not
 * must be refused with a message. */
#include "../run/small_pack.h"
#include "run/fact_sheet.h"

#include "fuzz.h"

#include <stdlib.h>

static void require(bool condition) {
    if (!condition) {
        abort();
    }
}

static const struct decide_program *find_program(const struct plan **plan) {
    static struct plan *compiled;
    static struct decide_program *program;
    if (program == NULL) {
        struct plan_messages messages = {0};
        compiled = plan_compile(TEXT("small"), TEXT(SMALL_PACK), &messages);
        plan_messages_release(&messages);
        program = decide_program_create(compiled, NULL);
        require(program != NULL);
    }
    *plan = compiled;
    return program;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t size) {
    const struct plan *plan = NULL;
    const struct decide_program *program = find_program(&plan);
    struct failure failure = {0};
    struct fact_sheet *sheet = fact_sheet_parse(plan, (struct text){(const char *)bytes, size}, &failure);
    require((sheet == NULL) == failure.set);
    if (sheet == NULL) {
        return 0;
    }
    json_t *result = fact_sheet_decide(sheet, program);
    const char *name = NULL;
    json_t *scale = NULL;
    require(result != NULL);
    json_object_foreach(json_object_get(result, "scales"), name, scale) {
        bool is_settled = json_equal(json_object_get(scale, "level"), json_object_get(scale, "may"));
        require(is_settled == (json_array_size(json_object_get(scale, "open")) == 0));
        require(!is_settled || json_array_size(json_object_get(scale, "ask")) == 0);
        require(json_is_null(json_object_get(scale, "level")) ==
                (json_array_size(json_object_get(scale, "because")) == 0));
    }
    json_decref(result);
    fact_sheet_destroy(sheet);
    return 0;
}
