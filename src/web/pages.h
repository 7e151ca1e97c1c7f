/* pages — the front end's files, in the program. tools/embed.py makes the table from ui/dist. Owns nothing. */
#ifndef PINYUE_WEB_PAGES_H
#define PINYUE_WEB_PAGES_H

#include <stdbool.h>
#include <stddef.h>

struct page_file {
    const char *path; /* "/index.html" */
    const char *type; /* media type */
    const char *etag; /* without quotes */
    bool is_hashed;   /* its name changes with its content: may be kept for ever */
    const unsigned char *plain;
    const unsigned char *plain_end;
    const unsigned char *gzip; /* the same compressed, or NULL */
    const unsigned char *gzip_end;
};

/* All files, by path; what src/web/openapi.json says stands as "/api/v1/openapi.json". */
extern const struct page_file page_files[];
extern const size_t page_file_count;

#endif
