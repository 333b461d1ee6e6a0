/// A number of things, in words.
public enum Counted {
  /// "1 frame", "12 frames".
  public static func text(_ count: Int, _ thing: String, _ things: String? = nil) -> String {
    "\(count) " + (count == 1 ? thing : things ?? thing + "s")
  }
}
