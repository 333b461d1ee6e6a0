// Counts the calls of a program that change the disk below one folder, and breaks one of them.
//
// Loaded with LD_PRELOAD into the program under test (and so into the programs that it starts). It takes the
// place of the C library's functions and makes the system calls itself, so that it works before any
// constructor has run. Functions of stdio write through the C library's inside and are not seen; neither
// are writes to mapped memory and statically linked programs.
//
//   VIDGIT_FAULT_FOLDER  absolute path without links: only calls on what is below it count
//   VIDGIT_FAULT_COUNTER a new file outside of it: the number of calls so far, shared by all processes
//   VIDGIT_FAULT_TRACE   a file outside of it: one line a call, "number<TAB>operation<TAB>path[<TAB>path]"
//   VIDGIT_FAULT_MODE    count | before | after | torn | enospc | eio
//   VIDGIT_FAULT_AT      the number of the call to break, from 1
//   VIDGIT_FAULT_STICKY  1: later calls that need space (enospc) or touch data (eio) fail too
//
// before: killed instead of the call; after: killed when it is made; torn: killed when half of a write is made.
// enospc strikes the first call from AT on that could need space: a full disk still renames and deletes.
//
// Everything that is broken is marked by "!" in front of the number in the trace.

#if defined(__linux__) && defined(__LP64__)

#define _GNU_SOURCE
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

#define EXPORT __attribute__((visibility("default")))

enum mode { COUNT, BEFORE, AFTER, TORN, ENOSPC_ONCE, EIO_ONCE };
enum need { NO_SPACE = 0, SPACE = 1, DATA = 2 };

static struct {
  int ready;  // 0 unknown, 1 counting, -1 not wanted
  char folder[PATH_MAX];
  size_t folder_length;
  // In memory that all processes share: the calls so far, and whether the disk has been full once.
  volatile int64_t *counter;
  volatile int64_t *struck;
  int trace;
  enum mode mode;
  int64_t at;
  int sticky;
} fault;

static int start(void) { return __atomic_load_n(&fault.ready, __ATOMIC_ACQUIRE); }

__attribute__((constructor)) static void configure(void) {
  const char *folder = getenv("VIDGIT_FAULT_FOLDER");
  const char *counter = getenv("VIDGIT_FAULT_COUNTER");
  const char *trace = getenv("VIDGIT_FAULT_TRACE");
  const char *mode = getenv("VIDGIT_FAULT_MODE");
  const char *at = getenv("VIDGIT_FAULT_AT");
  const char *sticky = getenv("VIDGIT_FAULT_STICKY");
  int ready = -1;
  if (folder && counter && mode && strlen(folder) < sizeof fault.folder) {
    strcpy(fault.folder, folder);
    fault.folder_length = strlen(folder);
    int fd = (int)syscall(SYS_openat, AT_FDCWD, counter, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (fd >= 0 && syscall(SYS_ftruncate, fd, (off_t)(2 * sizeof(int64_t))) == 0) {
      void *map = mmap(NULL, 2 * sizeof(int64_t), PROT_READ | PROT_WRITE, MAP_SHARED, fd, 0);
      if (map != MAP_FAILED) {
        fault.counter = map;
        fault.struck = fault.counter + 1;
        ready = 1;
      }
    }
    if (fd >= 0) syscall(SYS_close, fd);
    // A number that programs do not reach by chance: some close every descriptor that they find.
    fault.trace = -1;
    if (trace) {
      fd = (int)syscall(
        SYS_openat, AT_FDCWD, trace, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
      fault.trace = fd < 0 ? -1 : (int)syscall(SYS_fcntl, fd, F_DUPFD_CLOEXEC, 900);
      if (fd >= 0) syscall(SYS_close, fd);
    }
    fault.at = at ? atoll(at) : 0;
    fault.sticky = sticky && *sticky == '1';
    fault.mode = !strcmp(mode, "before")   ? BEFORE
                 : !strcmp(mode, "after")  ? AFTER
                 : !strcmp(mode, "torn")   ? TORN
                 : !strcmp(mode, "enospc") ? ENOSPC_ONCE
                 : !strcmp(mode, "eio")    ? EIO_ONCE
                                           : COUNT;
  }
  __atomic_store_n(&fault.ready, ready, __ATOMIC_RELEASE);
}

// MARK: which calls count

static int below(const char *path) {
  return strncmp(path, fault.folder, fault.folder_length) == 0 &&
         (path[fault.folder_length] == '/' || path[fault.folder_length] == 0);
}

static int path_of_link(const char *link, char *out) {
  ssize_t length = syscall(SYS_readlinkat, AT_FDCWD, link, out, (size_t)PATH_MAX - 1);
  if (length < 0) return 0;
  out[length] = 0;
  return 1;
}

// The path behind a descriptor, if it is below the folder.
static int file_below(int fd, char *out) {
  if (start() != 1 || fd < 0) return 0;
  char link[64];
  snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
  int saved = errno;
  int found = path_of_link(link, out) && below(out);
  errno = saved;
  return found;
}

// The absolute form of a path that may not exist yet, if it is below the folder.
static int path_below(int directory, const char *path, char *out) {
  if (start() != 1 || !path) return 0;
  int saved = errno;
  int found = 0;
  if (path[0] == '/') {
    found = strlen(path) < PATH_MAX && strcpy(out, path) && below(out);
  } else {
    char link[64] = "/proc/self/cwd";
    if (directory != AT_FDCWD) snprintf(link, sizeof link, "/proc/self/fd/%d", directory);
    if (path_of_link(link, out) && strlen(out) + strlen(path) + 2 < PATH_MAX) {
      strcat(out, "/");
      strcat(out, path);
      found = below(out);
    }
  }
  errno = saved;
  return found;
}

// MARK: what happens to a call that counts

static void trace(int64_t number, int broken, const char *operation, const char *a, const char *b) {
  if (fault.trace < 0) return;
  char line[2 * PATH_MAX + 64];
  int length = snprintf(
    line, sizeof line, "%s%lld\t%s\t%s%s%s\n", broken ? "!" : "", (long long)number, operation, a,
    b ? "\t" : "", b ? b : "");
  if (length > (int)sizeof line - 1) length = (int)sizeof line - 1;
  syscall(SYS_write, fault.trace, line, (size_t)length);
}

static void die(void) {
  syscall(SYS_kill, (pid_t)syscall(SYS_getpid), SIGKILL);
  for (;;) pause();
}

enum verdict { GO, FAIL, DIE_AFTER, TEAR };

// Counts one call and says what to do with it. FAIL has set errno.
static enum verdict decide(int need, const char *operation, const char *a, const char *b) {
  int saved = errno;
  int64_t number = __atomic_add_fetch(fault.counter, 1, __ATOMIC_SEQ_CST);
  int here = number == fault.at;
  enum verdict verdict = GO;
  int code = saved;
  int hit = 0;
  switch (fault.mode) {
    case COUNT: break;
    case BEFORE:
    case AFTER:
    case TORN: hit = here; break;
    case ENOSPC_ONCE:
      // The first call from `at` on that needs space; then all of them, or none.
      if (number >= fault.at && (need & SPACE)) {
        hit = !__atomic_exchange_n(fault.struck, 1, __ATOMIC_SEQ_CST) || fault.sticky;
      }
      code = ENOSPC;
      break;
    case EIO_ONCE:
      hit = here || (number > fault.at && fault.sticky && (need & DATA));
      code = EIO;
      break;
  }
  trace(number, hit, operation, a, b);
  if (hit && fault.mode == BEFORE) die();
  if (hit && fault.mode == AFTER) verdict = DIE_AFTER;
  if (hit && fault.mode == TORN) verdict = TEAR;
  if (hit && (fault.mode == ENOSPC_ONCE || fault.mode == EIO_ONCE)) verdict = FAIL;
  errno = verdict == FAIL ? code : saved;
  return verdict;
}

// Makes a call whose result is an int or a length; `torn` is what is done of it before a kill in the middle.
#define GUARDED(need, name, a, b, call, torn)             \
  do {                                                    \
    enum verdict verdict = decide((need), (name), (a), (b)); \
    if (verdict == FAIL) return -1;                       \
    if (verdict == TEAR) {                                \
      torn;                                               \
      die();                                              \
    }                                                     \
    long result = (call);                                 \
    if (verdict == DIE_AFTER) die();                      \
    return result;                                        \
  } while (0)

#define ON_FILE(fd, need, name, call, torn)               \
  do {                                                    \
    char path[PATH_MAX];                                  \
    if (file_below((fd), path)) GUARDED(need, name, path, NULL, call, torn); \
    return (call);                                        \
  } while (0)

#define ON_PATH(directory, name_in, need, name, call)     \
  do {                                                    \
    char path[PATH_MAX];                                  \
    if (path_below((directory), (name_in), path))         \
      GUARDED(need, name, path, NULL, call, (void)0);     \
    return (call);                                        \
  } while (0)

#define ON_TWO(from_directory, from, to_directory, to, need, name, call)      \
  do {                                                                        \
    char a[PATH_MAX] = "", b[PATH_MAX] = "";                                  \
    int counts = path_below((from_directory), (from), a);                     \
    counts |= path_below((to_directory), (to), b);                            \
    if (counts) GUARDED(need, name, a[0] ? a : (from), b[0] ? b : (to), call, (void)0); \
    return (call);                                                            \
  } while (0)

// MARK: data

EXPORT ssize_t write(int fd, const void *data, size_t count) {
  ON_FILE(
    fd, SPACE | DATA, "write", syscall(SYS_write, fd, data, count),
    syscall(SYS_write, fd, data, count / 2));
}

EXPORT ssize_t pwrite(int fd, const void *data, size_t count, off_t offset) {
  ON_FILE(
    fd, SPACE | DATA, "pwrite", syscall(SYS_pwrite64, fd, data, count, offset),
    syscall(SYS_pwrite64, fd, data, count / 2, offset));
}

EXPORT ssize_t pwrite64(int fd, const void *data, size_t count, off64_t offset) {
  ON_FILE(
    fd, SPACE | DATA, "pwrite", syscall(SYS_pwrite64, fd, data, count, offset),
    syscall(SYS_pwrite64, fd, data, count / 2, offset));
}

EXPORT ssize_t writev(int fd, const struct iovec *parts, int count) {
  ON_FILE(
    fd, SPACE | DATA, "writev", syscall(SYS_writev, fd, parts, count),
    syscall(SYS_writev, fd, parts, count / 2));
}

EXPORT ssize_t pwritev(int fd, const struct iovec *parts, int count, off_t offset) {
  // The kernel takes the offset in two halves; on 64 bits the high one is passed over.
  ON_FILE(
    fd, SPACE | DATA, "pwritev", syscall(SYS_pwritev, fd, parts, count, offset, 0L),
    syscall(SYS_pwritev, fd, parts, count / 2, offset, 0L));
}

EXPORT ssize_t copy_file_range(
  int from, off64_t *from_offset, int to, off64_t *to_offset, size_t count, unsigned flags) {
  ON_FILE(
    to, SPACE | DATA, "copy_file_range",
    syscall(SYS_copy_file_range, from, from_offset, to, to_offset, count, flags),
    syscall(SYS_copy_file_range, from, from_offset, to, to_offset, count / 2, flags));
}

EXPORT ssize_t sendfile(int to, int from, off_t *offset, size_t count) {
  ON_FILE(
    to, SPACE | DATA, "sendfile", syscall(SYS_sendfile, to, from, offset, count),
    syscall(SYS_sendfile, to, from, offset, count / 2));
}

EXPORT int ftruncate(int fd, off_t length) {
  ON_FILE(fd, DATA, "ftruncate", syscall(SYS_ftruncate, fd, length), (void)0);
}

EXPORT int ftruncate64(int fd, off64_t length) {
  ON_FILE(fd, DATA, "ftruncate", syscall(SYS_ftruncate, fd, length), (void)0);
}

EXPORT int fallocate(int fd, int mode, off_t offset, off_t length) {
  ON_FILE(
    fd, SPACE | DATA, "fallocate", syscall(SYS_fallocate, fd, mode, offset, length), (void)0);
}

static long reserve(int fd, off_t offset, off_t length) {
  return syscall(SYS_fallocate, fd, 0, offset, length) == 0 ? 0 : errno;
}

// Returns the error instead of setting it.
EXPORT int posix_fallocate(int fd, off_t offset, off_t length) {
  char path[PATH_MAX];
  if (!file_below(fd, path)) return (int)reserve(fd, offset, length);
  enum verdict verdict = decide(SPACE | DATA, "posix_fallocate", path, NULL);
  if (verdict == FAIL) return errno;
  if (verdict == TEAR) die();
  int result = (int)reserve(fd, offset, length);
  if (verdict == DIE_AFTER) die();
  return result;
}

EXPORT int posix_fallocate64(int fd, off64_t offset, off64_t length) {
  return posix_fallocate(fd, offset, length);
}

EXPORT int fsync(int fd) {
  ON_FILE(fd, DATA, "fsync", syscall(SYS_fsync, fd), (void)0);
}

EXPORT int fdatasync(int fd) {
  ON_FILE(fd, DATA, "fdatasync", syscall(SYS_fdatasync, fd), (void)0);
}

// MARK: names

EXPORT int rename(const char *from, const char *to) {
  ON_TWO(
    AT_FDCWD, from, AT_FDCWD, to, DATA, "rename",
    syscall(SYS_renameat2, AT_FDCWD, from, AT_FDCWD, to, 0u));
}

EXPORT int renameat(int from_fd, const char *from, int to_fd, const char *to) {
  ON_TWO(
    from_fd, from, to_fd, to, DATA, "rename", syscall(SYS_renameat2, from_fd, from, to_fd, to, 0u));
}

EXPORT int renameat2(int from_fd, const char *from, int to_fd, const char *to, unsigned flags) {
  ON_TWO(
    from_fd, from, to_fd, to, DATA, "rename",
    syscall(SYS_renameat2, from_fd, from, to_fd, to, flags));
}

EXPORT int link(const char *from, const char *to) {
  ON_TWO(
    AT_FDCWD, from, AT_FDCWD, to, SPACE | DATA, "link",
    syscall(SYS_linkat, AT_FDCWD, from, AT_FDCWD, to, 0));
}

EXPORT int linkat(int from_fd, const char *from, int to_fd, const char *to, int flags) {
  ON_TWO(
    from_fd, from, to_fd, to, SPACE | DATA, "link",
    syscall(SYS_linkat, from_fd, from, to_fd, to, flags));
}

EXPORT int symlink(const char *target, const char *path_) {
  ON_PATH(
    AT_FDCWD, path_, SPACE | DATA, "symlink", syscall(SYS_symlinkat, target, AT_FDCWD, path_));
}

EXPORT int unlink(const char *name) {
  ON_PATH(AT_FDCWD, name, DATA, "unlink", syscall(SYS_unlinkat, AT_FDCWD, name, 0));
}

EXPORT int unlinkat(int fd, const char *name, int flags) {
  ON_PATH(fd, name, DATA, "unlink", syscall(SYS_unlinkat, fd, name, flags));
}

EXPORT int remove(const char *name) {
  struct stat status;
  int folder = lstat(name, &status) == 0 && S_ISDIR(status.st_mode);
  return folder ? rmdir(name) : unlink(name);
}

EXPORT int rmdir(const char *name) {
  ON_PATH(AT_FDCWD, name, DATA, "rmdir", syscall(SYS_unlinkat, AT_FDCWD, name, AT_REMOVEDIR));
}

EXPORT int mkdir(const char *name, mode_t mode) {
  ON_PATH(AT_FDCWD, name, SPACE | DATA, "mkdir", syscall(SYS_mkdirat, AT_FDCWD, name, mode));
}

EXPORT int mkdirat(int fd, const char *name, mode_t mode) {
  ON_PATH(fd, name, SPACE | DATA, "mkdir", syscall(SYS_mkdirat, fd, name, mode));
}

EXPORT int truncate(const char *name, off_t length) {
  ON_PATH(AT_FDCWD, name, DATA, "truncate", syscall(SYS_truncate, name, length));
}

// Only an open that changes the disk counts: one that makes a file, or empties one.
static int changes_disk(int directory, const char *name, int flags) {
  if (start() != 1) return 0;
  if ((flags & O_TMPFILE) == O_TMPFILE || (flags & O_TRUNC)) return 1;
  if (!(flags & O_CREAT)) return 0;
  int saved = errno;
  int missing = syscall(SYS_faccessat, directory, name, F_OK) != 0;
  errno = saved;
  return missing;
}

static int open_file(int directory, const char *name, int flags, mode_t mode) {
  if (changes_disk(directory, name, flags)) {
    ON_PATH(
      directory, name, SPACE | DATA, flags & O_TRUNC ? "open-truncate" : "open-create",
      syscall(SYS_openat, directory, name, flags, mode));
  }
  return (int)syscall(SYS_openat, directory, name, flags, mode);
}

#define MODE_ARGUMENT(flags, mode)                                         \
  mode_t mode = 0;                                                         \
  if (((flags) & O_CREAT) || ((flags) & O_TMPFILE) == O_TMPFILE) {         \
    va_list arguments;                                                     \
    va_start(arguments, flags);                                            \
    mode = va_arg(arguments, mode_t);                                      \
    va_end(arguments);                                                     \
  }

EXPORT int open(const char *name, int flags, ...) {
  MODE_ARGUMENT(flags, mode)
  return open_file(AT_FDCWD, name, flags, mode);
}

EXPORT int open64(const char *name, int flags, ...) {
  MODE_ARGUMENT(flags, mode)
  return open_file(AT_FDCWD, name, flags, mode);
}

EXPORT int openat(int fd, const char *name, int flags, ...) {
  MODE_ARGUMENT(flags, mode)
  return open_file(fd, name, flags, mode);
}

EXPORT int openat64(int fd, const char *name, int flags, ...) {
  MODE_ARGUMENT(flags, mode)
  return open_file(fd, name, flags, mode);
}

EXPORT int creat(const char *name, mode_t mode) {
  return open_file(AT_FDCWD, name, O_CREAT | O_WRONLY | O_TRUNC, mode);
}

#else

// There is no LD_PRELOAD here: tests that want it are skipped.
typedef int vidgit_fault_injection_is_for_linux;

#endif
