#ifndef CGIT2_SHIM_H
#define CGIT2_SHIM_H

#include <git2.h>
#include <git2/sys/mempack.h>
#include <git2/sys/odb_backend.h>
#include <git2/sys/repository.h>
#include <git2/sys/transport.h>

// git_libgit2_opts is variadic, which Swift does not import. Objects, packs and references are
// fsynced (off by default), and created only from what exists (on by default; said, not assumed).
static inline int cgit2_set_durable(void) {
  int code = git_libgit2_opts(GIT_OPT_ENABLE_FSYNC_GITDIR, 1);
  if (code < 0) return code;
  return git_libgit2_opts(GIT_OPT_ENABLE_STRICT_OBJECT_CREATION, 1);
}

// Variadic as above. The default maps up to 8 GiB of packs, which counts as resident memory.
static inline int cgit2_set_mapped_limit(size_t window, size_t limit) {
  int code = git_libgit2_opts(GIT_OPT_SET_MWINDOW_SIZE, window);
  if (code < 0) return code;
  return git_libgit2_opts(GIT_OPT_SET_MWINDOW_MAPPED_LIMIT, limit);
}

// Variadic as above: whether a repository of another user is refused unless safe.directory names it.
static inline int cgit2_set_owner_validation(int validates) {
  return git_libgit2_opts(GIT_OPT_SET_OWNER_VALIDATION, validates);
}

// Variadic as above: a file of certificates in PEM that are trusted in place of the system's.
static inline int cgit2_set_certificates(const char *file) {
  return git_libgit2_opts(GIT_OPT_SET_SSL_CERT_LOCATIONS, file, NULL);
}

// Whether a backend other than `memory` (may be NULL) has the object. git_odb_exists also answers
// from its cache, so it cannot tell what is on disk. `touch` also renews the time of the file that holds
// the object, as git does, so that a gc in another process does not take it for garbage.
static inline int cgit2_odb_has_stored(
    git_odb *odb, git_odb_backend *memory, const git_oid *id, int touch) {
  size_t count = git_odb_num_backends(odb);
  for (size_t i = 0; i < count; i++) {
    git_odb_backend *backend = NULL;
    if (git_odb_get_backend(&backend, odb, i) < 0) return 0;
    if (backend == memory || backend->exists == NULL) continue;
    if (touch && backend->freshen != NULL && backend->freshen(backend, id) == 0) return 1;
    if (backend->exists(backend, id)) return 1;
  }
  return 0;
}

// The constness of `parents` is not the same in all versions (1.8.0 changed it, 1.8.2 changed
// it back).
static inline int cgit2_commit_create_buffer(
    git_buf *out, git_repository *repository, const git_signature *author,
    const git_signature *committer, const char *message, const git_tree *tree,
    size_t parent_count, git_commit **parents) {
  return git_commit_create_buffer(
      out, repository, author, committer, NULL, message, tree, parent_count, (void *)parents);
}

// A transport of ours and its stream: libgit2 hands back the first member, what follows it is ours.
typedef struct {
  git_smart_subtransport parent;
  void *session;
  git_smart_subtransport_stream *stream;
} cgit2_subtransport;

typedef struct {
  git_smart_subtransport_stream parent;
  void *stream;
} cgit2_stream;

#endif
