#include "desk/persons.h"

#include "desk/view.h"

#include <stdlib.h>

/* Persons on their way into the list, and where each stands in it. */
struct listing {
    struct buffer *list;
    uint32_t *slots; /* by a hash: the place in the list and one, 0: nobody; more than there are ever persons */
    size_t mask;
};

static struct person *find_at(const struct listing *listing, size_t index) {
    return (struct person *)(void *)listing->list->bytes + index;
}

/* Who has an account is known by it, whoever has none by name and number. */
static bool is_same(const struct person *one, const struct person *other) {
    return one->account.length > 0 || other->account.length > 0
               ? text_equal(one->account, other->account)
               : text_equal(one->name, other->name) && text_equal(one->phone, other->phone);
}

static uint64_t hash(const struct person *person) {
    return person->account.length > 0 ? text_hash(person->account)
                                      : text_hash(person->name) + 31 * text_hash(person->phone);
}

/* Where the person stands, or may be put. */
static uint32_t *find_slot(const struct listing *listing, const struct person *person) {
    size_t slot = (size_t)hash(person) & listing->mask;
    while (listing->slots[slot] != 0 && !is_same(find_at(listing, listing->slots[slot] - 1), person)) {
        slot = (slot + 1) & listing->mask;
    }
    return &listing->slots[slot];
}

/* Room for as many; false when memory is exhausted. */
static bool begin_listing(struct listing *listing, size_t most) {
    size_t room = 16;
    while (room < 2 * most) {
        room *= 2;
    }
    listing->mask = room - 1;
    listing->slots = calloc(room, sizeof *listing->slots);
    return listing->slots != NULL;
}

/* NULL when memory is exhausted. */
static struct person *append(struct listing *listing, uint32_t *slot, const struct person *person) {
    buffer_append(listing->list, person, sizeof *person);
    if (listing->list->failed) {
        return NULL;
    }
    *slot = (uint32_t)(listing->list->length / sizeof *person);
    return find_at(listing, *slot - 1);
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

static void add_shift(struct listing *listing, const struct roster_shift *shift, enum roster_post post, int64_t at) {
    const struct roster_person *named = &shift->posts[post];
    const struct person person = {.name = named->name,
                                  .phone = named->phone,
                                  .account = named->account,
                                  .has_post = true,
                                  .post = post,
                                  .from = shift->from,
                                  .until = shift->until};
    if (named->name.length == 0) {
        return;
    }
    uint32_t *slot = find_slot(listing, &person);
    if (*slot == 0) {
        (void)append(listing, slot, &person);
    } else if (is_nearer(shift->from, shift->until, find_at(listing, *slot - 1), at)) {
        *find_at(listing, *slot - 1) = person;
    }
}

/* Nobody acts under an account that has been closed. */
static void add_account(struct listing *listing, const json_t *account) {
    const struct person unknown = {.name = view_read_text(account, "display_name"),
                                   .account = view_read_text(account, "name")};
    if (json_is_true(json_object_get(account, "closed"))) {
        return;
    }
    uint32_t *slot = find_slot(listing, &unknown);
    struct person *known = *slot == 0 ? append(listing, slot, &unknown) : find_at(listing, *slot - 1);
    if (known != NULL) {
        known->parties = json_object_get(account, "parties");
        known->is_desk = json_is_true(json_object_get(account, "desk"));
    }
}

bool persons_list(const struct roster *roster, const json_t *accounts, int64_t at, struct buffer *list) {
    size_t index = 0;
    json_t *account = NULL;
    struct listing listing = {.list = list};
    if (!begin_listing(&listing, (size_t)roster_count(roster) * ROSTER_POSTS + json_array_size(accounts))) {
        return false;
    }
    for (uint32_t number = 1; number <= roster_count(roster); number++) {
        const struct roster_shift *shift = roster_find(roster, number);
        for (int post = 0; post < ROSTER_POSTS && !shift->is_withdrawn; post++) {
            add_shift(&listing, shift, (enum roster_post)post, at);
        }
    }
    json_array_foreach(accounts, index, account) {
        add_account(&listing, account);
    }
    free(listing.slots);
    return !list->failed;
}
