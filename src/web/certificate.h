/* certificate — a self-signed TLS certificate, made when none is given and others may connect.
 *
 * What it is for: a desk that is reached from other machines needs TLS, else browsers drop its cookies; where nobody has
 * a certificate yet, one of our own, whose fingerprint is printed so that people can compare it, is better than none.
 * Owns the files tls-cert.pem and tls-key.pem in the data directory (the key readable by its owner alone), which are made
 * once and used again.
 */
#ifndef PINYUE_WEB_CERTIFICATE_H
#define PINYUE_WEB_CERTIFICATE_H

#include "base/buffer.h"
#include "base/failure.h"

#include <stdbool.h>

#define CERTIFICATE_FINGERPRINT_ROOM 96

/* Reads certificate and key from the directory, making the directory and both when they are missing: ECDSA P-256, for ten
 * years, for this machine's name, localhost, and the numeric address. PEM texts, ending in NUL. */
bool certificate_load(const char *directory, const char *address, struct buffer *certificate, struct buffer *key,
                      struct failure *failure);

/* SHA-256 of a PEM certificate, as browsers show it: "AB:CD:…". False when it is none. */
bool certificate_find_fingerprint(const struct buffer *certificate, char out[CERTIFICATE_FINGERPRINT_ROOM]);

#endif
