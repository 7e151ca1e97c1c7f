/* keyword — the words of the plan language, in English and Chinese.
 *
 * One table (keyword.c); docs/plan-language.md prints the same one. Owns nothing.
 */
#ifndef PINYUE_PLAN_KEYWORD_H
#define PINYUE_PLAN_KEYWORD_H

#include "base/text.h"

#include <stdbool.h>
#include <stdint.h>

#define KEYWORD_WORDS_MAX 4 /* never after first report */

enum keyword {
    KEYWORD_NONE,
    KEYWORD_PLAN,
    KEYWORD_VERSION,
    KEYWORD_DOCUMENT,
    KEYWORD_TITLE,
    KEYWORD_ISSUER,
    KEYWORD_ISSUED,
    KEYWORD_ZONE,
    KEYWORD_LANGUAGE,
    KEYWORD_UNIT,
    KEYWORD_CONTACT,
    KEYWORD_OFFICE,
    KEYWORD_TEAM,
    KEYWORD_GROUP,
    KEYWORD_ROLE,
    KEYWORD_ALIAS,
    KEYWORD_HELD_BY,
    KEYWORD_MANY,
    KEYWORD_BY_PLACE_AMONG,
    KEYWORD_BOUND_BY,
    KEYWORD_KIND,
    KEYWORD_STRENGTH,
    KEYWORD_OFFICE_PHONE,
    KEYWORD_DUTY_PHONE,
    KEYWORD_FAX,
    KEYWORD_PHONE,
    KEYWORD_PART,
    KEYWORD_SETTING,
    KEYWORD_BECAUSE,
    KEYWORD_ABOUT,
    KEYWORD_PERCENT,
    KEYWORD_CHAIN,
    KEYWORD_EVERY,
    KEYWORD_INCIDENT,
    KEYWORD_STANDING,
    KEYWORD_SCALE,
    KEYWORD_LEVELS,
    KEYWORD_GIVEN,
    KEYWORD_PROPOSED_BY,
    KEYWORD_ORDERED_BY,
    KEYWORD_RAISED_BY,
    KEYWORD_AUTOMATIC_FOR,
    KEYWORD_FOR,
    KEYWORD_DECIDE_WITHIN,
    KEYWORD_ENDS_WHEN,
    KEYWORD_REOPENS_WHEN,
    KEYWORD_WHEN,
    KEYWORD_LITERAL,
    KEYWORD_ACCEPT,
    KEYWORD_WITH,
    KEYWORD_ON_OPEN_OF,
    KEYWORD_ON_DONE_OF,
    KEYWORD_COMMAND,
    KEYWORD_POSITION,
    KEYWORD_WORK_GROUP,
    KEYWORD_LED_BY,
    KEYWORD_CALLING,
    KEYWORD_HANDLING,
    KEYWORD_STEP,
    KEYWORD_ASKS,
    KEYWORD_THROUGH,
    KEYWORD_DONE_WHEN,
    KEYWORD_FORM,
    KEYWORD_SPOKEN,
    KEYWORD_SIGNED_BY,
    KEYWORD_PARAGRAPH,
    KEYWORD_HEADING,
    KEYWORD_LIST,
    KEYWORD_FORCES,
    KEYWORD_TIMELINE,
    KEYWORD_DUTIES,
    KEYWORD_KNOWN,
    KEYWORD_PROSE,
    KEYWORD_FINDING,
    KEYWORD_FACT,
    KEYWORD_DERIVED,
    KEYWORD_CONDITION,
    KEYWORD_COUNT,
    KEYWORD_DURATION,
    KEYWORD_AREA,
    KEYWORD_LENGTH,
    KEYWORD_VOLUME,
    KEYWORD_FLOW,
    KEYWORD_TIME,
    KEYWORD_FLAG,
    KEYWORD_ONE_OF,
    KEYWORD_SERIES_OF,
    KEYWORD_MORE_IS_WORSE,
    KEYWORD_LESS_IS_WORSE,
    KEYWORD_YES_IS_WORSE,
    KEYWORD_NO_IS_WORSE,
    KEYWORD_OBSERVED_OR_PREDICTED,
    KEYWORD_NEVER_FALLS,
    KEYWORD_NEVER_AFTER_FIRST_REPORT,
    KEYWORD_UNKNOWN_AS,
    KEYWORD_PRESUMED,
    KEYWORD_HEARD_AS,
    KEYWORD_FROM,
    KEYWORD_NOW,
    KEYWORD_UNTIL,
    KEYWORD_AND,
    KEYWORD_OR,
    KEYWORD_NOT,
    KEYWORD_ANY,
    KEYWORD_ALL,
    KEYWORD_IN,
    KEYWORD_YES,
    KEYWORD_NO,
    KEYWORD_LAST,
    KEYWORD_NEXT,
    KEYWORD_DAYS,
    KEYWORD_NONE_LEVEL,
    KEYWORD_DUTY,
    KEYWORD_OPTION,
    KEYWORD_DECISION,
    KEYWORD_FORBID,
    KEYWORD_NOTICE,
    KEYWORD_RECIPIENT,
    KEYWORD_OF,
    KEYWORD_TO,
    KEYWORD_VIA,
    KEYWORD_WRITTEN,
    KEYWORD_WITHIN,
    KEYWORD_BY,
    KEYWORD_ACKNOWLEDGE_WITHIN,
    KEYWORD_CONTINUES,
    KEYWORD_MET_BY_FIRST_REPORT,
    KEYWORD_REPLACES,
    KEYWORD_PROOF,
    KEYWORD_TEAMS_OF,
    KEYWORD_REQUEST,
    KEYWORD_DAY,
    KEYWORD_MONTH,
    KEYWORD_QUARTER,
    KEYWORD_HALF_YEAR,
    KEYWORD_YEAR,
    KEYWORD_AT_LEAST,
    KEYWORD_AT_MOST,
    KEYWORD_MORE_THAN,
    KEYWORD_LESS_THAN,
    KEYWORD_EQUALS,
    KEYWORD_DIFFERS
};

/* The keyword that the first of `count` words begin, the longest phrase first; stores how many words it takes. */
enum keyword keyword_match(const struct text *words, uint32_t count, uint8_t *taken);

/* True when a word, unquoted, cannot be a name: it is a keyword or the first word of one. */
bool keyword_is_reserved(struct text word);

/* The length of the longest Chinese keyword with which a text begins, 0 when it begins with none. */
size_t keyword_chinese_start(struct text text);

/* The English spelling and the Chinese one, for messages. */
const char *keyword_name(enum keyword keyword);
const char *keyword_chinese_name(enum keyword keyword);

/* The spelling nearest to a misspelt one (capitals do not count), or the empty text. Only keywords that `wanted`
 * holds are looked at (KEYWORD_NONE ends it), all when it is NULL. */
struct text keyword_suggest(struct text word, const enum keyword *wanted);

/* The same for a phrase of `words` words with one blank between them, among the keywords of as many. */
struct text keyword_suggest_phrase(struct text phrase, uint32_t words, const enum keyword *wanted);

/* The Chinese keyword that a word begins with and goes on behind (a blank is missing), or the empty text. */
struct text keyword_glued(struct text word, const enum keyword *wanted);

/* The Chinese spelling of one character, or the empty text where a keyword has none. */
struct text keyword_character(enum keyword keyword);

#endif
