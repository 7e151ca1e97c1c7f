/* drill_line — a drill file's blocks cut into statements and words. Internal to src/run.
 *
 * What it is for: a drill is written line by line (docs/drills.md); a statement ends with its line unless the line ends
 * in a comma. Here lines become tokens, keywords of both languages are recognised, instants and delays are read.
 * Owns nothing but what the arena holds. Tokens point into the drill file's text.
 */
#ifndef PINYUE_RUN_DRILL_LINE_H
#define PINYUE_RUN_DRILL_LINE_H

#include "base/arena.h"
#include "base/failure.h"
#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define DRILL_LINES_MAX 20000U
#define DRILL_TOKENS_MAX 400000U

enum drill_token_kind {
    DRILL_WORD,   /* a run of characters without blanks and marks */
    DRILL_QUOTED, /* a name in single quotes, taken off */
    DRILL_TEXT,   /* "…" or “…”, quotes taken off */
    DRILL_CLAUSE, /* @…, the @ taken off */
    DRILL_MARK    /* one sign; full-width ones and list commas have become ASCII */
};

struct drill_token {
    enum drill_token_kind kind;
    struct text text; /* the content */
    struct text raw;  /* as it stands in the file */
    uint32_t line, column;
};

/* A statement. */
struct drill_line {
    const struct drill_token *tokens;
    uint32_t count;
    uint32_t line;
};

struct drill_lines {
    struct drill_line *items;
    uint32_t count;
};

enum drill_keyword {
    DRILL_NO_KEYWORD,
    /* what a statement begins with */
    DRILL_TITLE,
    DRILL_PACK,
    DRILL_VERSION,
    DRILL_SEED,
    DRILL_START,
    DRILL_PEOPLE,
    DRILL_SILENT,
    DRILL_NEVER,
    DRILL_AT,
    DRILL_AFTER,
    DRILL_NOTE,
    DRILL_USE,
    DRILL_OPEN,
    DRILL_REPORT,
    DRILL_CORRECT,
    DRILL_WITHDRAW,
    DRILL_SERIES,
    DRILL_BIND,
    DRILL_UNBIND,
    DRILL_ORDER,
    DRILL_END,
    DRILL_ACCEPT,
    DRILL_REFUSE,
    DRILL_NOTIFY,
    DRILL_ACKNOWLEDGE,
    DRILL_PROVE,
    DRILL_TAKE,
    DRILL_DECLINE,
    DRILL_BREACH,
    DRILL_MERGE,
    DRILL_SPLIT,
    DRILL_ADOPT,
    DRILL_MOVE,
    DRILL_CLOSE,
    DRILL_EXPECT,
    DRILL_REJECTED,
    /* what stands within one */
    DRILL_AS_OF,
    DRILL_OF,
    DRILL_TO,
    DRILL_BY,
    DRILL_INTO,
    DRILL_PLACE,
    DRILL_ON,
    DRILL_SOURCE,
    DRILL_REASON,
    DRILL_OBSERVED,
    DRILL_PREDICTED,
    DRILL_DECIDE,
    DRILL_BECAUSE,
    DRILL_ONLY,
    DRILL_NOT,
    DRILL_NO,
    DRILL_NONE,
    DRILL_LEVEL,
    DRILL_MAY,
    DRILL_PROPOSAL,
    DRILL_LAST,
    DRILL_RAISE,
    DRILL_LOWER,
    DRILL_OVERRIDE,
    DRILL_DUTY,
    DRILL_NOTICE,
    DRILL_ABOUT,
    DRILL_FINDING,
    DRILL_FACT,
    DRILL_INCIDENT,
    DRILL_COUNT,
    /* states */
    DRILL_OWED,
    DRILL_NOTIFIED,
    DRILL_ACKNOWLEDGED,
    DRILL_UNACKNOWLEDGED,
    DRILL_DONE,
    DRILL_DONE_IN_TIME,
    DRILL_DONE_LATE,
    DRILL_DECLINED,
    DRILL_OVERDUE,
    DRILL_ESCALATED,
    DRILL_LAPSED,
    DRILL_ABSENT,
    DRILL_UNBOUND,
    DRILL_BREACHED,
    DRILL_ACCEPTED,
    DRILL_REFUSED,
    DRILL_SUPERSEDED,
    DRILL_EXHAUSTED,
    DRILL_CONTRADICTION,
    DRILL_LOST,
    DRILL_OPENED,
    DRILL_MERGED,
    DRILL_CLOSED
};

/* Takes the blocks marked `drill` out of Markdown and cuts them into statements. `source` must outlive the lines. */
bool drill_lines_read(struct arena *arena, const char *file, struct text source, struct drill_lines *lines,
                      struct failure *failure);

/* Where reading stands within a statement. */
struct drill_cursor {
    const struct drill_line *line;
    uint32_t at;
    const char *file;
    struct failure *failure;
};

/* The next token, NULL at the statement's end. */
const struct drill_token *drill_peek(const struct drill_cursor *cursor);

/* The keyword that begins here, and how many tokens it takes. */
enum drill_keyword drill_find_keyword(const struct drill_cursor *cursor, uint32_t *taken);

/* Takes a keyword, a mark, a name (word or quoted), a text. Each returns false, with nothing taken, when something else
 * stands there; the `need` ones then also say what was expected. */
bool drill_take(struct drill_cursor *cursor, enum drill_keyword keyword);
bool drill_take_mark(struct drill_cursor *cursor, char mark);
bool drill_take_text(struct drill_cursor *cursor, struct text *text);
bool drill_take_name(struct drill_cursor *cursor, struct text *name);
bool drill_need(struct drill_cursor *cursor, enum drill_keyword keyword);
bool drill_need_mark(struct drill_cursor *cursor, char mark);
bool drill_need_text(struct drill_cursor *cursor, struct text *text, const char *what);
bool drill_need_name(struct drill_cursor *cursor, struct text *name, const char *what);

/* True at the end of the statement; else a message about what is left over. */
bool drill_need_end(struct drill_cursor *cursor);

/* A message about the next token, or about the token just taken. Always false. */
bool drill_refuse(const struct drill_cursor *cursor, const char *format, ...) __attribute__((format(printf, 2, 3)));
bool drill_refuse_last(const struct drill_cursor *cursor, const char *format, ...)
    __attribute__((format(printf, 2, 3)));

/* The English spelling of a keyword. */
const char *drill_keyword_name(enum drill_keyword keyword);

/* The keyword, among those that may begin a statement, nearest to a misspelt word; empty where none is near. */
struct text drill_suggest_verb(struct text word);

/* What instants are measured from. */
struct drill_clock {
    int64_t start; /* of the drill */
    int32_t zone_minutes;
};

/* Reads an instant: "2 h", "2 h + 5 min", "-10 min" from the start; "start - 10 min"; "14:05" on the day of the start;
 * "2022-08-20 14:05"; "2022-08-20T14:05". */
bool drill_take_instant(struct drill_cursor *cursor, const struct drill_clock *clock, int64_t *instant);

/* Reads a length of time, "2 h", "1小时30分钟", "2 h + 5 min". */
bool drill_take_duration(struct drill_cursor *cursor, int64_t *us);

/* Reads a delay: "5 min", "1..3 min", "30 s..2 min", "never" (both -1). */
bool drill_take_delay(struct drill_cursor *cursor, int64_t *low, int64_t *high);

/* All that stands from a token to before another, as in the file. */
struct text drill_raw(const struct drill_cursor *cursor, uint32_t from, uint32_t to);

#endif
