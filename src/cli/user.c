/* user — `pinyue user`: the accounts of a data directory, from the machine that it lies on. */
#include "cli/cli.h"

#include "base/buffer.h"
#include "base/text.h"
#include "cli/moment.h"
#include "desk/account.h"
#include "desk/second_factor.h"

#include <pwd.h>
#include <stdio.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

static const char help[] =
    "usage: pinyue user list --data DIR [--json]\n"
    "       pinyue user reset NAME --data DIR [--json]\n"
    "\n"
    "list   prints the accounts: name, rights, what it is called, the parties that it acts for.\n"
    "reset  gives an account a new random password, prints it once, ends all its sessions, and removes its\n"
    "       second factor; the server may run meanwhile. That it was done, and by which user of the operating system, "
    "is taken into the log by the "
    "server,\n"
    "       within seconds or when it is started next (event desk.account-reset).\n"
    "\n"
    "Exit status: 0 done, 2 it could not be done; the message says why.\n";

/* The user of the operating system. With a colon, so that it is never taken for an account of that name. */
static void find_actor(char out[ACCOUNT_ACTOR_ROOM]) {
    char room[1024];
    struct passwd entry;
    struct passwd *user = NULL;
    if (getpwuid_r(getuid(), &entry, room, sizeof room, &user) == 0 && user != NULL &&
        text_find_invalid_utf8(text_of(user->pw_name)) < 0 &&
        strlen(user->pw_name) < ACCOUNT_ACTOR_ROOM - sizeof "system:") {
        (void)snprintf(out, ACCOUNT_ACTOR_ROOM, "system:%s", user->pw_name);
    } else {
        (void)snprintf(out, ACCOUNT_ACTOR_ROOM, "system:%lu", (unsigned long)getuid());
    }
}

static void append_rights(const json_t *account, struct buffer *out) {
    static const char *const rights[] = {"closed", "administrator", "desk", "auditor"};
    size_t before = out->length;
    for (size_t i = 0; i < sizeof rights / sizeof rights[0]; i++) {
        if (json_is_true(json_object_get(account, rights[i]))) {
            buffer_print(out, "%s%s", out->length > before ? ", " : "", rights[i]);
        }
    }
    buffer_append_string(out, out->length > before ? "" : "-");
}

static void append_account(const json_t *account, struct buffer *out) {
    size_t index = 0;
    json_t *party = NULL;
    buffer_print(out, "%s  (", json_string_value(json_object_get(account, "name")));
    append_rights(account, out);
    buffer_print(out, ")  %s", json_string_value(json_object_get(account, "display_name")));
    json_array_foreach(json_object_get(account, "parties"), index, party) {
        buffer_print(out, "%s%s", index == 0 ? "  " : ", ", json_string_value(party));
    }
    buffer_append_string(out, "\n");
}

static bool list(struct account_book *book, bool as_json, struct buffer *out, struct failure *failure) {
    json_t *accounts = account_book_list(book);
    size_t index = 0;
    json_t *account = NULL;
    if (accounts == NULL) {
        return failure_set(failure, "accounts.db cannot be read");
    }
    if (as_json) {
        cli_append_json(accounts, out);
    } else {
        json_array_foreach(accounts, index, account) {
            append_account(account, out);
        }
    }
    json_decref(accounts);
    return true;
}

static bool reset(struct account_book *book, const char *name, bool as_json, struct buffer *out,
                  struct failure *failure) {
    char password[ACCOUNT_MADE_PASSWORD_ROOM];
    char actor[ACCOUNT_ACTOR_ROOM];
    struct timespec now;
    (void)clock_gettime(CLOCK_REALTIME, &now);
    int codes_left = 0;
    bool had_factor = account_book_has_factor(book, text_of(name), &codes_left);
    account_make_password(password);
    find_actor(actor);
    if (account_book_reset(book, text_of(name), text_of(password), text_of(actor),
                           (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000, failure) != ACCOUNT_DONE) {
        return false;
    }
    if (as_json) {
        json_t *json =
            json_pack("{s:s, s:s, s:b}", "name", name, "password", password, "second_factor_removed", had_factor);
        cli_append_json(json, out);
        json_decref(json);
    } else {
        buffer_print(out, "password: %s %s\n%s", name, password,
                     had_factor ? "second factor: removed; the password alone is enough until another is set up\n"
                                : "");
    }
    return true;
}

static bool find_command(const char *const *words, size_t count, bool *is_reset, struct failure *failure) {
    *is_reset = count > 0 && strcmp(words[0], "reset") == 0;
    if (count == 0 || (!*is_reset && strcmp(words[0], "list") != 0)) {
        return failure_set(failure, "user needs one of list, reset; --help explains them");
    }
    if (*is_reset && count < 2) {
        return failure_set(failure, "user reset needs the account's name; pinyue user list shows them");
    }
    return *is_reset || count == 1 || failure_set(failure, "\"%s\" is one argument too many", words[1]);
}

static int run(int argc, char **argv) {
    const char *directory = NULL;
    const char *words[2];
    size_t count = 0;
    bool as_json = false;
    bool is_reset = false;
    struct failure failure = {0};
    struct buffer out = {0};
    const struct cli_option options[] = {{"--data", &directory, NULL}, {"--json", NULL, &as_json}};
    if (!cli_parse(argc, argv, options, sizeof options / sizeof options[0], words, 2, &count, &failure) ||
        !find_command(words, count, &is_reset, &failure) || !cli_need_directory(directory, &failure)) {
        return cli_fail(&failure);
    }
    struct account_book *book = account_book_open_existing(directory, &failure);
    bool done = book != NULL &&
                (is_reset ? reset(book, words[1], as_json, &out, &failure) : list(book, as_json, &out, &failure));
    account_book_close(book);
    int status = done ? cli_print(&out, CLI_OK) : cli_fail(&failure);
    buffer_release(&out);
    return status;
}

const struct cli_command cli_user = {
    "user", "list accounts, reset a password", "列出账号，重置密码", help, run,
};
