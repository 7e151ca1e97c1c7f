#include "desk/persons.h"

static struct person *find(struct buffer *list, struct text account, struct text name, struct text phone) {
    struct person *persons = (struct person *)(void *)list->bytes;
    for (size_t i = 0; i < list->length / sizeof *persons; i++) {
        struct person *one = &persons[i];
        bool is_same = account.length > 0 || one->account.length > 0
                           ? text_equal(one->account, account)
                           : text_equal(one->name, name) && text_equal(one->phone, phone);
        if (is_same) {
            return one;
        }
    }
    return NULL;
}

/* Whether one period says more of a person at an instant than another: the one that is, then the soonest that comes, then
 * the last that was. */
static bool is_nearer(int64_t from, int64_t until, const struct person *other, int64_t at) {
    bool is_over = until <= at;
    if (is_over != (other->until <= at)) {
        return !is_over;
    }
    return is_over ? from > other->from : from < other->from;
}

static void add_shift(struct buffer *list, const struct roster_shift *shift, enum roster_post post, int64_t at) {
    const struct roster_person *named = &shift->posts[post];
    if (named->name.length == 0) {
        return;
    }
    struct person *known = find(list, named->account, named->name, named->phone);
    if (known != NULL && !is_nearer(shift->from, shift->until, known, at)) {
        return;
    }
    const struct person person = {.name = named->name,
                                  .phone = named->phone,
                                  .account = named->account,
                                  .has_post = true,
                                  .post = post,
                                  .from = shift->from,
                                  .until = shift->until};
    if (known != NULL) {
        *known = person;
    } else {
        buffer_append(list, &person, sizeof person);
    }
}

static struct text read_text(const json_t *object, const char *name) {
    const json_t *value = json_object_get(object, name);
    return (struct text){json_string_value(value), json_string_length(value)};
}

static void add_account(struct buffer *list, const json_t *account) {
    struct text name = read_text(account, "name");
    struct person *known = find(list, name, (struct text){0}, (struct text){0});
    const struct person unknown = {.name = read_text(account, "display_name"), .account = name};
    if (known == NULL) {
        buffer_append(list, &unknown, sizeof unknown);
        known = list->failed ? NULL : (struct person *)(void *)(list->bytes + list->length) - 1;
    }
    if (known != NULL) {
        known->parties = json_object_get(account, "parties");
        known->is_desk = json_is_true(json_object_get(account, "desk"));
    }
}

bool persons_list(const struct roster *roster, const json_t *accounts, int64_t at, struct buffer *list) {
    size_t index = 0;
    json_t *account = NULL;
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = roster_find(roster, number);
        for (int post = 0; post < ROSTER_POSTS && !shift->is_withdrawn; post++) {
            add_shift(list, shift, (enum roster_post)post, at);
        }
    }
    json_array_foreach(accounts, index, account) {
        add_account(list, account);
    }
    return !list->failed;
}
