import Testing

@testable import VidgitModel

@Suite struct SigV4Tests {
  @Test(arguments: SigV4Vector.all) func signsAsPublished(_ vector: SigV4Vector) throws {
    let signer = SigV4(
      credentials: .init(
        accessKey: "AKIDEXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY",
        sessionToken: vector.token),
      region: "us-east-1", service: "service")
    var headers = vector.headers + [("Host", "example.amazonaws.com"), ("X-Amz-Date", Self.date)]
    if let token = vector.token { headers.append(("X-Amz-Security-Token", token)) }
    let request = SigV4.Request(
      vector.method, path: vector.path, query: vector.query, headers: headers,
      bodyDigest: Digest(of: Array(vector.body.utf8)).hex)
    let value = signer.authorization(request, date: Self.date)
    #expect(value.hasSuffix("Signature=\(vector.signature)"))
    #expect(
      value.hasPrefix(
        "AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/service/aws4_request, "))
  }

  private static let date = "20150830T123600Z"

  /// The examples of "Authenticating Requests: Using the Authorization Header" of S3's reference.
  @Test func signsTheExamplesOfS3() {
    let signer = SigV4(
      credentials: .init(
        accessKey: "AKIAIOSFODNN7EXAMPLE", secretKey: "wJalrXUtnFEMI/K7MDENG/bPxRfiCYEXAMPLEKEY"),
      region: "us-east-1", service: "s3")
    func signature(
      _ method: String, _ path: String, query: [(name: String, value: String)] = [],
      headers: [(name: String, value: String)] = [], body: String = ""
    ) -> String {
      let digest = Digest(of: Array(body.utf8)).hex
      let request = SigV4.Request(
        method, path: path, query: query,
        headers: headers + [
          ("host", "examplebucket.s3.amazonaws.com"), ("x-amz-date", "20130524T000000Z"),
          ("x-amz-content-sha256", digest),
        ], bodyDigest: digest)
      return String(signer.authorization(request, date: "20130524T000000Z").suffix(64))
    }
    #expect(
      signature("GET", "/test.txt", headers: [("range", "bytes=0-9")])
        == "f0e8bdb87c964420e857bd35b5d6ed310bd44f0170aba48dd91039c6036bdb41")
    #expect(
      signature(
        "PUT", "/test$file.text",
        headers: [
          ("date", "Fri, 24 May 2013 00:00:00 GMT"), ("x-amz-storage-class", "REDUCED_REDUNDANCY"),
        ], body: "Welcome to Amazon S3.")
        == "98ad721746da40c64f1a55b78f14c238d841ea1380cd77a1b5971af0ece108bd")
    #expect(
      signature("GET", "/", query: [("lifecycle", "")])
        == "fea454ca298b7da1c68078a5d1bdbfbbe0d65c699e0f91ac7a200a0136783543")
    #expect(
      signature("GET", "/", query: [("prefix", "J"), ("max-keys", "2")])
        == "34b48302e7b5fa45bde8084f4b7868a86f0a534bc59db6670ed5711ef69dc6f7")
  }

  @Test func writesDatesAsAmazonDoes() {
    #expect(AmazonDate.text(1_440_938_160) == "20150830T123600Z")
    #expect(AmazonDate.text(0) == "19700101T000000Z")
    #expect(AmazonDate.text(951_825_599) == "20000229T115959Z")
    #expect(AmazonDate.text(4_102_444_799) == "20991231T235959Z")
  }

  @Test func keysShowNothing() {
    let key = SigV4.Credentials(accessKey: "AKID-A", secretKey: "secret-b", sessionToken: "token-c")
    for text in ["\(key)", String(reflecting: key), "\([key])"] {
      #expect(!text.contains("AKID") && !text.contains("secret-b") && !text.contains("token-c"))
    }
  }

  @Test func readsProfilesAsAWSWritesThem() {
    let profiles = AWSProfiles(
      credentials: """
        # a comment
        [default]
        aws_access_key_id = A
        aws_secret_access_key=B/=+
        [films]
          aws_access_key_id = X
        AWS_ACCESS_KEY_ID = C
        aws_secret_access_key = D
        aws_session_token = E
        [half]
        aws_access_key_id = F
        """,
      config: """
        [default]
        region = eu-central-1
        s3 =
          region = nested
        [profile films]
        region=us-west-2
        [films]
        region = wrong
        """)
    #expect(profiles.key(of: "default") == .init(accessKey: "A", secretKey: "B/=+"))
    #expect(
      profiles.key(of: "films") == .init(accessKey: "C", secretKey: "D", sessionToken: "E"))
    #expect(profiles.key(of: "half") == nil)
    #expect(profiles.value("region", of: "default") == "eu-central-1")
    #expect(profiles.value("region", of: "films") == "us-west-2")
    #expect(profiles.has("half") && !profiles.has("none"))
  }
}
