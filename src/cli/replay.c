/* replay — `pinyue replay`: rebuilds the state from a log and prints it, or its hash. */
#include "cli/cli.h"

#include "cli/moment.h"

#include "run/session.h"

#include <inttypes.h>
#include <openssl/sha.h>
#include <stdio.h>

static const char help[] = "usage: pinyue replay --data DIR [--at TIME] [--hash] [--json]\n"
                           "\n"
                           "Verifies the log in DIR, replays it, and prints the whole state as canonical text, one "
                           "JSON object a line. The same\n"
                           "log gives the same bytes, each time and on every machine.\n"
                           "\n"
                           "  --at TIME   only what was heard up to this instant, and what came due by then "
                           "(2022-08-20T14:05; in\n"
                           "              the plan's zone, or with one: +08:00 …)\n"
                           "  --hash      print only the SHA-256 of the state\n"
                           "  --json      print {\"events\", \"state_sha256\", \"differences\"} instead\n"
                           "\n"
                           "Exit status: 0; 1 when an order was logged with other reasons than replay finds; 2 when "
                           "the log cannot be replayed.\n";

static void print_hash(const struct buffer *state, char out[2 * SHA256_DIGEST_LENGTH + 1]) {
    unsigned char hash[SHA256_DIGEST_LENGTH];
    (void)SHA256((const unsigned char *)(state->bytes == NULL ? "" : state->bytes), state->length, hash);
    for (size_t i = 0; i < SHA256_DIGEST_LENGTH; i++) {
        (void)snprintf(out + 2 * i, 3, "%02x", hash[i]);
    }
}

static void print_json(const struct session *session, const char *hash, struct buffer *out) {
    size_t listed = 0;
    const struct session_difference *differences = session_list_differences(session, &listed);
    json_t *list = json_array();
    for (size_t i = 0; i < listed; i++) {
        (void)json_array_append_new(list, json_pack("{s:I, s:s}", "event", (json_int_t)differences[i].sequence,
                                                    "difference", differences[i].text));
    }
    json_t *json = json_pack("{s:I, s:s, s:o}", "events", (json_int_t)session_event_count(session), "state_sha256",
                             hash, "differences", list);
    cli_append_json(json, out);
    json_decref(json);
}

static void warn_differences(const struct session *session) {
    size_t listed = 0;
    const struct session_difference *differences = session_list_differences(session, &listed);
    for (size_t i = 0; i < listed; i++) {
        (void)fprintf(stderr, "pinyue: event %" PRId64 ": %s\n", differences[i].sequence, differences[i].text);
    }
}

static int print_state(const struct session *session, bool only_hash, bool as_json) {
    struct buffer state = {0};
    struct buffer out = {0};
    char hash[2 * SHA256_DIGEST_LENGTH + 1];
    engine_write_state(session_engine(session), &state);
    print_hash(&state, hash);
    if (as_json) {
        print_json(session, hash, &out);
    } else if (only_hash) {
        buffer_print(&out, "%s\n", hash);
    }
    out.failed = out.failed || state.failed;
    warn_differences(session);
    int status = session_count_differences(session) > 0 ? CLI_NO : CLI_OK;
    status = cli_print(as_json || only_hash ? &out : &state, status);
    buffer_release(&state);
    buffer_release(&out);
    return status;
}

static int run(int argc, char **argv) {
    bool as_json = false;
    bool only_hash = false;
    const char *directory = NULL;
    const char *at = NULL;
    const char *others[1];
    size_t count = 0;
    const struct cli_option options[] = {
        {"--json", NULL, &as_json}, {"--hash", NULL, &only_hash}, {"--data", &directory, NULL}, {"--at", &at, NULL}};
    struct failure failure = {0};
    struct cli_moment moment = {0};
    if (!cli_parse(argc, argv, options, 4, others, 0, &count, &failure) || !cli_need_directory(directory, &failure) ||
        !cli_parse_moment(at, &moment, &failure)) {
        return cli_fail(&failure);
    }
    struct session *session = cli_open_moment(directory, &moment, &failure);
    if (session == NULL) {
        return cli_fail(&failure);
    }
    int status = print_state(session, only_hash, as_json);
    session_close(session);
    return status;
}

const struct cli_command cli_replay = {
    "replay", "rebuilds the state from the log and prints it or its hash", "由日志重建状态，打印状态或其哈希值", help,
    run,
};
