import Curl
import FFmpeg
import Foundation
import VidgitModel

/// One call of a service from the budget to the stored results.
struct ServiceCall: Sendable {
  let service: PreparedService
  let courier: Courier
  let journal: CallJournal
  let spending: Spending
  let objects: ObjectStore

  typealias Outcome = Result<CallPicture, CallFault>

  var http: HTTPRecipe { service.http }
  var builder: CallBuilder { CallBuilder(service: service) }

  /// Sends pictures and stores what comes back, one outcome for each.
  ///
  /// - Parameter resent: a call of an earlier run that may be sent again under its own token.
  /// - Throws: `CancellationError` where the pass stops; `VidgitError` where it must.
  func send(
    _ pictures: [CallPicture], again resent: CallJournal.Open? = nil
  ) async throws -> [Outcome] {
    let estimate = resent?.estimate ?? http.price?.estimate(pictures: pictures.count)
    if resent == nil { try await reserve(estimate) } else { spending.resume() }
    var actual: Money?
    defer { spending.settle(estimate, actual: actual, resumed: resent != nil) }
    let keys = pictures.map(\.key)
    let encoded = try await blocking { [builder] in try pictures.map(builder.encode) }
    do {
      if http.input.form == .uri {
        for picture in encoded {
          _ = try await courier.send(
            builder.put(picture), isRepeatable: true, errorText: errorText)
        }
      }
    } catch let fault as CallFault {
      return keys.map { _ in .failure(CallFault(reason: fault.reason)) }
    } catch let stop as CallStop {
      throw stop.error
    }
    let token = resent?.token ?? UUID().uuidString.lowercased()
    let request = try builder.call(encoded, token: token)
    let call =
      if let resent { resent.id } else {
        try await journal.begin(
          recipe: service.id, token: token, pictures: keys, estimate: estimate)
      }
    var isAnswered = false
    do {
      let started = ContinuousClock.now
      let response = try await courier.send(
        request, isRepeatable: http.idempotency != nil, errorText: errorText)
      isAnswered = true
      var answer = try ServiceAnswer(response, of: http, since: started, quoted)
      if let job = http.job {
        let place = try answer.jobPlace(job, quoted)
        // What would leave a key on this disk is only followed as long as this runs.
        if let kept = place.kept(without: service.secrets) { try await journal.accept(call, kept) }
        answer = try await follow(place, job, since: started)
      }
      actual = http.price.map { $0.cost(of: answer, pictures: keys.count) }
      var kept: KeptResults?
      if http.job == nil {
        kept = KeptResults(answer, of: service, count: keys.count)
        if let kept { try await journal.keep(call, kept, cost: actual) }
      }
      return try await store(call, answer, keys, kept, cost: actual)
    } catch let fault as CallFault {
      let isPaid = isAnswered || fault.isPaid
      actual = isPaid ? estimate : nil
      // The next run asks for a job that could not be reached, and for a lost answer under its token.
      let staysOpen = fault.mayPass && (isAnswered || (isPaid && canBeResent(keys)))
      if !staysOpen { try await journal.end(call, isPaid ? .lost : .refused, cost: actual) }
      return keys.map { _ in .failure(fault) }
    } catch let stop as CallStop {
      let isPaid = isAnswered || stop.isPaid
      actual = isPaid ? estimate : nil
      // What may be done stays open for the next run.
      if !isPaid { try await journal.end(call, .refused, cost: nil) }
      throw stop.error
    }
  }

  /// Takes a call's estimate out of the budget; where that is short, calls on their way may turn out
  /// to cost less.
  private func reserve(_ estimate: Money?) async throws {
    while try !spending.reserve(estimate) {
      try await courier.sleep(.milliseconds(20))
    }
  }

  /// Whether a lost answer can be asked for again: the service knows the call by its key.
  private func canBeResent(_ pictures: [FrameKey]) -> Bool {
    http.idempotency != nil && pictures.count == 1
  }

  /// Asks after a job until it ends.
  func follow(
    _ place: CallJournal.Job, _ job: HTTPRecipe.Job, since started: ContinuousClock.Instant
  ) async throws -> ServiceAnswer {
    while true {
      let response = try await fetch(builder.get(place.poll))
      var answer = try ServiceAnswer(response, of: http, since: started, quoted)
      let status = answer.json.flatMap { job.status.text(in: $0) } ?? ""
      if job.done.contains(status) {
        if let result = place.result ?? answer.text(at: job.result) {
          answer = try ServiceAnswer(
            await fetch(builder.get(result)), of: http, since: started, quoted)
        }
        return answer
      }
      if job.failed.contains(status) {
        let words = answer.text(at: http.error).map { ": " + quoted($0) } ?? ""
        throw CallFault(reason: "ended the job as '\(quoted(status))'\(words)", isPaid: true)
      }
      guard ContinuousClock.now - started < .seconds(job.timeout) else {
        if let cancel = place.cancel {
          _ = try? await fetch(builder.get(cancel, method: job.cancelMethod))
        }
        throw CallFault(reason: "did not end the job in \(job.timeout) s", isPaid: true)
      }
      do {
        try await courier.sleep(.milliseconds(job.interval))
      } catch {
        throw CallStop(error: error, isPaid: true)
      }
    }
  }

  /// The service's own words in an answer.
  func errorText(_ body: [UInt8]) -> String? {
    if let path = http.error, let json = ServiceAnswer.parse(body), let text = path.text(in: json) {
      return text
    }
    let text = String(decoding: body.prefix(300), as: UTF8.self)
    return text.isEmpty ? nil : text
  }

  func quoted(_ text: String) -> String { builder.quoted(text) }
}
