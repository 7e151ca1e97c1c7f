#include "desk/kind.h"

#include <magic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct kind_finder {
    magic_t magic;
};

/* A '/' at the end stands for all of the sort. HTML, SVG, scripts, programs and archives are not here, on purpose. */
static const char *const taken[] = {
    "image/jpeg",
    "image/png",
    "image/gif",
    "image/webp",
    "image/heic",
    "image/heif",
    "image/avif",
    "image/bmp",
    "image/x-ms-bmp",
    "image/tiff",
    "application/pdf",
    "application/ofd",
    "application/msword",
    "application/vnd.ms-excel",
    "application/vnd.ms-powerpoint",
    "application/vnd.ms-office",
    "application/x-ole-storage",
    "application/cdfv2",
    "application/rtf",
    "text/rtf",
    "text/plain",
    "text/csv",
    "audio/",
    "video/",
};

static const char open_xml[] = "application/vnd.openxmlformats-officedocument.";
static const char open_document[] = "application/vnd.oasis.opendocument.";

static bool begins(const char *text, const char *with) {
    return strncmp(text, with, strlen(with)) == 0;
}

bool kind_is_taken(const char *type) {
    for (size_t i = 0; i < sizeof taken / sizeof taken[0]; i++) {
        bool is_sort = taken[i][strlen(taken[i]) - 1] == '/';
        if (is_sort ? begins(type, taken[i]) : strcmp(type, taken[i]) == 0) {
            return true;
        }
    }
    return begins(type, open_xml) || begins(type, open_document);
}

struct kind_finder *kind_finder_open(struct failure *failure) {
    struct kind_finder *finder = calloc(1, sizeof *finder);
    if (finder == NULL) {
        (void)failure_say(failure, "memory is exhausted", "内存不足");
        return NULL;
    }
    finder->magic = magic_open(MAGIC_MIME_TYPE | MAGIC_NO_CHECK_COMPRESS | MAGIC_ERROR);
    if (finder->magic == NULL || magic_load(finder->magic, NULL) != 0) {
        (void)failure_say(failure, "the database of file types cannot be read (Debian's package libmagic-mgc): %s",
                          "无法读取文件类型库（Debian 软件包 libmagic-mgc）：%s",
                          finder->magic == NULL ? "" : magic_error(finder->magic));
        kind_finder_close(finder);
        return NULL;
    }
    return finder;
}

void kind_finder_close(struct kind_finder *finder) {
    if (finder != NULL) {
        if (finder->magic != NULL) {
            magic_close(finder->magic);
        }
        free(finder);
    }
}

bool kind_find(struct kind_finder *finder, const char *path, char *type, size_t room, struct failure *failure) {
    const char *found = magic_file(finder->magic, path);
    if (found == NULL) {
        return failure_say(failure, "the file's kind cannot be found: %s", "无法识别文件类型：%s",
                           magic_error(finder->magic));
    }
    (void)snprintf(type, room, "%s", found);
    for (char *at = type; *at != '\0'; at++) {
        *at = *at >= 'A' && *at <= 'Z' ? (char)(*at - 'A' + 'a') : *at;
    }
    return true;
}
