import CMalloc

/// How the program uses the C library's allocator: a matter of the whole process, and so not of
/// the library.
enum Allocator {
  /// Must be called before there are other threads.
  static func configure() {
    // glibc gives threads arenas of their own, up to eight a core, and each keeps the most it ever
    // held. Frames are made on one thread and freed on another, so with the threads of a decoder,
    // an encoder and the filters that is memory for frames that are gone: up to 30 MiB of a 1080p
    // render. Few allocations are made at the same time, so two arenas are enough. No effect where
    // there is another C library.
    cmalloc_limit_arenas(2)
  }
}
