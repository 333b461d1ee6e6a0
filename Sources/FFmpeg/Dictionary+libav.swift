import CFFmpeg

extension [String: String] {
  /// The entries of an `AVDictionary`; of a key that stands twice, the last.
  init(_ dictionary: OpaquePointer?) {
    self.init()
    var entry: UnsafeMutablePointer<AVDictionaryEntry>?
    while let next = av_dict_get(dictionary, "", entry, AV_DICT_IGNORE_SUFFIX) {
      self[String(cString: next.pointee.key)] = String(cString: next.pointee.value)
      entry = next
    }
  }

  /// Adds the entries to an `AVDictionary`, ordered by key so that equal input makes equal files.
  func add(to dictionary: inout OpaquePointer?) throws(FFmpegError) {
    for (key, value) in sorted(by: { $0.key < $1.key }) {
      try check("keep the metadata '\(key)'") { av_dict_set(&dictionary, key, value, 0) }
    }
  }
}
