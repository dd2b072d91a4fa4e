#ifndef TESSERA_CSQLITE_SHIM_H
#define TESSERA_CSQLITE_SHIM_H

#include <sqlite3.h>

// SQLITE_TRANSIENT is a cast that Swift does not import. SQLite copies the octets before these return.

static inline int tessera_sqlite3_bind_text(sqlite3_stmt *statement, int index, const void *octets, int count) {
  return sqlite3_bind_text(statement, index, (const char *)octets, count, SQLITE_TRANSIENT);
}

static inline int tessera_sqlite3_bind_blob(sqlite3_stmt *statement, int index, const void *octets, int count) {
  return count == 0 ? sqlite3_bind_zeroblob(statement, index, 0)
                    : sqlite3_bind_blob(statement, index, octets, count, SQLITE_TRANSIENT);
}

// Variadic functions are not imported either.
static inline int tessera_sqlite3_forget_memory_statistics(void) { return sqlite3_config(SQLITE_CONFIG_MEMSTATUS, 0); }

#endif
