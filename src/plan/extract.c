/* Takes the blocks marked `plan` out of a Markdown page and remembers where each of their lines stands in the file.
 *
 * CommonMark decides what a block is, so that fences within fences, tildes, lists and quotations come out as on any
 * page. What CommonMark takes away at the left of a line (indentation of the fence, marks of a quotation) is found
 * again by comparing the line with the file's own: the block's line is always the end of it.
 */
#include "plan/compile.h"

#include <cmark-gfm.h>
#include <string.h>

#define BLOCK_MARK "plan"

/* Offsets of the file's lines. */
struct page {
    struct text source;
    VECTOR(size_t) starts;
};

static void find_lines(struct compiler *compiler, struct page *page) {
    size_t at = 0;
    while (at < page->source.length) {
        VECTOR_PUSH(compiler, &page->starts, at);
        const char *end = memchr(page->source.bytes + at, '\n', page->source.length - at);
        at = end == NULL ? page->source.length : (size_t)(end - page->source.bytes) + 1;
    }
}

/* A line of the file by number from 1, without its end; empty past the last. */
static struct text page_line(const struct page *page, uint32_t number) {
    if (number == 0 || number > page->starts.count) {
        return (struct text){page->source.bytes, 0};
    }
    size_t start = page->starts.items[number - 1];
    size_t end = number < page->starts.count ? page->starts.items[number] : page->source.length;
    if (end > start && page->source.bytes[end - 1] == '\n') {
        end--;
    }
    return (struct text){page->source.bytes + start, end - start};
}

static size_t count_blanks(struct text line) {
    size_t count = 0;
    while (count < line.length && (line.bytes[count] == ' ' || line.bytes[count] == '\t')) {
        count++;
    }
    return count;
}

/* The column in the file at which a block's line begins. */
static uint32_t find_column(struct text whole, struct text part) {
    size_t blanks = count_blanks(part);
    struct text tail = {part.bytes + blanks, part.length - blanks};
    if (tail.length > whole.length) {
        return 1;
    }
    size_t before = text_count_code_points((struct text){whole.bytes, whole.length - tail.length});
    return before >= blanks ? (uint32_t)(before - blanks) + 1 : 1;
}

/* Adds a block's lines; `number` is the file's line of the first. Returns how many lines there were. */
static uint32_t add_lines(struct compiler *compiler, const struct page *page, struct text block, size_t offset,
                          uint32_t number) {
    uint32_t count = 0;
    size_t at = 0;
    while (at < block.length) {
        const char *end = memchr(block.bytes + at, '\n', block.length - at);
        size_t next = end == NULL ? block.length : (size_t)(end - block.bytes) + 1;
        struct text part = {block.bytes + at, end == NULL ? next - at : next - at - 1};
        uint32_t column = find_column(page_line(page, number + count), part);
        VECTOR_PUSH(compiler, &compiler->lines, (struct source_line){offset + at, number + count, column, at == 0});
        count++;
        at = next;
    }
    return count;
}

/* True when a fenced block's info line begins with the word `plan`. */
static bool is_plan_block(cmark_node *node) {
    if (cmark_node_get_type(node) != CMARK_NODE_CODE_BLOCK) {
        return false;
    }
    const char *info = cmark_node_get_fence_info(node);
    size_t length = info == NULL ? 0 : strcspn(info, " \t");
    return length == strlen(BLOCK_MARK) && memcmp(info, BLOCK_MARK, length) == 0;
}

static void add_block(struct compiler *compiler, const struct page *page, cmark_node *node, struct buffer *all) {
    struct text block = text_of(cmark_node_get_literal(node));
    uint32_t fence = (uint32_t)cmark_node_get_start_line(node);
    uint32_t count = add_lines(compiler, page, block, all->length, fence + 1);
    buffer_append_text(all, block);
    if (block.length > 0 && block.bytes[block.length - 1] != '\n') {
        buffer_append_string(all, "\n");
    }
    /* The line behind the block's last must be the closing fence. */
    struct text closing = page_line(page, fence + count + 1);
    if (fence + count + 1 > page->starts.count ||
        (memchr(closing.bytes, '`', closing.length) == NULL && memchr(closing.bytes, '~', closing.length) == NULL)) {
        compiler->is_cut = true;
        report(compiler, (struct plan_place){fence, 1},
               "the block that begins here is not closed: end it with a line of ``` like the one that opens it",
               "从这里开始的代码块没有结束：要用同样的一行 ``` 结束");
    }
}

/* Joins all blocks in `all`. Returns how many there were. */
static uint32_t add_blocks(struct compiler *compiler, const struct page *page, struct buffer *all) {
    uint32_t count = 0;
    cmark_node *document = cmark_parse_document(page->source.bytes, page->source.length, CMARK_OPT_DEFAULT);
    cmark_iter *walk = cmark_iter_new(document);
    for (cmark_event_type event = cmark_iter_next(walk); event != CMARK_EVENT_DONE; event = cmark_iter_next(walk)) {
        cmark_node *node = cmark_iter_get_node(walk);
        if (event == CMARK_EVENT_ENTER && is_plan_block(node)) {
            add_block(compiler, page, node, all);
            count++;
        }
    }
    cmark_iter_free(walk);
    cmark_node_free(document);
    return count;
}

void extract_blocks(struct compiler *compiler, struct text source) {
    struct page page = {.source = source};
    struct buffer all = {0};
    find_lines(compiler, &page);
    if (add_blocks(compiler, &page, &all) == 0) {
        report(compiler, (struct plan_place){1, 1},
               "there is no block marked plan in this file: a pack's statements stand between a line ```plan and a "
               "line ```, the first of them plan NAME { version \"1\" zone +08:00 }",
               "文件里没有标记 plan 的代码块：方案的语句写在一行 ```plan 和一行 ``` 之间，第一句是 预案 名称 { 版本 "
               "\"1\" 时区 +08:00 }");
    }
    compiler->text = compiler_keep_text(compiler, buffer_text(&all));
    if (compiler->text.length > 0) {
        find_language(compiler, compiler->text);
    }
    compiler->exhausted = compiler->exhausted || all.failed;
    buffer_release(&all);
}
