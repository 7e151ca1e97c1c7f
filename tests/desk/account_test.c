/* Proves: accounts are added once, with a password that is right alone; whoever guesses is slowed down, for that name at
 * that address and for nobody else; sessions are found until they end; no password and no session's token stands in the
 * files; a right password whose session cannot be written is not called wrong; a reset ends what the old password began,
 * and is remembered until it is logged; a browser that has signed in is known again, by that account alone, until
 * others have come after it or there is a reset; sessions are found in memory, and not a second longer than they last,
 * whoever ends them; a copy knows no session. */
#include "desk/book.h"
#include "desk/device.h"

#include "room.h"

#include "../store/scratch.h"

#include <dirent.h>
#include <pthread.h>
#include <signal.h>
#include <sqlite3.h>
#include <stdio.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW ROOM_START
#define SECOND CALENDAR_US_PER_SECOND
#define PASSWORD "right-horse-battery"

static const struct text here = TEXT_INITIAL("10.0.0.1");
static const struct text elsewhere = TEXT_INITIAL("10.0.0.2");

static struct account_book *open_book(const char *directory) {
    struct failure failure = {0};
    struct account_book *book = account_book_open(directory, &failure);
    check(book != NULL, "%s", failure.message);
    return book;
}

static enum account_result add(struct account_book *book, const char *name, const char *password, const char *key,
                               struct failure *failure) {
    const struct account account = room_account(name, false, true, "区森防指\nStation Head\n");
    *failure = (struct failure){0};
    return account_book_add(book, &account, text_of(password), text_of(key), TEXT(""), NOW, failure);
}

static void add_wang(struct account_book *book) {
    struct failure failure;
    check(add(book, "wang", PASSWORD, "key-1", &failure) == ACCOUNT_DONE, "%s", failure.message);
}

static enum account_sign_in sign_in(struct account_book *book, const char *name, const char *password,
                                    struct text address, int64_t now, uint32_t *wait) {
    struct account_session session;
    return account_book_sign_in(book, text_of(name), text_of(password), TEXT(""), address, now, &session, wait);
}

static void test_add(void **state) {
    struct failure failure;
    struct account_session session;
    uint32_t wait = 9;
    struct account_book *book = open_book(*state);
    assert_true(account_book_is_empty(book));
    add_wang(book);
    assert_false(account_book_is_empty(book));
    /* The same request again changes nothing; another one does not get the name. */
    assert_int_equal(add(book, "wang", "another-password", "key-1", &failure), ACCOUNT_DONE);
    assert_int_equal(add(book, "wang", "another-password", "key-2", &failure), ACCOUNT_EXISTS);
    assert_string_equal(failure.field, "name");
    assert_int_equal(add(book, "wang", "another-password", "", &failure), ACCOUNT_EXISTS);
    assert_int_equal(add(book, "nokey", PASSWORD, "", &failure), ACCOUNT_DONE);
    assert_int_equal(add(book, "nokey", PASSWORD, "", &failure), ACCOUNT_EXISTS);
    assert_int_equal(sign_in(book, "wang", "another-password", here, NOW, &wait), ACCOUNT_WRONG);
    assert_int_equal(account_book_sign_in(book, TEXT("wang"), TEXT(PASSWORD), TEXT(""), here, NOW, &session, &wait),
                     ACCOUNT_SIGNED_IN);
    assert_int_equal(wait, 0);
    assert_string_equal(session.account.name, "wang");
    assert_string_equal(session.account.display_name, "wang of the desk");
    assert_true(session.account.desk);
    assert_false(session.account.administrator);
    assert_true(account_has_party(&session.account, TEXT("区森防指")));
    account_book_close(book);
    /* It is there after a restart. */
    book = open_book(*state);
    assert_false(account_book_is_empty(book));
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW, &wait), ACCOUNT_SIGNED_IN);
    struct account auditor = room_account("zhao", false, false, "");
    auditor.auditor = true;
    assert_int_equal(account_book_add(book, &auditor, TEXT(PASSWORD), TEXT(""), TEXT(""), NOW, &failure), ACCOUNT_DONE);
    assert_int_equal(account_book_sign_in(book, TEXT("zhao"), TEXT(PASSWORD), TEXT(""), here, NOW, &session, &wait),
                     ACCOUNT_SIGNED_IN);
    assert_true(session.account.auditor);
    struct account_session found;
    assert_true(account_book_find_session(book, text_of(session.token), NOW, &found));
    assert_true(found.account.auditor);
    json_t *list = account_book_list(book);
    json_t *expected = room_read_json(
        "[{'name': 'nokey', 'display_name': 'nokey of the desk', 'administrator': false, 'desk': true, "
        "'parties': ['区森防指', 'Station Head']}, {'name': 'wang', 'display_name': 'wang of the desk', "
        "'administrator': false, 'desk': true, 'parties': ['区森防指', 'Station Head']}, {'name': 'zhao', "
        "'display_name': 'zhao of the desk', 'administrator': false, 'desk': false, 'auditor': true, "
        "'parties': []}]");
    assert_true(json_equal(list, expected));
    json_decref(list);
    json_decref(expected);
    account_book_close(book);
}

static void test_invalid(void **state) {
    static char long_password[ACCOUNT_PASSWORD_LENGTH_MOST + 2];
    static const char longest[] = "a123456789012345678901234567890123456789012345678901234567890.-_";
    static const char *const names[] = {"", "with blank", "wang\n", "王", "a/b", "a@b", "a'b", "a\"b"};
    struct failure failure;
    struct account_book *book = open_book(*state);
    for (size_t i = 0; i < COUNT_OF(names); i++) {
        check(add(book, names[i], PASSWORD, "k", &failure) == ACCOUNT_INVALID, "name \"%s\"", names[i]);
        assert_string_equal(failure.field, "name");
    }
    assert_int_equal(add(book, "wang", "123456789", "k", &failure), ACCOUNT_INVALID);
    assert_string_equal(failure.field, "password");
    assert_int_equal(add(book, "wang", "一二三四五六七八九", "k", &failure),
                     ACCOUNT_INVALID); /* 27 bytes, 9 characters */
    assert_string_equal(failure.field, "password");
    memset(long_password, 'p', sizeof long_password - 1);
    assert_int_equal(add(book, "wang", long_password, "k", &failure), ACCOUNT_INVALID);
    assert_string_equal(failure.field, "password");
    struct account nameless = room_account("wang", false, true, "");
    nameless.display_name[0] = '\0';
    failure = (struct failure){0};
    assert_int_equal(account_book_add(book, &nameless, TEXT(PASSWORD), TEXT("k"), TEXT(""), NOW, &failure),
                     ACCOUNT_INVALID);
    assert_string_equal(failure.field, "display_name");
    assert_true(account_book_is_empty(book));
    /* At the limits. */
    assert_int_equal(strlen(longest), ACCOUNT_NAME_ROOM - 1);
    long_password[ACCOUNT_PASSWORD_LENGTH_MOST] = '\0';
    assert_int_equal(add(book, longest, long_password, "k", &failure), ACCOUNT_DONE);
    assert_int_equal(add(book, "ten", "一二三四五六七八九十", "k", &failure), ACCOUNT_DONE);
    uint32_t wait = 0;
    assert_int_equal(sign_in(book, longest, long_password, here, NOW, &wait), ACCOUNT_SIGNED_IN);
    assert_int_equal(sign_in(book, "ten", "一二三四五六七八九十", here, NOW, &wait), ACCOUNT_SIGNED_IN);
    account_book_close(book);
}

static void test_wrong(void **state) {
    static const char *const passwords[] = {"", "right-horse-batter", "right-horse-battery ", "Right-horse-battery"};
    uint32_t wait = 0;
    struct account_book *book = open_book(*state);
    add_wang(book);
    for (size_t i = 0; i < COUNT_OF(passwords); i++) {
        check(sign_in(book, "wang", passwords[i], here, NOW, &wait) == ACCOUNT_WRONG, "%s", passwords[i]);
    }
    assert_int_equal(sign_in(book, "Wang", PASSWORD, elsewhere, NOW, &wait), ACCOUNT_WRONG);
    assert_int_equal(sign_in(book, "", PASSWORD, elsewhere, NOW, &wait), ACCOUNT_WRONG);
    assert_int_equal(sign_in(book, "wang' OR 1=1 --", PASSWORD, elsewhere, NOW, &wait), ACCOUNT_WRONG);
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW, &wait), ACCOUNT_SIGNED_IN);
    account_book_close(book);
}

/* Guesses until it must wait; the waits grow, are at most thirty seconds, and end. */
static void test_slowed(void **state) {
    int64_t now = NOW;
    uint32_t wait = 0;
    uint32_t longest = 0;
    int free_tries = 0;
    struct account_book *book = open_book(*state);
    add_wang(book);
    while (sign_in(book, "wang", "wrong-password", here, now, &wait) == ACCOUNT_WRONG) {
        free_tries++;
        assert_true(free_tries < 20);
        now++;
    }
    assert_in_range(free_tries, 3, 10);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(sign_in(book, "wang", "wrong-password", here, now, &wait), ACCOUNT_TOO_SOON);
        assert_in_range(wait, 1, 30);
        assert_true(wait >= longest);
        longest = wait;
        /* The right password does not help either, there; from another place it does, at once, and so does another name
         * from here. Being told to wait costs nothing more. */
        assert_int_equal(sign_in(book, "wang", PASSWORD, here, now, &wait), ACCOUNT_TOO_SOON);
        assert_int_equal(wait, longest);
        if (i == 0) {
            assert_int_equal(sign_in(book, "wang", PASSWORD, elsewhere, now, &wait), ACCOUNT_SIGNED_IN);
            assert_int_equal(sign_in(book, "li", "wrong-password", here, now, &wait), ACCOUNT_WRONG);
        }
        now += longest * SECOND;
        assert_int_equal(sign_in(book, "wang", "wrong-password", here, now, &wait), ACCOUNT_WRONG);
        now++;
    }
    assert_in_range(longest, 20, 30);
    assert_int_equal(sign_in(book, "wang", PASSWORD, elsewhere, now, &wait), ACCOUNT_SIGNED_IN);
    now += 30 * SECOND;
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, now, &wait), ACCOUNT_SIGNED_IN);
    /* After the right one the slate is clean. */
    for (int i = 0; i < free_tries; i++) {
        assert_int_equal(sign_in(book, "wang", "wrong-password", here, now, &wait), ACCOUNT_WRONG);
    }
    account_book_close(book);
}

/* Wrong ones at an instant until it must wait; gives the wait that is told then. */
static uint32_t guess(struct account_book *book, int64_t now) {
    uint32_t wait = 0;
    for (int i = 0; i < 20; i++) {
        if (sign_in(book, "wang", "wrong-password", here, now, &wait) == ACCOUNT_TOO_SOON) {
            return wait;
        }
    }
    fail();
    return 0;
}

/* The wait that is told is the wait, rounded up to whole seconds: a second less is too soon, and it itself is enough. */
static void test_wait(void **state) {
    static const int64_t parts[] = {0, 1, SECOND / 2, SECOND - 1};
    uint32_t wait = 0;
    struct account_book *book = open_book(*state);
    add_wang(book);
    uint32_t told = guess(book, NOW);
    assert_in_range(told, 2, 30);
    for (int64_t second = 0; second < told; second++) {
        for (size_t i = 0; i < COUNT_OF(parts); i++) {
            int64_t now = NOW + second * SECOND + parts[i];
            assert_int_equal(sign_in(book, "wang", PASSWORD, here, now, &wait), ACCOUNT_TOO_SOON);
            check(wait == told - second, "%u s after %d s and %d us", wait, (int)second, (int)parts[i]);
        }
    }
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW + told * SECOND, &wait), ACCOUNT_SIGNED_IN);
    account_book_close(book);
}

/* Whatever has become of the clock, nobody is told to wait for more than thirty seconds. */
static void test_wait_when_clock_is_set_back(void **state) {
    static const int64_t steps[] = {SECOND, 29 * SECOND, 60 * SECOND, CALENDAR_US_PER_HOUR,
                                    INT64_C(1000000) * CALENDAR_US_PER_HOUR};
    uint32_t wait = 0;
    struct account_book *book = open_book(*state);
    add_wang(book);
    (void)guess(book, NOW);
    for (size_t i = 0; i < COUNT_OF(steps); i++) {
        assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW - steps[i], &wait), ACCOUNT_TOO_SOON);
        check(wait >= 1 && wait <= 30, "step %zu: %u s", i, wait);
    }
    account_book_close(book);
}

static void change_database(const char *directory, const char *sql) {
    char path[SCRATCH_PATH_ROOM];
    sqlite3 *database = NULL;
    assert_int_equal(sqlite3_open(scratch_join(directory, "accounts.db", path), &database), SQLITE_OK);
    assert_int_equal(sqlite3_exec(database, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
}

static enum account_sign_in give_code(struct account_book *book, const char *name, int64_t now, uint32_t *wait) {
    struct account_session session;
    return account_book_sign_in(book, text_of(name), TEXT(PASSWORD), TEXT("000000"), here, now, &session, wait);
}

/* Wrong codes are counted apart from wrong passwords: whoever has a password cannot have his wrong codes forgotten by giving
 * wrong passwords for as many names as he likes. */
static void test_slowed_codes(void **state) {
    uint32_t wait = 0;
    struct account_book *book = open_book(*state);
    add_wang(book);
    change_database(*state, "INSERT INTO second_factor VALUES('wang', zeroblob(20), 1, 0)");
    while (give_code(book, "wang", NOW, &wait) == ACCOUNT_CODE_WRONG) {
    }
    assert_int_equal(give_code(book, "wang", NOW, &wait), ACCOUNT_TOO_SOON);
    assert_in_range(wait, 1, 30);
    for (uint64_t i = 0; i < BOOK_SLOWED_ROOM;
         i++) { /* as so many wrong passwords would, each of which takes its time */
        book->passwords.entries[i] = (struct book_slowed){.who = i, .count = 1, .until = NOW + SECOND};
    }
    book->passwords.count = BOOK_SLOWED_ROOM;
    assert_int_equal(sign_in(book, "li", "wrong-password", here, NOW, &wait), ACCOUNT_WRONG);
    assert_int_equal(book->passwords.count, BOOK_SLOWED_ROOM);
    assert_int_equal(give_code(book, "wang", NOW, &wait), ACCOUNT_TOO_SOON);
    /* Nor does the wait for codes keep the password from being right. */
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW, &wait), ACCOUNT_CODE_NEEDED);
    account_book_close(book);
}

/* ---- sessions --------------------------------------------------------------------------------------------- */

static void begin(struct account_book *book, int64_t now, struct account_session *session) {
    uint32_t wait = 0;
    assert_int_equal(account_book_sign_in(book, TEXT("wang"), TEXT(PASSWORD), TEXT(""), here, now, session, &wait),
                     ACCOUNT_SIGNED_IN);
}

static bool is_there(struct account_book *book, const struct account_session *session, int64_t now) {
    struct account_session found;
    bool is_found = account_book_find_session(book, text_of(session->token), now, &found);
    if (is_found) {
        assert_string_equal(found.account.name, session->account.name);
        assert_string_equal(found.account.parties, session->account.parties);
        assert_string_equal(found.token, session->token);
        assert_string_equal(found.csrf_token, session->csrf_token);
    }
    return is_found;
}

static void test_sessions(void **state) {
    struct account_session one;
    struct account_session two;
    struct account_session none;
    struct account_book *book = open_book(*state);
    add_wang(book);
    begin(book, NOW, &one);
    begin(book, NOW, &two);
    assert_string_not_equal(one.token, two.token);
    assert_string_not_equal(one.token, one.csrf_token);
    assert_string_not_equal(one.csrf_token, two.csrf_token);
    assert_int_equal(strlen(one.token), ACCOUNT_TOKEN_ROOM - 1);
    assert_true(is_there(book, &one, NOW));
    assert_false(account_book_find_session(book, TEXT(""), NOW, &none));
    assert_false(account_book_find_session(book, text_of(one.csrf_token), NOW, &none));
    assert_false(account_book_find_session(book, (struct text){one.token, ACCOUNT_TOKEN_ROOM - 2}, NOW, &none));
    /* A restart ends none; signing out ends one. */
    account_book_close(book);
    book = open_book(*state);
    assert_true(is_there(book, &one, NOW));
    account_book_sign_out(book, text_of(one.token));
    assert_false(is_there(book, &one, NOW));
    assert_true(is_there(book, &two, NOW));
    account_book_sign_out(book, text_of(one.token));
    account_book_sign_out(book, TEXT(""));
    assert_true(is_there(book, &two, NOW));
    account_book_close(book);
}

/* As account_book_sign_in, while the file system takes not a byte more from this process. */
static enum account_sign_in sign_in_on_full_disk(struct account_book *book, const char *password) {
    struct rlimit usual;
    struct sigaction ignore = {.sa_handler = SIG_IGN};
    struct sigaction before;
    uint32_t wait = 0;
    assert_int_equal(sigaction(SIGXFSZ, &ignore, &before), 0);
    assert_int_equal(getrlimit(RLIMIT_FSIZE, &usual), 0);
    const struct rlimit none = {1, usual.rlim_max};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &none), 0);
    enum account_sign_in result = sign_in(book, "wang", password, here, NOW, &wait);
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &usual), 0);
    assert_int_equal(sigaction(SIGXFSZ, &before, NULL), 0);
    assert_int_equal(wait, 0);
    return result;
}

/* Tried more often than wrong passwords are let pass: it is no wrong one, and slows nobody down. */
static void test_session_not_written(void **state) {
    uint32_t wait = 0;
    struct account_book *book = open_book(*state);
    add_wang(book);
    for (int i = 0; i < 8; i++) {
        assert_int_equal(sign_in_on_full_disk(book, PASSWORD), ACCOUNT_UNAVAILABLE);
    }
    assert_int_equal(sign_in_on_full_disk(book, "wrong-password"), ACCOUNT_WRONG);
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW, &wait), ACCOUNT_SIGNED_IN);
    account_book_close(book);
}

static void test_expiry(void **state) {
    struct account_session session;
    struct account_session other;
    int64_t now = NOW;
    struct account_book *book = open_book(*state);
    add_wang(book);
    begin(book, now, &session);
    /* Each request lets it live on, for days; */
    for (int i = 0; i < 10; i++) {
        now += ACCOUNT_SESSION_US - CALENDAR_US_PER_MINUTE;
        check(is_there(book, &session, now), "after %d", i);
    }
    /* without one it ends, and stays ended. */
    now += ACCOUNT_SESSION_US + 1;
    assert_false(is_there(book, &session, now));
    assert_false(is_there(book, &session, now));
    begin(book, now, &other);
    assert_false(is_there(book, &session, now));
    assert_true(is_there(book, &other, now));
    account_book_close(book);
}

static void check_absent(const char *directory, const char *secret) {
    check(!scratch_contains(directory, secret), "\"%s\" stands in a file", secret);
}

static void test_secrets(void **state) {
    struct account_session session;
    char made[ACCOUNT_MADE_PASSWORD_ROOM];
    char other[ACCOUNT_MADE_PASSWORD_ROOM];
    struct failure failure;
    account_make_password(made);
    account_make_password(other);
    assert_string_not_equal(made, other);
    assert_int_equal(strlen(made), ACCOUNT_MADE_PASSWORD_ROOM - 1);
    struct account_book *book = open_book(*state);
    add_wang(book);
    assert_int_equal(add(book, "li", made, "key-2", &failure), ACCOUNT_DONE);
    begin(book, NOW, &session);
    assert_true(is_there(book, &session, NOW + 2 * CALENDAR_US_PER_MINUTE));
    /* While it is open, with what SQLite keeps beside it, and when it is closed. */
    for (int i = 0; i < 2; i++) {
        assert_true(scratch_contains(*state, "wang of the desk")); /* we look in the right place */
        assert_true(scratch_contains(*state, "$argon2id$"));
        check_absent(*state, PASSWORD);
        check_absent(*state, made);
        check_absent(*state, session.token);
        if (i == 0) {
            account_book_close(book);
        }
    }
    /* The same password is kept otherwise for each account. */
    book = open_book(*state);
    assert_int_equal(add(book, "zhao", PASSWORD, "key-3", &failure), ACCOUNT_DONE);
    json_t *list = account_book_list(book);
    char *shown = json_dumps(list, 0);
    assert_null(strstr(shown, "argon2"));
    free(shown);
    json_decref(list);
    account_book_close(book);
}

static void test_parties(void **state) {
    const struct account account = room_account("wang", false, false, "区森防指\nStation Head\n");
    const struct account unended = room_account("wang", false, false, "区森防指\nStation Head");
    const struct account none = room_account("wang", false, false, "");
    (void)state;
    assert_true(account_has_party(&account, TEXT("区森防指")));
    assert_true(account_has_party(&account, TEXT("Station Head")));
    assert_true(account_has_party(&unended, TEXT("Station Head")));
    static const char *const others[] = {
        "区森防", "森防指", "Station", "Head", "station head", "区森防指\nStation Head", "Station Head\n", " "};
    for (size_t i = 0; i < COUNT_OF(others); i++) {
        check(!account_has_party(&account, text_of(others[i])), "%s", others[i]);
        check(!account_has_party(&unended, text_of(others[i])), "%s", others[i]);
        check(!account_has_party(&none, text_of(others[i])), "%s", others[i]);
    }
}

/* ---- several threads -------------------------------------------------------------------------------------- */

struct visitor {
    struct account_book *book;
    char name[16];
    int found;
};

static void *visit(void *context) {
    struct visitor *visitor = context;
    struct failure failure = {0};
    struct account_session session;
    struct account_session again;
    uint32_t wait = 0;
    const struct account account = room_account(visitor->name, false, true, "");
    if (account_book_add(visitor->book, &account, TEXT(PASSWORD), TEXT("k"), TEXT(""), NOW, &failure) != ACCOUNT_DONE ||
        account_book_sign_in(visitor->book, text_of(visitor->name), TEXT(PASSWORD), TEXT(""), here, NOW, &session,
                             &wait) != ACCOUNT_SIGNED_IN) {
        return NULL;
    }
    for (int i = 0; i < 50; i++) {
        visitor->found += account_book_find_session(visitor->book, text_of(session.token), NOW, &again) &&
                          strcmp(again.account.name, visitor->name) == 0;
    }
    account_book_sign_out(visitor->book, text_of(session.token));
    return NULL;
}

static void test_threads(void **state) {
    struct visitor visitors[4] = {0};
    pthread_t threads[COUNT_OF(visitors)];
    struct account_book *book = open_book(*state);
    for (size_t i = 0; i < COUNT_OF(visitors); i++) {
        visitors[i].book = book;
        (void)snprintf(visitors[i].name, sizeof visitors[i].name, "visitor-%zu", i);
        assert_int_equal(pthread_create(&threads[i], NULL, visit, &visitors[i]), 0);
    }
    for (size_t i = 0; i < COUNT_OF(visitors); i++) {
        assert_int_equal(pthread_join(threads[i], NULL), 0);
        assert_int_equal(visitors[i].found, 50);
    }
    account_book_close(book);
}

static void test_open_fails(void **state) {
    char missing[SCRATCH_PATH_ROOM];
    struct failure failure = {0};
    assert_null(account_book_open(scratch_join(*state, "no/such/folder", missing), &failure));
    assert_true(failure.set);
}

/* ---- passwords that are reset ----------------------------------------------------------------------------- */

static enum account_result reset(struct account_book *book, const char *name, const char *password, int64_t now) {
    struct failure failure = {0};
    return account_book_reset(book, text_of(name), text_of(password), TEXT("system:root"), now, &failure);
}

static void test_reset(void **state) {
    struct account_book *book = open_book(*state);
    struct account_session session;
    struct account_session again;
    struct account_note note;
    uint32_t wait = 0;
    add_wang(book);
    assert_false(account_book_find_note(book, &note));
    assert_int_equal(account_book_sign_in(book, TEXT("wang"), TEXT(PASSWORD), TEXT(""), here, NOW, &session, &wait),
                     ACCOUNT_SIGNED_IN);
    assert_int_equal(reset(book, "nobody", "another-password", NOW), ACCOUNT_INVALID);
    assert_false(account_book_find_note(book, &note));
    assert_true(account_book_find_session(book, text_of(session.token), NOW, &again));
    assert_int_equal(reset(book, "wang", "another-password", NOW + SECOND), ACCOUNT_DONE);
    assert_false(account_book_find_session(book, text_of(session.token), NOW, &again));
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW, &wait), ACCOUNT_WRONG);
    assert_int_equal(sign_in(book, "wang", "another-password", here, NOW, &wait), ACCOUNT_SIGNED_IN);
    /* Notes come oldest first, each until it is marked. */
    assert_int_equal(reset(book, "wang", "a-third-password", NOW + 2 * SECOND), ACCOUNT_DONE);
    for (int i = 1; i <= 2; i++) {
        assert_true(account_book_find_note(book, &note));
        assert_string_equal(note.name, "wang");
        assert_string_equal(note.actor, "system:root");
        assert_int_equal(note.at, NOW + i * SECOND);
        account_book_mark_note(book, &note, INT64_C(10) * i);
    }
    assert_false(account_book_find_note(book, &note));
    account_book_close(book);
}

/* ---- devices ---------------------------------------------------------------------------------------------- */

/* As if the session had begun in a browser that has the text `device`, or none; it gets another where it is not known. */
static bool keep(struct account_book *book, const struct account_session *session, char device[ACCOUNT_TOKEN_ROOM]) {
    char before[ACCOUNT_TOKEN_ROOM];
    memcpy(before, device, sizeof before);
    return account_book_keep_device(book, session, text_of(before), device);
}

static bool knows(struct account_book *book, const char *name, const char *device) {
    return account_book_knows_device(book, text_of(name), text_of(device));
}

static void enter(struct account_book *book, const char *name, struct account_session *session) {
    uint32_t wait = 0;
    assert_int_equal(account_book_sign_in(book, text_of(name), TEXT(PASSWORD), TEXT(""), here, NOW, session, &wait),
                     ACCOUNT_SIGNED_IN);
}

static void test_devices(void **state) {
    struct failure failure;
    struct account_session wang;
    struct account_session li;
    char devices[ACCOUNT_DEVICES_MOST + 1][ACCOUNT_TOKEN_ROOM] = {{0}};
    char other[ACCOUNT_TOKEN_ROOM] = "";
    struct account_book *book = open_book(*state);
    add_wang(book);
    assert_int_equal(add(book, "li", PASSWORD, "key-2", &failure), ACCOUNT_DONE);
    enter(book, "wang", &wang);
    enter(book, "li", &li);
    assert_false(knows(book, "wang", ""));
    assert_false(knows(book, "wang", "made-up"));
    for (size_t i = 0; i < ACCOUNT_DEVICES_MOST; i++) {
        assert_true(keep(book, &wang, devices[i]));
        assert_int_equal(strlen(devices[i]), ACCOUNT_TOKEN_ROOM - 1);
    }
    /* One that is known stays as it is; another account knows nothing of it, and gives it another. */
    memcpy(other, devices[0], sizeof other);
    assert_true(keep(book, &wang, other));
    assert_string_equal(other, devices[0]);
    assert_false(knows(book, "li", devices[0]));
    assert_true(keep(book, &li, other));
    assert_string_not_equal(other, devices[0]);
    /* Of each account so many are known: that in which nobody has signed in for the longest goes. */
    assert_true(keep(book, &wang, devices[ACCOUNT_DEVICES_MOST]));
    for (size_t i = 0; i <= ACCOUNT_DEVICES_MOST; i++) {
        assert_int_equal(knows(book, "wang", devices[i]), i != 1);
    }
    assert_true(knows(book, "li", other));
    account_book_close(book);
    book = open_book(*state);
    assert_true(knows(book, "wang", devices[0]));
    /* A reset forgets those of the account, and a session that it has ended leaves none. */
    assert_int_equal(reset(book, "wang", "another-password", NOW), ACCOUNT_DONE);
    assert_false(knows(book, "wang", devices[0]));
    assert_false(keep(book, &wang, devices[0]));
    assert_false(knows(book, "wang", devices[0]));
    assert_true(knows(book, "li", other));
    account_book_close(book);
}

/* What a browser calls an account's text is the same as long as the accounts live, and tells nobody else which one it is. */
static void test_device_names(void **state) {
    char folder[SCRATCH_PATH_ROOM];
    char wang[ACCOUNT_DEVICE_NAME_ROOM];
    char li[ACCOUNT_DEVICE_NAME_ROOM];
    char other[ACCOUNT_DEVICE_NAME_ROOM];
    struct account_book *book = open_book(*state);
    assert_true(account_book_name_device(book, TEXT("wang"), wang));
    assert_int_equal(strlen(wang), strlen("pinyue_device_") + 16);
    assert_true(account_book_name_device(book, TEXT("li"), li));
    assert_string_not_equal(wang, li);
    assert_true(account_book_name_device(book, TEXT(""), other)); /* as somebody may leave it empty */
    account_book_close(book);
    book = open_book(*state);
    assert_true(account_book_name_device(book, TEXT("wang"), other));
    assert_string_equal(other, wang);
    account_book_close(book);
    assert_int_equal(mkdir(scratch_join(*state, "other", folder), 0700), 0);
    book = open_book(folder);
    assert_true(account_book_name_device(book, TEXT("wang"), other));
    assert_string_not_equal(other, wang);
    account_book_close(book);
}

struct comer {
    struct account_book *book;
    struct account_session session;
    char password[32];
    bool has_come;
};

static void *come(void *context) {
    struct comer *comer = context;
    uint32_t wait = 0;
    comer->has_come = account_book_sign_in(comer->book, TEXT("wang"), text_of(comer->password), TEXT(""), here, NOW,
                                           &comer->session, &wait) == ACCOUNT_SIGNED_IN;
    return NULL;
}

/* Passwords are checked outside the lock: whoever is just signing in with the old one must not get in behind the reset. */
static void test_reset_race(void **state) {
    struct account_book *book = open_book(*state);
    struct comer comer = {.book = book, .password = PASSWORD};
    struct account_session again;
    add_wang(book);
    for (int i = 0; i < 12; i++) {
        char next[sizeof comer.password];
        pthread_t thread;
        (void)snprintf(next, sizeof next, "password-number-%d", i);
        assert_int_equal(pthread_create(&thread, NULL, come, &comer), 0);
        assert_int_equal(reset(book, "wang", next, NOW), ACCOUNT_DONE);
        assert_int_equal(pthread_join(thread, NULL), 0);
        assert_false(comer.has_come && account_book_find_session(book, text_of(comer.session.token), NOW, &again));
        (void)snprintf(comer.password, sizeof comer.password, "%s", next);
    }
    account_book_close(book);
}

/* ---- sessions in memory ------------------------------------------------------------------------------------ */

static int64_t read_used_at(const char *directory) {
    char path[SCRATCH_PATH_ROOM];
    sqlite3 *database = NULL;
    sqlite3_stmt *statement = NULL;
    assert_int_equal(sqlite3_open(scratch_join(directory, "accounts.db", path), &database), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(database, "SELECT used_at FROM session", -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    int64_t used_at = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(database), SQLITE_OK);
    return used_at;
}

/* A session that is known is found while somebody else has accounts.db for long: the disk is not asked. */
static void test_found_in_memory(void **state) {
    struct account_session session;
    struct account_book *book = open_book(*state);
    add_wang(book);
    begin(book, NOW, &session);
    assert_true(is_there(book, &session, NOW));
    (void)alarm(20); /* waiting for ever is how this fails */
    assert_int_equal(pthread_mutex_lock(&book->lock), 0);
    assert_true(is_there(book, &session, NOW + SECOND / 20));
    assert_true(is_there(book, &session, NOW + SECOND / 2));
    assert_true(room_has_session(book, text_of(session.token), NOW + SECOND / 2));
    assert_int_equal(pthread_mutex_unlock(&book->lock), 0);
    (void)alarm(0);
    account_book_close(book);
}

/* Uses are written once a minute and when the book is closed; what was used in memory alone does not end meanwhile. */
static void test_uses_are_written(void **state) {
    struct account_session session;
    struct account_session other;
    int64_t last = NOW + 59 * SECOND;
    struct account_book *book = open_book(*state);
    add_wang(book);
    begin(book, NOW, &session);
    assert_true(is_there(book, &session, last));
    account_book_write_uses(book);
    assert_int_equal(read_used_at(*state), NOW);
    last = NOW + 60 * SECOND;
    assert_true(is_there(book, &session, last));
    account_book_write_uses(book);
    assert_int_equal(read_used_at(*state), last);
    assert_true(is_there(book, &session, last + 30 * SECOND));
    assert_true(room_has_session(book, text_of(session.token), last + 40 * SECOND));
    account_book_close(book);
    assert_int_equal(read_used_at(*state), last + 30 * SECOND);
    book = open_book(*state);
    assert_true(is_there(book, &session, last + 50 * SECOND));
    begin(book, last + 45 * SECOND + ACCOUNT_SESSION_US, &other); /* throws away what has ended, by the database */
    assert_true(is_there(book, &session, last + 50 * SECOND + ACCOUNT_SESSION_US));
    account_book_close(book);
}

/* Another book is as another process: what it ends, this one does not find a second later. */
static void test_reset_elsewhere(void **state) {
    struct account_session session;
    struct account_session after;
    struct account_book *book = open_book(*state);
    struct account_book *other = open_book(*state);
    add_wang(book);
    for (int i = 0; i < 3; i++) {
        int64_t now = NOW + INT64_C(10) * i * SECOND;
        assert_int_equal(reset(other, "wang", PASSWORD, now), ACCOUNT_DONE);
        begin(book, now, &session);
        assert_true(is_there(book, &session, now));
        assert_true(is_there(book, &session, now + SECOND));
        assert_int_equal(reset(other, "wang", PASSWORD, now), ACCOUNT_DONE);
        begin(book, now, &after);
        assert_false(is_there(book, &session, now + 2 * SECOND));
        assert_false(room_has_session(book, text_of(session.token), now + 2 * SECOND));
        assert_true(is_there(book, &after, now + 2 * SECOND));
        account_book_sign_out(other, text_of(after.token));
        assert_false(room_has_session(book, text_of(after.token), now + 3 * SECOND));
    }
    account_book_close(other);
    account_book_close(book);
}

struct reader {
    struct account_book *book;
    struct account_session session;
    atomic_bool has_ended; /* set when the session is over */
    atomic_bool stop;
    int late, found;
};

static void *read_on(void *context) {
    struct reader *reader = context;
    struct account_session found;
    while (!atomic_load(&reader->stop)) {
        bool was_over = atomic_load(&reader->has_ended);
        bool is_found = account_book_find_session(reader->book, text_of(reader->session.token),
                                                  NOW + (was_over ? SECOND : 0), &found);
        reader->found += is_found;
        reader->late += was_over && is_found;
    }
    return NULL;
}

/* Readers ask all the while a session is ended, here or elsewhere: none finds it once that has been done, so none has
 * put back into memory what it had read before. */
static void test_end_race(void **state) {
    struct account_book *book = open_book(*state);
    struct account_book *other = open_book(*state);
    add_wang(book);
    for (int i = 0; i < 6; i++) {
        struct reader readers[2] = {0};
        pthread_t threads[COUNT_OF(readers)];
        struct account_session session;
        begin(book, NOW, &session);
        for (size_t k = 0; k < COUNT_OF(readers); k++) {
            readers[k].book = book;
            readers[k].session = session;
            assert_int_equal(pthread_create(&threads[k], NULL, read_on, &readers[k]), 0);
        }
        if (i % 3 == 0) {
            assert_true(account_book_sign_out(book, text_of(session.token)));
        } else {
            assert_int_equal(reset(i % 3 == 1 ? book : other, "wang", PASSWORD, NOW), ACCOUNT_DONE);
        }
        for (size_t k = 0; k < COUNT_OF(readers); k++) {
            atomic_store(&readers[k].has_ended, true);
        }
        assert_false(room_has_session(book, text_of(session.token), NOW + SECOND));
        for (size_t k = 0; k < COUNT_OF(readers); k++) {
            atomic_store(&readers[k].stop, true);
            assert_int_equal(pthread_join(threads[k], NULL), 0);
            check(readers[k].late == 0, "round %d: found %d times after its end", i, readers[k].late);
        }
    }
    account_book_close(other);
    account_book_close(book);
}

/* ---- copies ----------------------------------------------------------------------------------------------- */

/* A copy goes with a log that ends somewhere: what was logged behind that is to be logged again, and only that. */
static void test_copy(void **state) {
    char from[SCRATCH_PATH_ROOM];
    char to[SCRATCH_PATH_ROOM];
    struct failure failure = {0};
    struct account_session session;
    struct account_session again;
    struct account_note note;
    uint32_t wait = 0;
    assert_int_equal(mkdir(scratch_join(*state, "from", from), 0700), 0);
    assert_int_equal(mkdir(scratch_join(*state, "to", to), 0700), 0);
    struct account_book *book = open_book(from);
    add_wang(book);
    for (int i = 1; i <= 3; i++) {
        assert_int_equal(reset(book, "wang", PASSWORD, NOW + i * SECOND), ACCOUNT_DONE);
    }
    for (int i = 1; i <= 2; i++) {
        assert_true(account_book_find_note(book, &note));
        account_book_mark_note(book, &note, INT64_C(10) * i);
    }
    assert_int_equal(account_book_sign_in(book, TEXT("wang"), TEXT(PASSWORD), TEXT(""), here, NOW, &session, &wait),
                     ACCOUNT_SIGNED_IN);
    check(account_copy(from, to, 19, &failure), "%s", failure.message); /* the book is open, and in use */
    assert_true(account_book_find_session(book, text_of(session.token), NOW, &again));
    account_book_close(book);
    book = account_book_open_existing(to, &failure);
    check(book != NULL, "%s", failure.message);
    assert_false(account_book_find_session(book, text_of(session.token), NOW, &again));
    assert_int_equal(sign_in(book, "wang", PASSWORD, here, NOW, &wait), ACCOUNT_SIGNED_IN);
    for (int i = 2; i <= 3; i++) {
        assert_true(account_book_find_note(book, &note));
        assert_int_equal(note.at, NOW + i * SECOND);
        account_book_mark_note(book, &note, 30);
    }
    assert_false(account_book_find_note(book, &note));
    account_book_close(book);
}

#define NEWER_THAN_FIRST                                                                                               \
    "DROP TABLE token; DROP TABLE second_factor; DROP TABLE recovery_code; DROP TABLE factor_required; "               \
    "DROP TABLE setting; DROP TABLE limited_session; DROP TABLE sign_in; DROP TABLE closed_account; DROP TABLE device"

static void test_format(void **state) {
    struct failure failure = {0};
    int format = 9;
    assert_true(account_check_format(*state, &format, &failure));
    assert_int_equal(format, 0);
    assert_null(account_book_open_existing(*state, &failure));
    assert_true(failure.set);
    failure = (struct failure){0};
    account_book_close(open_book(*state));
    assert_true(account_check_format(*state, &format, &failure));
    assert_int_equal(format, ACCOUNT_FORMAT);
    /* One from before formats had numbers is as format 1: it stays as it is until it is upgraded. */
    change_database(*state, "PRAGMA user_version = 0; DROP TABLE note_about; DROP TABLE note; " NEWER_THAN_FIRST);
    assert_true(account_check_format(*state, &format, &failure));
    assert_int_equal(format, 1);
    assert_null(account_book_open(*state, &failure));
    assert_non_null(strstr(failure.message, "pinyue upgrade"));
    failure = (struct failure){0};
    assert_true(account_upgrade(*state, &failure));
    assert_true(account_upgrade(*state, &failure));
    struct account_book *book = open_book(*state);
    add_wang(book);
    assert_int_equal(reset(book, "wang", PASSWORD, NOW), ACCOUNT_DONE);
    account_book_close(book);
    /* Of an older format accounts are listed and passwords reset, and it stays of that format. */
    change_database(*state, "PRAGMA user_version = 1; DROP TABLE note_about; " NEWER_THAN_FIRST);
    book = account_book_open_existing(*state, &failure);
    check(book != NULL, "%s", failure.message);
    json_decref(account_book_list(book));
    assert_int_equal(reset(book, "wang", PASSWORD, NOW), ACCOUNT_DONE);
    account_book_close(book);
    assert_true(account_settle(*state, 1, &failure));
    assert_true(account_check_format(*state, &format, &failure));
    assert_int_equal(format, 1);
    change_database(*state, "PRAGMA user_version = 5");
    assert_false(account_check_format(*state, &format, &failure));
    assert_non_null(strstr(failure.message, "format 5"));
    failure = (struct failure){0};
    assert_null(account_book_open(*state, &failure));
    assert_non_null(strstr(failure.message, "format 5"));
    failure = (struct failure){0};
    assert_false(account_upgrade(*state, &failure));
    assert_non_null(strstr(failure.message, "format 5"));
    failure = (struct failure){0};
    assert_false(account_settle(*state, 1, &failure));
    assert_non_null(strstr(failure.message, "format 5"));
}

int main(void) {
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_add, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_invalid, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_wrong, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_slowed, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_slowed_codes, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_wait, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_wait_when_clock_is_set_back, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_sessions, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_session_not_written, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_expiry, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_secrets, scratch_set_up, scratch_tear_down),
        cmocka_unit_test(test_parties),
        cmocka_unit_test_setup_teardown(test_reset, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_devices, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_device_names, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_reset_race, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_found_in_memory, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_uses_are_written, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_reset_elsewhere, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_end_race, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_copy, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_format, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_threads, scratch_set_up, scratch_tear_down),
        cmocka_unit_test_setup_teardown(test_open_fails, scratch_set_up, scratch_tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
