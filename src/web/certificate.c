#include "web/certificate.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/rand.h>
#include <openssl/x509v3.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PEM_BYTES_MAX ((size_t)1 << 20)
#define DAYS_VALID 3650L
#define SERIAL_BITS 126

/* ---- making ----------------------------------------------------------------------------------------------- */

static void list_names(const char *address, struct buffer *out) {
    char host[HOST_NAME_MAX + 1] = "localhost";
    (void)gethostname(host, sizeof host);
    host[sizeof host - 1] = '\0';
    buffer_print(out, "DNS:localhost,IP:127.0.0.1");
    if (strcmp(host, "localhost") != 0 &&
        strspn(host, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789.-") == strlen(host)) {
        buffer_print(out, ",DNS:%s", host);
    }
    if (strcmp(address, "127.0.0.1") != 0 && strcmp(address, "0.0.0.0") != 0 && strcmp(address, "::") != 0) {
        buffer_print(out, ",IP:%s", address);
    }
}

static bool add_extension(X509 *certificate, int kind, const char *value) {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, certificate, certificate, NULL, NULL, 0);
    X509_EXTENSION *extension = X509V3_EXT_conf_nid(NULL, &context, kind, value);
    bool done = extension != NULL && X509_add_ext(certificate, extension, -1) == 1;
    X509_EXTENSION_free(extension);
    return done;
}

static bool set_serial(X509 *certificate) {
    BIGNUM *number = BN_new();
    bool done = number != NULL && BN_rand(number, SERIAL_BITS, BN_RAND_TOP_ONE, BN_RAND_BOTTOM_ANY) == 1 &&
                BN_to_ASN1_INTEGER(number, X509_get_serialNumber(certificate)) != NULL;
    BN_free(number);
    return done;
}

static bool fill_in(X509 *certificate, EVP_PKEY *key, const char *names) {
    static const unsigned char title[] = "Pinyue duty desk";
    X509_NAME *name = X509_get_subject_name(certificate);
    return X509_set_version(certificate, 2) == 1 && set_serial(certificate) &&
           X509_gmtime_adj(X509_getm_notBefore(certificate), -3600) != NULL &&
           X509_gmtime_adj(X509_getm_notAfter(certificate), DAYS_VALID * 24 * 3600) != NULL &&
           X509_set_pubkey(certificate, key) == 1 &&
           X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8, title, -1, -1, 0) == 1 &&
           X509_set_issuer_name(certificate, name) == 1 && add_extension(certificate, NID_subject_alt_name, names) &&
           add_extension(certificate, NID_basic_constraints, "critical,CA:FALSE") &&
           X509_sign(certificate, key, EVP_sha256()) > 0;
}

/* Takes what has been written to a memory BIO. */
static void take(BIO *from, struct buffer *out) {
    char *bytes = NULL;
    long length = BIO_get_mem_data(from, &bytes);
    buffer_append(out, bytes, length > 0 ? (size_t)length : 0);
}

static bool make(const char *names, struct buffer *certificate_pem, struct buffer *key_pem) {
    EVP_PKEY *key = EVP_EC_gen("P-256");
    X509 *certificate = X509_new();
    BIO *certificate_out = BIO_new(BIO_s_mem());
    BIO *key_out = BIO_new(BIO_s_mem());
    bool done = key != NULL && certificate != NULL && certificate_out != NULL && key_out != NULL &&
                fill_in(certificate, key, names) && PEM_write_bio_X509(certificate_out, certificate) == 1 &&
                PEM_write_bio_PrivateKey(key_out, key, NULL, NULL, 0, NULL, NULL) == 1;
    if (done) {
        take(certificate_out, certificate_pem);
        take(key_out, key_pem);
    }
    BIO_free(certificate_out);
    BIO_free(key_out);
    X509_free(certificate);
    EVP_PKEY_free(key);
    return done && !certificate_pem->failed && !key_pem->failed;
}

/* ---- files ------------------------------------------------------------------------------------------------ */

static bool write_file(const char *path, const struct buffer *content, struct failure *failure) {
    int file = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
    bool done =
        file >= 0 && write(file, content->bytes, content->length) == (ssize_t)content->length && fsync(file) == 0;
    if (file >= 0) {
        done = close(file) == 0 && done;
    }
    return done || failure_set(failure, "%s cannot be written", path);
}

/* The key first: a certificate stands for both being there. */
static bool make_files(const char *certificate_path, const char *key_path, const char *address,
                       struct failure *failure) {
    struct buffer names = {0};
    struct buffer certificate = {0};
    struct buffer key = {0};
    list_names(address, &names);
    bool done = !names.failed && make(names.bytes, &certificate, &key);
    if (!done) {
        (void)failure_set(failure, "no certificate could be made: OpenSSL refuses, or memory is exhausted");
    }
    (void)unlink(key_path);
    done = done && write_file(key_path, &key, failure) && write_file(certificate_path, &certificate, failure);
    buffer_release(&names);
    buffer_release(&certificate);
    buffer_release(&key);
    return done;
}

bool certificate_load(const char *directory, const char *address, struct buffer *certificate, struct buffer *key,
                      struct failure *failure) {
    struct buffer certificate_path = {0};
    struct buffer key_path = {0};
    buffer_print(&certificate_path, "%s/tls-cert.pem", directory);
    buffer_print(&key_path, "%s/tls-key.pem", directory);
    bool done = !certificate_path.failed && !key_path.failed;
    if (!done) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
    } else if (mkdir(directory, 0700) != 0 && errno != EEXIST) {
        done = failure_set(failure, "%s cannot be made", directory);
    } else if (access(certificate_path.bytes, F_OK) != 0) {
        done = make_files(certificate_path.bytes, key_path.bytes, address, failure);
    }
    done = done && buffer_read_file(certificate, certificate_path.bytes, PEM_BYTES_MAX, failure) &&
           buffer_read_file(key, key_path.bytes, PEM_BYTES_MAX, failure);
    buffer_release(&certificate_path);
    buffer_release(&key_path);
    return done;
}

bool certificate_find_fingerprint(const struct buffer *certificate, char out[CERTIFICATE_FINGERPRINT_ROOM]) {
    unsigned char digest[EVP_MAX_MD_SIZE];
    unsigned int length = 0;
    BIO *in = BIO_new_mem_buf(certificate->bytes, (int)certificate->length);
    X509 *read = in == NULL ? NULL : PEM_read_bio_X509(in, NULL, NULL, NULL);
    bool done = read != NULL && X509_digest(read, EVP_sha256(), digest, &length) == 1;
    X509_free(read);
    BIO_free(in);
    for (unsigned int i = 0; i < length && done; i++) {
        (void)snprintf(out + (size_t)3 * i, 4, "%02X%s", digest[i], i + 1 < length ? ":" : "");
    }
    return done;
}
