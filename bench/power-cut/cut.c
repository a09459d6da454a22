/*
 * cut MOUNT PERCENT: what a power failure does to a file system, on Linux 6.5 or newer, as root.
 *
 * Writes a random PERCENT of the dirty 4 kB pages of its files to the disk, as the kernel may do at any time and in any order,
 * and then shuts the file system down without flushing anything: pages that are still dirty and the running transaction of its
 * journal are lost. Prints how many pages were dirty and how many of them it wrote.
 */
#define _GNU_SOURCE
#include <fcntl.h>
#include <ftw.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/ioctl.h>
#include <sys/random.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#define PAGE 4096
#define SYS_CACHESTAT 451
#define FS_IOC_SHUTDOWN _IOR('X', 125, uint32_t)
#define NO_LOG_FLUSH 2

struct range {
  uint64_t offset, length;
};

struct cachestat {
  uint64_t cached, dirty, writeback, evicted, recently_evicted;
};

static int percent;
static uint64_t dirty, written;

/* The dirty pages of a part of a file; with length 0, of all of it. */
static uint64_t dirty_in(int file, uint64_t offset, uint64_t length) {
  struct range range = {offset, length};
  struct cachestat found = {0};
  if (syscall(SYS_CACHESTAT, file, &range, &found, 0) != 0) {
    perror("cachestat");
    exit(1);
  }
  return found.dirty;
}

static int visit(const char *path, const struct stat *info, int type, struct FTW *walk) {
  (void)walk;
  if (type != FTW_F || !S_ISREG(info->st_mode)) return 0;
  int file = open(path, O_RDWR);
  if (file < 0) {
    perror(path);
    return 1;
  }
  uint64_t here = dirty_in(file, 0, 0);
  dirty += here;
  for (uint64_t at = 0; here > 0 && percent > 0 && at < (uint64_t)info->st_size; at += PAGE) {
    if (dirty_in(file, at, PAGE) == 0 || rand() % 100 >= percent) continue;
    const unsigned now = SYNC_FILE_RANGE_WAIT_BEFORE | SYNC_FILE_RANGE_WRITE | SYNC_FILE_RANGE_WAIT_AFTER;
    if (sync_file_range(file, (off64_t)at, PAGE, now) == 0) written += 1;
  }
  close(file);
  return 0;
}

int main(int count, char **arguments) {
  if (count != 3) {
    fprintf(stderr, "cut MOUNT PERCENT\n");
    return 2;
  }
  unsigned seed;
  if (getrandom(&seed, sizeof seed, 0) != sizeof seed) return 1;
  srand(seed);
  percent = atoi(arguments[2]);
  if (nftw(arguments[1], visit, 16, FTW_PHYS | FTW_MOUNT) != 0) return 1;
  int root = open(arguments[1], O_RDONLY);
  uint32_t how = NO_LOG_FLUSH;
  if (root < 0 || ioctl(root, FS_IOC_SHUTDOWN, &how) != 0) {
    perror("shutdown");
    return 1;
  }
  printf("%llu %llu\n", (unsigned long long)dirty, (unsigned long long)written);
  return 0;
}
