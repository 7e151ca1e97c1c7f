/* serve — `pinyue serve`: the duty desk on a port. */
#include "cli/cli.h"

#include "base/buffer.h"
#include "web/certificate.h"
#include "web/web.h"

#include <arpa/inet.h>
#include <dirent.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PACK_BYTES_MAX ((size_t)16 << 20)
#define PACKS_MAX 64U
#define PEM_BYTES_MAX ((size_t)1 << 20)

static const char help[] =
    "usage: pinyue serve [--data DIR] [--listen ADDRESS:PORT] [--plans DIR] [--adopt]\n"
    "                    [--drills DIR] [--tls-cert FILE --tls-key FILE | --behind-proxy [--trusted-proxy LIST]]\n"
    "\n"
    "The duty desk: pages and API on one port, until SIGTERM or SIGINT. Prints `address: URL`, and at the first start\n"
    "`administrator: admin PASSWORD`.\n"
    "\n"
    "  --data DIR        log and accounts; made when missing (pinyue-data)\n"
    "  --listen A:P      where to listen (127.0.0.1:8080; port 0: any free one; [::1]:8080)\n"
    "  --plans DIR       packs *.plan.md: put in force where no plan of that name is in force yet (plans)\n"
    "  --drills DIR      drills *.drill.md that can be played as exercises (drills)\n"
    "  --adopt           also put packs in force that differ from the version in force\n"
    "  --tls-cert, --tls-key   PEM files: serve HTTPS\n"
    "  --behind-proxy    a proxy in front does TLS, and puts the client's address last into X-Forwarded-For; that is\n"
    "                    believed from this machine's own addresses alone (127.0.0.0/8, ::1)\n"
    "  --trusted-proxy A[/BITS],…  and from these: where the proxy is another machine, or in another container\n"
    "  --body-font, --title-font   families of fonts for documents; it does not start where another one would be "
    "taken\n"
    "  --accept-substitute-fonts   start also where no font for official documents is installed\n"
    "\n"
    "Beyond this machine's own addresses TLS is needed. Without files and without a proxy a certificate is made, "
    "once,\n"
    "in the data folder, and its fingerprint printed: compare it when the browser asks.\n"
    "Exit status: 0 stopped as asked, 2 it could not start; the message says why.\n";

struct serving {
    struct web_options options;
    struct buffer files[PACKS_MAX], packs[PACKS_MAX];
    struct web_pack list[PACKS_MAX];
    struct buffer drill_files[PACKS_MAX], drill_texts[PACKS_MAX];
    struct web_pack drills[PACKS_MAX];
    struct buffer certificate, key;
    char address[64];
    bool is_self_signed;
};

static bool read_listen(struct serving *serving, const char *listen, struct failure *failure) {
    const char *colon = strrchr(listen, ':');
    char *end = NULL;
    unsigned long port = colon == NULL || colon[1] == '\0' ? 65536 : strtoul(colon + 1, &end, 10);
    bool is_bracketed = listen[0] == '[' && colon != NULL && colon > listen && colon[-1] == ']';
    const char *from = is_bracketed ? listen + 1 : listen;
    size_t length = colon == NULL ? 0 : (size_t)(colon - from) - (is_bracketed ? 1 : 0);
    if (port > 65535 || (end != NULL && *end != '\0') || length == 0 || length >= sizeof serving->address) {
        return failure_set_field(failure, "--listen", "\"%s\" is no ADDRESS:PORT, like 127.0.0.1:8080", listen);
    }
    memcpy(serving->address, from, length);
    serving->address[length] = '\0';
    serving->options.address = serving->address;
    serving->options.port = (uint16_t)port;
    return true;
}

/* Numeric addresses that only this machine reaches. */
static bool is_loopback(const char *address) {
    struct in_addr four;
    return (inet_pton(AF_INET, address, &four) == 1 && (ntohl(four.s_addr) >> 24) == 127) ||
           strcmp(address, "::1") == 0;
}

/* Given files; or, where others may connect and no proxy is said to be in front, a certificate of our own. */
static bool read_tls(struct serving *serving, const char *certificate, const char *key, struct failure *failure) {
    if ((certificate == NULL) != (key == NULL)) {
        return failure_set(failure, "--tls-cert and --tls-key go together");
    }
    if (serving->options.trusted_proxies != NULL && !serving->options.behind_proxy) {
        return failure_set(failure, "--trusted-proxy goes with --behind-proxy");
    }
    if (certificate == NULL && (is_loopback(serving->address) || serving->options.behind_proxy)) {
        return true;
    }
    serving->is_self_signed = certificate == NULL;
    bool is_read = certificate == NULL ? certificate_load(serving->options.directory, serving->address,
                                                          &serving->certificate, &serving->key, failure)
                                       : buffer_read_file(&serving->certificate, certificate, PEM_BYTES_MAX, failure) &&
                                             buffer_read_file(&serving->key, key, PEM_BYTES_MAX, failure);
    serving->options.certificate = serving->certificate.bytes;
    serving->options.key = serving->key.bytes;
    return is_read;
}

static bool ends_in(const char *name, const char *ending) {
    size_t length = strlen(name);
    return length > strlen(ending) && strcmp(name + length - strlen(ending), ending) == 0;
}

static int is_pack(const struct dirent *entry) {
    return ends_in(entry->d_name, ".plan.md");
}

static int is_drill(const struct dirent *entry) {
    return ends_in(entry->d_name, ".drill.md");
}

static bool read_packs(struct serving *serving, const char *directory, struct failure *failure) {
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_pack, alphasort);
    bool is_good = count >= 0 || failure_set_field(failure, "--plans", "the folder %s cannot be read", directory);
    for (int i = 0; i < count; i++) {
        size_t at = serving->options.pack_count;
        if (is_good && at < PACKS_MAX) {
            buffer_print(&serving->files[at], "%s/%s", directory, entries[i]->d_name);
            is_good = buffer_read_file(&serving->packs[at], serving->files[at].bytes, PACK_BYTES_MAX, failure);
            serving->list[at] = (struct web_pack){buffer_text(&serving->files[at]), buffer_text(&serving->packs[at])};
            serving->options.pack_count++;
        }
        free(entries[i]);
    }
    free(entries);
    serving->options.packs = serving->list;
    return is_good;
}

/* Where there is no such folder no exercise can be begun. */
static bool read_drills(struct serving *serving, const char *directory, struct failure *failure) {
    struct dirent **entries = NULL;
    int count = scandir(directory, &entries, is_drill, alphasort);
    bool is_good = true;
    for (int i = 0; i < count; i++) {
        size_t at = serving->options.drill_count;
        if (is_good && at < PACKS_MAX) {
            buffer_print(&serving->drill_files[at], "%s/%s", directory, entries[i]->d_name);
            is_good =
                buffer_read_file(&serving->drill_texts[at], serving->drill_files[at].bytes, PACK_BYTES_MAX, failure);
            serving->drills[at] =
                (struct web_pack){buffer_text(&serving->drill_files[at]), buffer_text(&serving->drill_texts[at])};
            serving->options.drill_count++;
        }
        free(entries[i]);
    }
    free(entries);
    serving->options.drills = serving->drills;
    return is_good;
}

static void release(struct serving *serving) {
    for (size_t i = 0; i < PACKS_MAX; i++) {
        buffer_release(&serving->files[i]);
        buffer_release(&serving->packs[i]);
        buffer_release(&serving->drill_files[i]);
        buffer_release(&serving->drill_texts[i]);
    }
    buffer_release(&serving->certificate);
    buffer_release(&serving->key);
    free(serving);
}

/* Where others may connect too: whoever does goes round the proxy, and without TLS; a proxy that nobody has named is not
 * believed. */
static void tell_proxy(const struct serving *serving) {
    if (!serving->options.behind_proxy || is_loopback(serving->address)) {
        return;
    }
    if (serving->options.certificate == NULL) {
        (void)printf("注意：%s 上没有 TLS，能连到这个端口的人都可绕过代理；请只让代理连接它\n"
                     "note: there is no TLS on %s, and whoever reaches the port goes round the proxy: let the proxy "
                     "alone reach it\n",
                     serving->address, serving->address);
    }
    if (serving->options.trusted_proxies == NULL) {
        (void)printf("注意：只采信本机发来的 X-Forwarded-For；代理在别的机器上时，请用 --trusted-proxy 写明其地址，"
                     "否则经它登录的人共用一个输错密码的计数\n"
                     "note: X-Forwarded-For is believed from this machine alone; name a proxy on another one with "
                     "--trusted-proxy, else all who sign in through it share one count of wrong passwords\n");
    }
}

static void tell_start(const struct serving *serving, const struct web_start *start) {
    bool is_six = strchr(serving->address, ':') != NULL;
    (void)printf("address: %s://%s%s%s:%" PRIu16 "/\n", serving->options.certificate != NULL ? "https" : "http",
                 is_six ? "[" : "", serving->address, is_six ? "]" : "", start->port);
    char fingerprint[CERTIFICATE_FINGERPRINT_ROOM];
    if (serving->is_self_signed && certificate_find_fingerprint(&serving->certificate, fingerprint)) {
        (void)printf("certificate: self-signed, SHA-256 %s\n", fingerprint);
    }
    if (start->first_password[0] != '\0') {
        (void)printf("administrator: admin %s\n", start->first_password);
    }
    tell_proxy(serving);
    if (start->differing > 0) {
        (void)printf("note: %zu packs differ from the versions in force and were left; --adopt puts them in force\n",
                     start->differing);
    }
    if (start->lacking_font != NULL) {
        (void)printf("note: no %s for official documents is installed; %s stands in\n", start->lacking_font,
                     start->stand_in_font);
    }
    if (start->is_time_in_doubt) {
        (void)printf("note: the clock and the log do not agree; sign in and accept or correct the time\n");
    }
    (void)fflush(stdout);
}

/* Serves until a signal says to stop. The signals are blocked before any thread is made, so that none of them gets
 * one. */
static int serve(struct serving *serving) {
    struct failure failure = {0};
    struct web_start start;
    sigset_t signals;
    int signal_number = 0;
    (void)sigemptyset(&signals);
    (void)sigaddset(&signals, SIGTERM);
    (void)sigaddset(&signals, SIGINT);
    (void)pthread_sigmask(SIG_BLOCK, &signals, NULL);
    (void)signal(SIGPIPE, SIG_IGN);
    struct web_server *server = web_server_start(&serving->options, &start, &failure);
    if (server == NULL) {
        return cli_fail(&failure);
    }
    tell_start(serving, &start);
    (void)sigwait(&signals, &signal_number);
    web_server_stop(server);
    return CLI_OK;
}

static int run(int argc, char **argv) {
    const char *directory = "pinyue-data";
    const char *listen = "127.0.0.1:8080";
    const char *plans = "plans";
    const char *drills = "drills";
    const char *certificate = NULL;
    const char *key = NULL;
    const char *body_font = NULL;
    const char *title_font = NULL;
    const char *trusted_proxies = NULL;
    const char *others[1];
    size_t count = 0;
    struct failure failure = {0};
    struct serving *serving = calloc(1, sizeof *serving);
    if (serving == NULL) {
        (void)failure_set(&failure, "memory is exhausted");
        return cli_fail(&failure);
    }
    const struct cli_option options[] = {{"--data", &directory, NULL},
                                         {"--listen", &listen, NULL},
                                         {"--plans", &plans, NULL},
                                         {"--drills", &drills, NULL},
                                         {"--tls-cert", &certificate, NULL},
                                         {"--tls-key", &key, NULL},
                                         {"--body-font", &body_font, NULL},
                                         {"--title-font", &title_font, NULL},
                                         {"--trusted-proxy", &trusted_proxies, NULL},
                                         {"--accept-substitute-fonts", NULL, &serving->options.accept_substitute_fonts},
                                         {"--adopt", NULL, &serving->options.replace_packs},
                                         {"--behind-proxy", NULL, &serving->options.behind_proxy}};
    int status = CLI_ERROR;
    bool is_parsed = cli_parse(argc, argv, options, sizeof options / sizeof options[0], others, 0, &count, &failure);
    serving->options.directory = directory;
    serving->options.body_font = body_font;
    serving->options.title_font = title_font;
    serving->options.trusted_proxies = trusted_proxies;
    if (!is_parsed || !read_listen(serving, listen, &failure) || !read_tls(serving, certificate, key, &failure) ||
        !read_packs(serving, plans, &failure) || !read_drills(serving, drills, &failure)) {
        status = cli_fail(&failure);
    } else {
        status = serve(serving);
    }
    release(serving);
    return status;
}

const struct cli_command cli_serve = {
    "serve", "the duty desk: pages and API until stopped", "值班台：网页和接口，直到停止", help, run,
};
