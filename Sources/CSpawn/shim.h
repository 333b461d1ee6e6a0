#ifndef CSPAWN_SHIM_H
#define CSPAWN_SHIM_H

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <spawn.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/types.h>
#include <sys/wait.h>
#include <unistd.h>

#ifdef __GLIBC__
// In glibc since 2.29 and 2.34, and hidden from Swift's Glibc module, which has no _GNU_SOURCE.
extern int posix_spawn_file_actions_addchdir_np(posix_spawn_file_actions_t *, const char *);
extern int posix_spawn_file_actions_addclosefrom_np(posix_spawn_file_actions_t *, int);
#endif

// Starts `path` in `folder` and in a process group of its own, with three descriptors and no others,
// and all signals as they are by default. A descriptor of -1 is /dev/null. Returns an errno, or 0.
static inline int cspawn_start(
    pid_t *pid, const char *path, char *const argv[], char *const envp[], const char *folder,
    int input, int output, int errors) {
  posix_spawn_file_actions_t actions;
  posix_spawnattr_t attributes;
  int code = posix_spawn_file_actions_init(&actions);
  if (code != 0) return code;
  code = posix_spawnattr_init(&attributes);
  if (code != 0) {
    posix_spawn_file_actions_destroy(&actions);
    return code;
  }
  const int given[3] = {input, output, errors};
  for (int number = 0; number < 3 && code == 0; number++) {
    code = given[number] < 0
        ? posix_spawn_file_actions_addopen(
              &actions, number, "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0)
        : posix_spawn_file_actions_adddup2(&actions, given[number], number);
  }
  if (code == 0) code = posix_spawn_file_actions_addchdir_np(&actions, folder);
  short flags = POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETPGROUP;
#ifdef __APPLE__
  flags |= POSIX_SPAWN_CLOEXEC_DEFAULT;
#elif defined(__GLIBC__)
  if (code == 0) code = posix_spawn_file_actions_addclosefrom_np(&actions, 3);
#endif
  sigset_t all, none;
  sigfillset(&all);
  sigemptyset(&none);
  posix_spawnattr_setsigdefault(&attributes, &all);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setpgroup(&attributes, 0);
  posix_spawnattr_setflags(&attributes, flags);
  if (code == 0) code = posix_spawn(pid, path, &actions, &attributes, argv, envp);
  posix_spawnattr_destroy(&attributes);
  posix_spawn_file_actions_destroy(&actions);
  return code;
}

// Whether a child has ended. It is not reaped, so that its group cannot become somebody else's.
static inline int cspawn_has_ended(pid_t pid) {
  siginfo_t info;
  memset(&info, 0, sizeof info);
  return waitid(P_PID, (id_t)pid, &info, WEXITED | WNOHANG | WNOWAIT) != 0 || info.si_pid == pid;
}

// A pipe whose ends no other child inherits; a large one where the system lets us. Returns an errno, or 0.
static inline int cspawn_pipe(int ends[2]) {
  if (pipe(ends) != 0) return errno;
  fcntl(ends[0], F_SETFD, FD_CLOEXEC);
  fcntl(ends[1], F_SETFD, FD_CLOEXEC);
#ifdef __linux__
  fcntl(ends[1], 1031 /* F_SETPIPE_SZ */, 1 << 20);
#endif
  return 0;
}

// The bytes that can be read from a pipe at once.
static inline int cspawn_unread(int descriptor) {
  int count = 0;
  return ioctl(descriptor, FIONREAD, &count) == 0 ? count : 0;
}

// A write to a pipe that nobody reads is an error for this thread, and ends no program.
static inline void cspawn_block_sigpipe(void) {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGPIPE);
  pthread_sigmask(SIG_BLOCK, &set, NULL);
}

#endif
