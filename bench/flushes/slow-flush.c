/* Loaded into PostgreSQL (LD_PRELOAD): each flush takes FLUSH_MS longer, as on a slow disk. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <unistd.h>

static int slowly(int result) {
  const char *ms = getenv("FLUSH_MS");
  if (ms) usleep((useconds_t)atoi(ms) * 1000);
  return result;
}

int fdatasync(int file) { return slowly((int)syscall(SYS_fdatasync, file)); }

int fsync(int file) { return slowly((int)syscall(SYS_fsync, file)); }
