#include "desk/search.h"

#include "base/arena.h"
#include "base/buffer.h"
#include "desk/fold.h"

#include <stdlib.h>
#include <string.h>

#define BYTES_MAX ((size_t)4 << 30)
#define PHONE_BYTES_MOST 160U
#define TEXT_BYTES_MOST 4096U /* of one thing that was said: more is not looked through */

/* How many signs a query looks at before it gives up on what is older: some hundredths of a second, in which nothing can be
 * written. */
#define BUDGET 3000000U

enum field {
    FIELD_NONE,
    FIELD_TEXT,
    FIELD_PLACE,
    FIELD_CALLER,
    FIELD_PHONE,
    FIELD_REPLACED_PHONE,
    FIELD_TITLE,
    FIELD_SUBJECT,
    FIELD_INCIDENT,
    FIELD_FACT,
    FIELD_VALUE,
    FIELD_SOURCE,
    FIELD_REASON,
    FIELD_ROLE,
    FIELD_UNIT,
    FIELD_BY,
    FIELD_SPOKEN_BY,
    FIELD_SPOKEN_FROM,
    FIELD_PARTY,
    FIELD_SPOKEN_WITH,
    FIELD_NOTE,
    FIELD_NOTES,
    FIELD_NAME,
    FIELD_ALIAS,
    FIELD_OF,
    FIELD_HELD_BY,
    FIELD_DESCRIPTION,
    FIELD_ACTION,
    FIELD_CLAUSE,
    FIELD_FORM,
    FIELD_OFFICE,
    FIELD_SIGNER,
    FIELD_ACCOUNT,
    FIELDS
};

static const char *const field_names[FIELDS] = {
    [FIELD_NONE] = "",
    [FIELD_TEXT] = "text",
    [FIELD_PLACE] = "place",
    [FIELD_CALLER] = "caller",
    [FIELD_PHONE] = "phone",
    [FIELD_REPLACED_PHONE] = "replaced_phone",
    [FIELD_TITLE] = "title",
    [FIELD_SUBJECT] = "subject",
    [FIELD_INCIDENT] = "incident",
    [FIELD_FACT] = "fact",
    [FIELD_VALUE] = "value",
    [FIELD_SOURCE] = "source",
    [FIELD_REASON] = "reason",
    [FIELD_ROLE] = "role",
    [FIELD_UNIT] = "unit",
    [FIELD_BY] = "by",
    [FIELD_SPOKEN_BY] = "spoken_by",
    [FIELD_SPOKEN_FROM] = "spoken_from",
    [FIELD_PARTY] = "party",
    [FIELD_SPOKEN_WITH] = "spoken_with",
    [FIELD_NOTE] = "note",
    [FIELD_NOTES] = "notes",
    [FIELD_NAME] = "name",
    [FIELD_ALIAS] = "alias",
    [FIELD_OF] = "of",
    [FIELD_HELD_BY] = "held_by",
    [FIELD_DESCRIPTION] = "description",
    [FIELD_ACTION] = "action",
    [FIELD_CLAUSE] = "clause",
    [FIELD_FORM] = "form",
    [FIELD_OFFICE] = "office",
    [FIELD_SIGNER] = "signer",
    [FIELD_ACCOUNT] = "account",
};

/* Of which fields of an event an entry is made, and to which group it belongs. */
struct recipe {
    enum search_group group;
    enum field fields[SEARCH_LINES_MAX];
};

static const struct recipe of_call = {SEARCH_CALL, {FIELD_PLACE, FIELD_TEXT, FIELD_CALLER, FIELD_PHONE}};
static const struct recipe of_opening = {SEARCH_INCIDENT, {FIELD_TITLE, FIELD_SUBJECT, FIELD_INCIDENT}};
static const struct recipe of_report = {SEARCH_REPORT, {FIELD_FACT, FIELD_VALUE, FIELD_SOURCE, FIELD_REASON}};
static const struct recipe of_other = {SEARCH_NOTE,
                                       {FIELD_SOURCE, FIELD_REASON, FIELD_BY, FIELD_SPOKEN_BY, FIELD_SPOKEN_FROM,
                                        FIELD_ROLE, FIELD_UNIT, FIELD_PARTY, FIELD_SPOKEN_WITH, FIELD_PHONE,
                                        FIELD_NOTE}};

static const struct recipe of_document = {SEARCH_DOCUMENT,
                                          {FIELD_TITLE, FIELD_FORM, FIELD_OFFICE, FIELD_SIGNER, FIELD_PHONE}};

/* What a shift has left to the next. */
static const struct recipe of_notes = {SEARCH_NOTE, {FIELD_NOTES}};

struct search {
    bool hides_phones;
    struct arena *arena; /* what was said */
    struct buffer said;  /* of struct search_entry, oldest first */
    uint32_t calls;
    struct arena *plan_arena; /* what plans say; made anew with them */
    struct buffer planned;    /* of struct search_entry */
    struct buffer plans;      /* of const struct plan *, as they were read */
    uint32_t numbers;         /* how often telephone numbers had been changed then */
    struct arena *person_arena;
    struct buffer persons; /* of struct search_entry */
    struct buffer line;    /* being made */
    struct buffer part;    /* of the text that is looked at, what the asker may see */
};

void search_hide_phones(struct search *search) {
    search->hides_phones = true;
}

struct search *search_create(void) {
    struct search *search = calloc(1, sizeof *search);
    if (search == NULL) {
        return NULL;
    }
    search->arena = arena_create(BYTES_MAX);
    if (search->arena == NULL) {
        free(search);
        return NULL;
    }
    return search;
}

void search_destroy(struct search *search) {
    if (search != NULL) {
        arena_destroy(search->arena);
        arena_destroy(search->plan_arena);
        arena_destroy(search->person_arena);
        buffer_release(&search->persons);
        buffer_release(&search->part);
        buffer_release(&search->said);
        buffer_release(&search->planned);
        buffer_release(&search->plans);
        buffer_release(&search->line);
        free(search);
    }
}

const char *search_field_name(const struct search_entry *entry, size_t line) {
    bool is_notes = entry->fields[0] == FIELD_NOTES; /* all lines of it */
    return line < SEARCH_LINES_MAX ? field_names[entry->fields[line]] : is_notes ? field_names[FIELD_NOTES] : "";
}

/* ---- entries ---------------------------------------------------------------------------------------------- */

static void begin_entry(struct search *search, struct search_entry *entry) {
    buffer_clear(&search->line);
    memset(entry->fields, FIELD_NONE, sizeof entry->fields);
}

/* Adds a line; lines beyond SEARCH_LINES_MAX go on without a name of their own. */
static void add_line(struct search *search, struct search_entry *entry, enum field field, struct text value) {
    if (value.length == 0) {
        return;
    }
    size_t lines = 0;
    while (lines < SEARCH_LINES_MAX && entry->fields[lines] != FIELD_NONE) {
        lines++;
    }
    if (lines < SEARCH_LINES_MAX) {
        entry->fields[lines] = (uint8_t)field;
    }
    size_t from = search->line.length + (search->line.length > 0 ? 1 : 0);
    buffer_append_string(&search->line, search->line.length > 0 ? "\n" : "");
    buffer_append_text(&search->line, text_cut(value, TEXT_BYTES_MOST));
    for (size_t i = from; i < search->line.length; i++) { /* a line's end is the end of what was said */
        char *byte = &search->line.bytes[i];
        *byte = *byte == '\n' || *byte == '\r' ? ' ' : *byte;
    }
}

/* Each line of a long text is one of its own: it is looked through to its end. */
static void add_lines(struct search *search, struct search_entry *entry, enum field field, struct text value) {
    size_t from = 0;
    for (size_t i = 0; i <= value.length; i++) {
        if (i == value.length || value.bytes[i] == '\n') {
            add_line(search, entry, field, text_trim((struct text){value.bytes + from, i - from}));
            from = i + 1;
        }
    }
}

static bool end_entry(struct search *search, struct search_entry *entry, struct arena *arena, struct buffer *entries) {
    if (search->line.length == 0) {
        return !search->line.failed;
    }
    entry->text.bytes = arena_copy_text(arena, search->line.bytes, search->line.length);
    entry->text.length = search->line.length;
    entry->told = entry->told == 0 ? (uint32_t)entry->text.length : entry->told;
    if (search->line.failed || entry->text.bytes == NULL) {
        return false;
    }
    match_mark_text(entry->text, &entry->mark);
    buffer_append(entries, entry, sizeof *entry);
    return !entries->failed;
}

/* ---- what was said ---------------------------------------------------------------------------------------- */

/* NULL for what nobody has said. */
static const struct recipe *find_recipe(struct text kind) {
    static const struct {
        struct text kind;
        const struct recipe *recipe;
    } recipes[] = {
        {TEXT_INITIAL("report"), &of_report},
        {TEXT_INITIAL("time"), NULL},
        {TEXT_INITIAL("notify"), NULL},
        {TEXT_INITIAL("correct"), &of_report},
        {TEXT_INITIAL("withdraw"), &of_report},
        {TEXT_INITIAL("open"), &of_opening},
        {TEXT_INITIAL("desk.call"), &of_call},
        {TEXT_INITIAL("desk.document"), &of_document},
        {TEXT_INITIAL("desk.handover-notes"), &of_notes},
        {TEXT_INITIAL("adopt"), NULL},
        {TEXT_INITIAL("move"), NULL},
        {TEXT_INITIAL("desk.clock"), NULL},
        {TEXT_INITIAL("desk.call-incident"), NULL},
        {TEXT_INITIAL("desk.account"), NULL},
        {TEXT_INITIAL("desk.account-reset"), NULL},
        {TEXT_INITIAL("desk.exercise"), NULL},
        {TEXT_INITIAL("desk.exercise-script"), NULL},
        {TEXT_INITIAL("desk.exercise-seat"), NULL},
        {TEXT_INITIAL("desk.exercise-pace"), NULL},
        {TEXT_INITIAL("desk.exercise-end"), NULL},
    };
    for (size_t i = 0; i < sizeof recipes / sizeof recipes[0]; i++) {
        if (text_equal(kind, recipes[i].kind)) {
            return recipes[i].recipe;
        }
    }
    return &of_other;
}

bool search_take(struct search *search, const struct session_entry *said, struct failure *failure) {
    struct text kind = fold_field(said->fields, said->count, "kind");
    const struct recipe *recipe = find_recipe(kind);
    struct search_entry entry = {.sequence = said->sequence, .at = said->at, .incident = said->incident};
    if (recipe == NULL) {
        return true;
    }
    entry.group = recipe->group;
    if (text_starts_with(kind, TEXT(SESSION_NOTE_PREFIX))) {
        entry.incident = fold_number(fold_field(said->fields, said->count, "incident"));
    }
    entry.number = recipe == &of_call ? ++search->calls : 0;
    begin_entry(search, &entry);
    for (size_t i = 0; i < SEARCH_LINES_MAX && recipe->fields[i] != FIELD_NONE; i++) {
        struct text value = fold_field(said->fields, said->count, field_names[recipe->fields[i]]);
        if (recipe == &of_notes) {
            add_lines(search, &entry, recipe->fields[i], value);
        } else {
            add_line(search, &entry, recipe->fields[i], value);
        }
    }
    return end_entry(search, &entry, search->arena, &search->said) ||
           failure_say(failure, "memory is exhausted", "内存不足");
}

/* ---- what plans say --------------------------------------------------------------------------------------- */

static void add_phone(struct search *search, struct search_entry *entry, enum field field, struct text label,
                      struct text number) {
    struct buffer phone = {0};
    buffer_print(&phone, "%.*s%s%.*s", TEXT_PRINT(label), label.length > 0 ? " " : "", TEXT_PRINT(number));
    add_line(search, entry, field, text_cut(buffer_text(&phone), PHONE_BYTES_MOST));
    buffer_release(&phone);
}

/* Each number that holds before the published one that it lies over; at last one besides those of the plan. */
static void add_phones(struct search *search, struct search_entry *entry, const struct directory *directory) {
    const struct plan *plan = entry->plan;
    const struct plan_party *party = &plan->parties[entry->number];
    const struct directory_entry *over = NULL;
    for (uint16_t i = 0; i < party->phone_count; i++) {
        const struct plan_phone *phone = &party->phones[i];
        over = directory_find(directory, plan->name, party->name, phone->number);
        if (over != NULL) {
            add_phone(search, entry, FIELD_PHONE, phone->label, over->number);
        }
        add_phone(search, entry, over == NULL ? FIELD_PHONE : FIELD_REPLACED_PHONE, phone->label, phone->number);
    }
    over = directory_find(directory, plan->name, party->name, (struct text){0});
    if (over != NULL) {
        add_phone(search, entry, FIELD_PHONE, (struct text){0}, over->number);
    }
}

static bool add_party(struct search *search, const struct plan *plan, uint32_t index,
                      const struct directory *directory) {
    const struct plan_party *party = &plan->parties[index];
    struct search_entry entry = {.plan = plan, .number = index, .group = SEARCH_PARTY};
    begin_entry(search, &entry);
    add_line(search, &entry, FIELD_NAME, party->name);
    for (uint16_t i = 0; i < party->alias_count; i++) {
        add_line(search, &entry, FIELD_ALIAS, party->aliases[i]);
    }
    add_line(search, &entry, FIELD_HELD_BY, party->held_by);
    add_line(search, &entry, FIELD_OF, party->of == PLAN_NONE ? (struct text){0} : plan->parties[party->of].name);
    add_line(search, &entry, FIELD_DESCRIPTION, party->description);
    entry.told = (uint32_t)search->line.length;
    if (!search->hides_phones) {
        add_phones(search, &entry, directory);
    }
    return end_entry(search, &entry, search->plan_arena, &search->planned);
}

static bool add_duty(struct search *search, const struct plan *plan, uint32_t index) {
    const struct plan_duty *duty = &plan->duties[index];
    struct search_entry entry = {.plan = plan, .number = index, .group = SEARCH_DUTY};
    begin_entry(search, &entry);
    add_line(search, &entry, FIELD_NAME, duty->name);
    add_line(search, &entry, FIELD_ACTION, duty->action);
    return end_entry(search, &entry, search->plan_arena, &search->planned);
}

/* That something rests on a clause. */
struct resting {
    struct text clause, what;
    uint32_t order; /* as the plan says it */
};

static int compare_resting(const void *left, const void *right) {
    const struct resting *one = left;
    const struct resting *other = right;
    int by_clause = text_compare(one->clause, other->clause);
    return by_clause != 0 ? by_clause : one->order < other->order ? -1 : 1;
}

static void add_resting(struct buffer *list, const struct plan *plan, struct plan_span cites, struct text what) {
    for (uint16_t i = 0; i < cites.count; i++) {
        const struct resting resting = {plan->cites[cites.first + i], what,
                                        (uint32_t)(list->length / sizeof(struct resting))};
        buffer_append(list, &resting, sizeof resting);
    }
}

/* A level with its scale, as a clause gives it. */
static struct text name_level(struct search *search, const struct plan_scale *scale, uint8_t level) {
    struct buffer name = {0};
    buffer_print(&name, "%.*s %.*s", TEXT_PRINT(scale->name), TEXT_PRINT(scale->levels[level]));
    struct text kept = arena_keep_text(search->plan_arena, buffer_text(&name));
    buffer_release(&name);
    return kept;
}

/* Each clause that something of the plan rests on, with what that is. */
static bool add_clauses(struct search *search, const struct plan *plan) {
    struct buffer list = {0};
    bool is_good = true;
    for (uint32_t i = 0; i < plan->duty_count; i++) {
        add_resting(&list, plan, plan->duties[i].cites, plan->duties[i].name);
    }
    for (uint32_t i = 0; i < plan->scale_count; i++) {
        const struct plan_scale *scale = &plan->scales[i];
        for (uint32_t k = 0; k < scale->rule_count; k++) {
            const struct plan_rule *rule = &plan->rules[scale->first_rule + k];
            add_resting(&list, plan, rule->cites, name_level(search, scale, rule->level));
        }
        add_resting(&list, plan, scale->cites, scale->name);
    }
    for (uint32_t i = 0; i < plan->party_count; i++) {
        add_resting(&list, plan, plan->parties[i].cites, plan->parties[i].name);
    }
    struct resting *items = (struct resting *)(void *)list.bytes;
    size_t count = list.length / sizeof *items;
    if (count > 0) {
        qsort(items, count, sizeof *items, compare_resting);
    }
    for (size_t i = 0; i < count && is_good;) {
        struct search_entry entry = {.plan = plan, .group = SEARCH_CLAUSE};
        size_t from = i;
        begin_entry(search, &entry);
        add_line(search, &entry, FIELD_CLAUSE, items[from].clause);
        for (; i < count && text_equal(items[i].clause, items[from].clause); i++) {
            add_line(search, &entry, FIELD_NAME,
                     i > from && text_equal(items[i].what, items[i - 1].what) ? (struct text){0} : items[i].what);
        }
        is_good = end_entry(search, &entry, search->plan_arena, &search->planned);
    }
    is_good = is_good && !list.failed;
    buffer_release(&list);
    return is_good;
}

static bool read_plan(struct search *search, const struct plan *plan, const struct directory *directory) {
    bool is_good = true;
    for (uint32_t i = 0; i < plan->party_count && is_good; i++) {
        is_good = add_party(search, plan, i, directory);
    }
    for (uint32_t i = 0; i < plan->duty_count && is_good; i++) {
        is_good = add_duty(search, plan, i);
    }
    return is_good && add_clauses(search, plan);
}

bool search_read_plans(struct search *search, const struct plan *const *plans, size_t count,
                       const struct directory *directory) {
    size_t bytes = count * sizeof(const struct plan *);
    uint32_t numbers = directory_count_changes(directory);
    if (search->plan_arena != NULL && search->plans.length == bytes && search->numbers == numbers &&
        (bytes == 0 || memcmp(search->plans.bytes, plans, bytes) == 0)) {
        return true;
    }
    arena_destroy(search->plan_arena);
    buffer_clear(&search->planned);
    buffer_clear(&search->plans);
    search->plan_arena = arena_create(BYTES_MAX);
    bool is_good = search->plan_arena != NULL;
    for (size_t i = 0; i < count && is_good; i++) {
        is_good = read_plan(search, plans[i], directory);
    }
    buffer_append(&search->plans, plans, bytes);
    search->numbers = numbers;
    if (!is_good || search->plans.failed) {
        arena_destroy(search->plan_arena); /* read again the next time */
        search->plan_arena = NULL;
        buffer_clear(&search->planned);
        return false;
    }
    return true;
}

/* ---- persons ---------------------------------------------------------------------------------------------- */

static bool add_person(struct search *search, const struct person *person, uint32_t number) {
    struct search_entry entry = {.number = number, .group = SEARCH_PERSON};
    size_t index = 0;
    json_t *party = NULL;
    begin_entry(search, &entry);
    add_line(search, &entry, FIELD_NAME, person->name);
    add_line(search, &entry, FIELD_PHONE, person->phone);
    add_line(search, &entry, FIELD_ACCOUNT, person->account);
    json_array_foreach(person->parties, index, party) {
        add_line(search, &entry, FIELD_PARTY, (struct text){json_string_value(party), json_string_length(party)});
    }
    return end_entry(search, &entry, search->person_arena, &search->persons);
}

bool search_read_persons(struct search *search, const struct person *persons, size_t count) {
    arena_destroy(search->person_arena);
    buffer_clear(&search->persons);
    search->person_arena = arena_create(BYTES_MAX);
    bool is_good = search->person_arena != NULL;
    for (size_t i = 0; i < count && is_good; i++) {
        is_good = add_person(search, &persons[i], (uint32_t)i);
    }
    return is_good;
}

/* ---- finding ---------------------------------------------------------------------------------------------- */

/* Puts what was found behind all that fit as well or better; the last one goes when there are too many. */
static void insert(struct search_answer *answer, const struct search_found *found) {
    enum search_group group = found->entry->group;
    struct search_found *list = answer->found[group];
    size_t at = answer->counts[group];
    while (at > 0 && list[at - 1].where.fit > found->where.fit) {
        at--;
    }
    if (answer->counts[group] == SEARCH_FOUND_MAX) {
        answer->more[group] = true;
    } else {
        answer->counts[group]++;
    }
    if (at < SEARCH_FOUND_MAX) {
        memmove(list + at + 1, list + at, (answer->counts[group] - 1 - at) * sizeof *list);
        list[at] = *found;
    }
}

/* Who looks for it, and what he may see. */
struct seeker {
    const struct match_query *query;
    search_sees *sees;
    void *context;
    struct buffer *part;
    uint64_t budget;
};

static void look_at(struct seeker *seeker, const struct search_entry *entry, struct search_answer *answer) {
    struct search_found found = {.entry = entry};
    if (!match_may_fit(seeker->query, &entry->mark) ||
        !match_find(seeker->query, entry->text, &seeker->budget, &found.where)) {
        return;
    }
    buffer_clear(seeker->part);
    if (seeker->sees != NULL && !seeker->sees(seeker->context, entry, seeker->part)) {
        found.is_part = true;
        if (seeker->part->failed ||
            !match_find(seeker->query, buffer_text(seeker->part), &seeker->budget, &found.where)) {
            return;
        }
    }
    insert(answer, &found);
}

void search_find(struct search *search, const struct match_query *query, search_sees *sees, void *context,
                 struct search_answer *answer) {
    const struct search_entry *said = (const struct search_entry *)(const void *)search->said.bytes;
    const struct buffer *few[] = {&search->persons, &search->planned};
    struct seeker seeker = {query, sees, context, &search->part, BUDGET};
    *answer = (struct search_answer){0};
    for (size_t list = 0; list < sizeof few / sizeof few[0]; list++) {
        const struct search_entry *entries = (const struct search_entry *)(const void *)few[list]->bytes;
        for (size_t i = 0; i < few[list]->length / sizeof *entries; i++) {
            look_at(&seeker, &entries[i], answer);
        }
    }
    for (size_t i = search->said.length / sizeof *said; i > 0 && seeker.budget > 0; i--) {
        look_at(&seeker, &said[i - 1], answer);
    }
    answer->is_whole = seeker.budget > 0;
}
