import Curl
import FFmpeg
import VidgitModel

extension ServiceCall {
  /// Takes the results of a call that an earlier run has left open after its answer.
  ///
  /// - Throws: as `send`.
  func collect(_ open: CallJournal.Open) async throws -> [Outcome] {
    spending.resume()
    var actual = open.estimate
    defer { spending.settle(open.estimate, actual: actual, resumed: true) }
    do {
      if let place = open.job, let job = http.job {
        let answer = try await follow(place, job, since: .now)
        actual = http.price.map { $0.cost(of: answer, pictures: open.pictures.count) }
        return try await store(open.id, answer, open.pictures, nil, cost: actual)
      }
      return try await fetchKept(open.results ?? KeptResults(places: []), open)
    } catch let fault as CallFault {
      actual = open.estimate
      if !fault.mayPass { try await journal.end(open.id, .lost, cost: actual) }
      return open.pictures.map { _ in .failure(fault) }
    } catch let stop as CallStop {
      actual = open.estimate
      throw stop.error
    }
  }

  /// Decodes and stores the results, and closes the call, unless a part of them is to be fetched yet.
  ///
  /// - Parameter kept: where the journal knows them to be.
  func store(
    _ call: Int64, _ answer: ServiceAnswer, _ keys: [FrameKey], _ kept: KeptResults?, cost: Money?
  ) async throws -> [Outcome] {
    var outcomes: [Outcome] = []
    var isOpen = false
    for (index, key) in keys.enumerated() {
      let bytes: [UInt8]
      do {
        bytes = try await result(answer, index, key)
      } catch let fault as CallFault {
        // The next run asks for the job again.
        if fault.mayPass, http.job != nil { throw fault }
        var reason = fault.reason
        if kept?.places[index].isEmpty == false {
          isOpen = true
          reason += "; the result is paid for, and the same command fetches it first"
        }
        outcomes.append(.failure(CallFault(reason: reason, isPaid: true)))
        continue
      }
      outcomes.append(try await put(bytes, key))
    }
    try await close(call, keys, outcomes, isOpen: isOpen, cost: cost)
    return outcomes
  }

  /// Fetches what an earlier run knew the place of, and could not fetch.
  private func fetchKept(_ kept: KeptResults, _ open: CallJournal.Open) async throws -> [Outcome] {
    var outcomes: [Outcome] = []
    var isOpen = false
    for (index, key) in open.pictures.enumerated() {
      if let known = try await known(key) {
        outcomes.append(.success(known))
        continue
      }
      let place = kept.places.indices.contains(index) ? kept.places[index] : ""
      guard !place.isEmpty else {
        outcomes.append(.failure(CallFault(reason: "lost a result", isPaid: true, isGone: true)))
        continue
      }
      let bytes: [UInt8]
      do {
        let isInExchange = place == KeptResults.exchange
        bytes = try await fetch(
          isInExchange ? builder.fetchResult(of: key) : builder.get(place)
        ).body
      } catch var fault as CallFault {
        isOpen = isOpen || fault.mayPass
        // In this very run it can be asked for anew.
        fault.isGone = !fault.mayPass
        fault.isPaid = true
        outcomes.append(.failure(fault))
        continue
      }
      outcomes.append(try await put(bytes, key))
    }
    try await close(open.id, open.pictures, outcomes, isOpen: isOpen, cost: open.estimate)
    return outcomes
  }

  /// What an earlier run has stored of the same call.
  private func known(_ key: FrameKey) async throws -> CallPicture? {
    try await blocking { [journal, objects, service] in
      guard let output = try journal.result(of: service.pictureResults, for: key),
        objects.has(output)
      else { return nil }
      return CallPicture(frame: try objects.frame(output), key: output)
    }
  }

  /// Decodes and stores one result.
  private func put(_ bytes: [UInt8], _ key: FrameKey) async throws -> Outcome {
    do {
      let made = try await blocking { [objects, http] in
        let frame = try ResultPicture.decode(bytes)
        let shape = key.shape
        guard http.takesAnySize || (frame.width, frame.height) == (shape.width, shape.height)
        else {
          throw CallFault(
            reason: "gave a picture of \(frame.width)x\(frame.height) for one of "
              + "\(shape.width)x\(shape.height)", isPaid: true)
        }
        let made = CallPicture(frame: frame, key: frame.key)
        try objects.put(frame, key: made.key)
        return made
      }
      return .success(made)
    } catch let fault as CallFault {
      return .failure(CallFault(reason: fault.reason, isPaid: true))
    }
  }

  private func close(
    _ call: Int64, _ keys: [FrameKey], _ outcomes: [Outcome], isOpen: Bool, cost: Money?
  ) async throws {
    let results = zip(keys, outcomes).compactMap { key, outcome in
      (try? outcome.get()).map { (input: key, output: $0.key) }
    }
    if isOpen { return try await journal.add(results, recipe: service.pictureResults) }
    try await journal.end(
      call, results.isEmpty ? .lost : .done, cost: cost, recipe: service.pictureResults,
      results: results)
  }

  /// The bytes of one result.
  private func result(
    _ answer: ServiceAnswer, _ index: Int, _ key: FrameKey
  ) async throws -> [UInt8] {
    switch http.reply.form {
    case .raw: return answer.body
    case .exchange: return try await fetch(builder.fetchResult(of: key)).body
    case .base64, .url:
      guard let json = answer.json, let text = http.reply.path!.text(in: json, index: index) else {
        throw answer.without(http.reply.path!, "where the result is", quoted)
      }
      if http.reply.form == .base64 || text.hasPrefix("data:") {
        guard let bytes = DataURL.bytes(of: text) else {
          throw CallFault(reason: "gave a text that is no base64")
        }
        return bytes
      }
      return try await fetch(builder.get(text)).body
    }
  }

  /// Gets what an answer leads to: a job's state, a result. It changes nothing when it comes twice.
  ///
  /// A job can be asked for by the next run; the result of any other call may be gone by then.
  func fetch(_ request: HTTPRequest) async throws -> HTTPResponse {
    try await courier.send(
      request, isRepeatable: true, isGiven: true, endures: http.job == nil, errorText: errorText)
  }
}
