import Testing

/// A certificate for 127.0.0.1 that nobody has signed, and its key, as files in PEM.
public struct TestCertificate: Sendable {
  public let path: String
  public let key: String

  /// Skips the test where there is no `openssl`.
  public init(in folder: TemporaryFolder, named name: String = "certificate") throws {
    guard let openssl = Tool.find("openssl") else { try skip("no 'openssl' on PATH") }
    path = folder.file("\(name).pem")
    key = folder.file("\(name)-key.pem")
    try openssl.succeed([
      "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:prime256v1", "-nodes",
      "-keyout", key, "-out", path, "-days", "2", "-subj", "/CN=127.0.0.1",
      "-addext", "subjectAltName=IP:127.0.0.1",
    ])
  }
}
