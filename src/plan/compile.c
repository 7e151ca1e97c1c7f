/* From a pack's bytes to a plan: the border, the stages, and the last step, in which everything built is copied
 * together. */
#include "plan/compile.h"

#include <string.h>

#define VECTOR_ROOM_FIRST 8U

/* ---- memory ----------------------------------------------------------------------------------------------- */

void *vector_reserve(struct compiler *compiler, void *items, uint32_t count, uint32_t *room, size_t item_size) {
    if (count < *room) {
        return items;
    }
    uint32_t larger = *room == 0 ? VECTOR_ROOM_FIRST : *room * 2;
    void *moved = arena_allocate_array(compiler->scratch, larger, item_size);
    if (moved == NULL) {
        compiler->exhausted = true;
        return items;
    }
    if (count > 0) {
        memcpy(moved, items, count * item_size);
    }
    *room = larger;
    return moved;
}

void *compiler_allocate(struct compiler *compiler, size_t size) {
    void *memory = arena_allocate(compiler->scratch, size);
    compiler->exhausted = compiler->exhausted || memory == NULL;
    return memory;
}

struct text compiler_keep_text(struct compiler *compiler, struct text text) {
    char *copy = arena_copy_text(compiler->kept, text.bytes, text.length);
    if (copy == NULL) {
        compiler->exhausted = true;
        return (struct text){"", 0};
    }
    return (struct text){copy, text.length};
}

bool compiler_is_exhausted(const struct compiler *compiler) {
    return compiler->exhausted || arena_is_exhausted(compiler->kept) || arena_is_exhausted(compiler->scratch);
}

/* ---- the border ------------------------------------------------------------------------------------------- */

/* The place of a byte: lines end in LF, CR or CR LF, columns count the characters before it. */
static struct plan_place find_place(struct text source, size_t offset) {
    struct plan_place place = {1, 1};
    for (size_t i = 0; i < offset && i < source.length; i++) {
        unsigned char byte = (unsigned char)source.bytes[i];
        bool is_end = byte == '\n' || (byte == '\r' && !(i + 1 < source.length && source.bytes[i + 1] == '\n'));
        if (is_end) {
            place.line++;
            place.column = 1;
        } else if ((byte & 0xC0U) != 0x80U && byte != '\r') {
            place.column++;
        }
    }
    return place;
}

/* What no text file has: too many bytes, broken UTF-8, zero bytes. */
static bool check_border(struct compiler *compiler, struct text source) {
    if (source.length > PACK_BYTES_MAX) {
        return report(compiler, (struct plan_place){1, 1},
                      "the file is too large for a pack: it has %zu bytes, at most "
                      "%zu are allowed",
                      "文件太大：有 %zu 字节，最多 %zu 字节", source.length, PACK_BYTES_MAX);
    }
    int64_t invalid = text_find_invalid_utf8(source);
    if (invalid >= 0) {
        return report(compiler, find_place(source, (size_t)invalid),
                      "the file is no UTF-8 text from here on (byte %lld): save it as UTF-8",
                      "从这里（第 %lld 字节）起不是 UTF-8 文本：请另存为 UTF-8", (long long)invalid + 1);
    }
    const char *zero = source.length > 0 ? memchr(source.bytes, '\0', source.length) : NULL;
    if (zero != NULL) {
        return report(compiler, find_place(source, (size_t)(zero - source.bytes)),
                      "a zero byte stands here: this is no text file", "这里有零字节：这不是文本文件");
    }
    return true;
}

/* A copy of the source without its byte-order mark, every line ending in LF alone. */
static struct text normalize(struct compiler *compiler, struct text source) {
    if (text_starts_with(source, TEXT("\xEF\xBB\xBF"))) {
        source = (struct text){source.bytes + 3, source.length - 3};
    }
    char *copy = compiler_allocate(compiler, source.length + 1);
    if (copy == NULL) {
        return (struct text){"", 0};
    }
    size_t length = 0;
    for (size_t i = 0; i < source.length; i++) {
        if (source.bytes[i] != '\r') {
            copy[length++] = source.bytes[i];
        } else if (i + 1 == source.length || source.bytes[i + 1] != '\n') {
            copy[length++] = '\n';
        }
    }
    return (struct text){copy, length};
}

/* ---- the end ---------------------------------------------------------------------------------------------- */

/* Copies an array from scratch into the kept arena. */
static void *keep_array(struct compiler *compiler, const void *items, uint32_t count, size_t item_size) {
    void *copy = arena_allocate_array(compiler->kept, count, item_size);
    if (copy == NULL) {
        compiler->exhausted = true;
    } else if (count > 0) {
        memcpy(copy, items, count * item_size);
    }
    return copy;
}

#define KEEP(array, number, vector)                                                                                    \
    do {                                                                                                               \
        plan->array = keep_array(compiler, compiler->vector.items, compiler->vector.count, sizeof *plan->array);       \
        plan->number = plan->array != NULL ? compiler->vector.count : 0;                                               \
    } while (0)

static void finish_plan(struct compiler *compiler, struct text file) {
    struct plan *plan = compiler->plan;
    plan->file = compiler_keep_text(compiler, file);
    KEEP(parties, party_count, built_parties);
    KEEP(facts, fact_count, built_facts);
    KEEP(subjects, subject_count, built_subjects);
    KEEP(nodes, node_count, built_nodes);
    KEEP(scales, scale_count, built_scales);
    KEEP(rules, rule_count, built_rules);
    KEEP(triggers, trigger_count, built_triggers);
    KEEP(duties, duty_count, built_duties);
    KEEP(chains, chain_count, built_chains);
    KEEP(settings, setting_count, built_settings);
    KEEP(callings, calling_count, built_callings);
    KEEP(calls, call_count, built_calls);
    KEEP(handlings, handling_count, built_handlings);
    KEEP(steps, step_count, built_steps);
    KEEP(forms, form_count, built_forms);
    KEEP(form_items, form_item_count, built_form_items);
    KEEP(pieces, piece_count, built_pieces);
    KEEP(commands, command_count, built_commands);
    KEEP(positions, position_count, built_positions);
    KEEP(prose, prose_count, built_prose);
    KEEP(conditions, condition_count, built_conditions);
    KEEP(findings, finding_count, built_findings);
    KEEP(notes, note_count, built_notes);
    KEEP(cites, cite_count, cites);
    KEEP(lists, list_count, lists);
    KEEP(node_lists, node_list_count, node_lists);
}

/* ---- the stages ------------------------------------------------------------------------------------------- */

static void run_stages(struct compiler *compiler, struct text file, struct text source) {
    if (!check_border(compiler, source)) {
        return;
    }
    struct text page = normalize(compiler, source);
    find_language(compiler, page);
    extract_blocks(compiler, page);
    if (!compiler_is_exhausted(compiler) && !compiler->is_cut) {
        read_tokens(compiler);
    }
    if (!compiler_is_exhausted(compiler) && !compiler->is_cut) {
        parse_pack(compiler);
    }
    if (!compiler_is_exhausted(compiler) && !compiler->is_cut) {
        resolve_pack(compiler);
    }
    if (!compiler_is_exhausted(compiler)) {
        finish_plan(compiler, file);
    }
    if (compiler_is_exhausted(compiler)) {
        report(compiler, (struct plan_place){1, 1}, "the pack needs more memory than there is for it",
               "内存不足，装不下这个方案");
    }
}

static bool prepare(struct compiler *compiler) {
    compiler->scratch = arena_create(SCRATCH_BYTES_MAX);
    compiler->kept = arena_create(KEPT_BYTES_MAX);
    if (compiler->scratch == NULL || compiler->kept == NULL) {
        return false;
    }
    compiler->plan = arena_allocate(compiler->kept, sizeof *compiler->plan);
    if (compiler->plan != NULL) {
        compiler->plan->arena = compiler->kept;
    }
    return compiler->plan != NULL;
}

struct plan *plan_compile(struct text file, struct text source, struct plan_messages *messages) {
    struct compiler compiler = {.messages = messages};
    struct plan *plan = NULL;
    if (prepare(&compiler)) {
        run_stages(&compiler, file, source);
        plan = messages->count == 0 ? compiler.plan : NULL;
    } else {
        report(&compiler, (struct plan_place){1, 1}, "there is not enough memory to read the pack",
               "内存不足，读不了这个方案");
    }
    if (plan == NULL) {
        arena_destroy(compiler.kept);
    }
    arena_destroy(compiler.scratch);
    messages_sort(messages);
    return plan;
}

void plan_destroy(struct plan *plan) {
    if (plan != NULL) {
        arena_destroy(plan->arena);
    }
}
