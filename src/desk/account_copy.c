/* Copies of accounts.db, for backups. */
#include "desk/book.h"

bool account_settle(const char *directory, int64_t last_sequence, struct failure *failure) {
    struct account_book book = {0};
    int format = 0;
    bool done =
        book_connect(&book, directory, SQLITE_OPEN_READWRITE, failure) && book_check_format(&book, &format, failure);
    if (done) {
        /* VACUUM writes the file anew: what was deleted is in none of its pages. */
        done =
            book_execute(
                &book,
                "PRAGMA journal_mode = DELETE; PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; BEGIN IMMEDIATE") &&
            (format != 0 || book_lay_out(&book, 1)) && book_execute(&book, "DELETE FROM session");
        sqlite3_stmt *statement = book_prepare(&book, "UPDATE note SET sequence = NULL WHERE sequence > ?1");
        (void)sqlite3_bind_int64(statement, 1, last_sequence);
        done = book_finish(statement) && done && book_execute(&book, "COMMIT; VACUUM");
        if (!done) {
            (void)book_refuse(&book, failure);
        }
    }
    (void)sqlite3_close(book.database);
    return done;
}

static bool copy_pages(struct account_book *from, struct account_book *to, struct failure *failure) {
    sqlite3_backup *backup = sqlite3_backup_init(to->database, "main", from->database, "main");
    int result = backup == NULL ? SQLITE_ERROR : sqlite3_backup_step(backup, -1); /* all: a writer is not held up */
    int end = sqlite3_backup_finish(backup);
    if (result == SQLITE_DONE && end == SQLITE_OK) {
        return true;
    }
    return book_refuse(result == SQLITE_BUSY || result == SQLITE_LOCKED ? from : to, failure);
}

bool account_copy(const char *from_directory, const char *to_directory, int64_t last_sequence,
                  struct failure *failure) {
    struct account_book from = {0};
    struct account_book to = {0};
    int format = 0;
    bool done = book_connect(&from, from_directory, SQLITE_OPEN_READWRITE, failure) &&
                book_check_format(&from, &format, failure) &&
                book_connect(&to, to_directory, SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE, failure) &&
                copy_pages(&from, &to, failure);
    (void)sqlite3_close(to.database);
    (void)sqlite3_close(from.database);
    return done && account_settle(to_directory, last_sequence, failure);
}
