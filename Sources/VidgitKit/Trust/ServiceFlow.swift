import Curl
import VidgitModel

extension ServiceFlow {
  /// What calls of a recipe send, place by place: what `CallBuilder` makes of it.
  static func all(of http: HTTPRecipe) -> [ServiceFlow] {
    let places = PreparedService.addresses(of: http).map {
      HTTPOrigin(url: $0)?.description ?? $0
    }
    let given = asked(of: http)
    var headers = http.shown(http.request.headers)
    if let name = http.idempotency { headers.append((name, "a random key for each call")) }
    var flows = [
      ServiceFlow(place: places[0], payload: [http.callWords] + given, headers: headers)
    ]
    if let exchange = http.exchange {
      var payload: [String] = []
      if http.input.form == .uri {
        payload.append("PUT of every frame of a pass, as a \(http.pictureWords) file")
      }
      if http.reply.form == .exchange { payload.append("GET of the results") }
      // Another server than the service's: where an answer leads here, these headers go along.
      if places[1] != places[0] { payload += given }
      flows.append(
        ServiceFlow(place: places[1], payload: payload, headers: http.shown(exchange.headers)))
    }
    for host in http.hosts {
      flows.append(
        ServiceFlow(
          place: host, payload: given.isEmpty ? ["nothing: no answer leads there"] : given,
          headers: []))
    }
    return flows
  }

  /// What is asked at addresses that the service's answers name.
  private static func asked(of http: HTTPRecipe) -> [String] {
    var asked: [String] = []
    if let job = http.job {
      asked.append("GET of the state of a job, where the answer leads here (\(job.poll.text))")
      if let cancel = job.cancel {
        asked.append("\(job.cancelMethod) that ends a job (\(cancel.text))")
      }
    }
    for result in [http.job?.result, http.reply.form == .url ? http.reply.path : nil] {
      guard let result else { continue }
      asked.append("GET of a result, where the answer leads here (\(result.text))")
    }
    return asked
  }
}

extension HTTPRecipe {
  fileprivate var pictureWords: String { input.format == .png ? "PNG" : "JPEG" }

  fileprivate var callWords: String {
    let pictures =
      switch input.form {
      case .bytes: "every frame of a pass, as \(pictureWords) bytes"
      case .base64: "every frame of a pass, as \(pictureWords) in base64"
      case .dataURL: "every frame of a pass, as a \(pictureWords) data URL"
      case .uri: "where every frame of a pass lies"
      }
    return "\(request.method) with \(pictures)"
  }

  /// A text of the recipe with its parameters filled in; variables and pictures stay words.
  func shown(_ template: CallTemplate) -> String {
    template.shown { parameter($0) }
  }

  fileprivate func shown(_ headers: [Header]) -> [(name: String, value: String)] {
    headers.map { ($0.name, shown($0.value)) }
  }
}
