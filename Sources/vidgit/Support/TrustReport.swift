import VidgitKit
import VidgitModel

/// Says what a recipe would run or call.
enum TrustReport {
  static func show(_ summary: TrustSummary, json: Bool, dryRun: Bool) {
    let (rows, isTrusted, document) =
      switch summary {
      case .program(let program): (rows(program), program.isTrusted, Self.json(program))
      case .service(let service): (rows(service), service.isTrusted, Self.json(service))
      }
    if json { return Report.json(document) }
    for line in Table.lines(rows) { Report.line(line) }
    switch (dryRun, isTrusted) {
    case (false, _):
      Report.line("Trusted from now on; `vidgit trust --revoke` takes it back")
      if case .program(let program) = summary { warn(program) }
    case (true, true): Report.line("It is trusted")
    case (true, false): Report.line("It is not trusted")
    }
  }

  // MARK: Programs

  /// Says what it lacks to run.
  private static func warn(_ summary: CommandSummary) {
    let folder = TerminalText.escaped(summary.folder)
    if let file = summary.files.first(where: { $0.state != "present" }) {
      let path = TerminalText.escaped(file.path)
      let problem =
        file.state == "missing"
        ? "'\(path)' is not in '\(folder)'" : "'\(path)' in '\(folder)' is another file"
      Report.note("note: it cannot run yet: \(problem)")
      Report.note(
        "hint: put the file there, or name the folder where it is: "
          + "`vidgit trust \(summary.id) --folder FOLDER`")
    } else if summary.program == nil {
      let name = TerminalText.escaped(summary.argv.first ?? "")
      Report.note("note: it cannot run yet: the program '\(name)' is not here")
      Report.note(
        "hint: install it, or name the folder where it is: "
          + "`vidgit trust \(summary.id) --folder FOLDER`")
    }
  }

  private static func rows(_ summary: CommandSummary) -> [[String]] {
    var rows = [
      ["recipe", summary.id],
      ["runs", TerminalText.escaped(summary.text)],
      ["program", TerminalText.escaped(summary.program ?? "not found here")],
      ["in", TerminalText.escaped(summary.folder)],
    ]
    for file in summary.files {
      rows.append([
        "file", TerminalText.escaped("\(file.path) \(file.digest.text) (\(file.state))"),
      ])
    }
    rows += [
      ["gets", summary.variables.joined(separator: ", ")],
      ["sent", sent(summary)],
      ["time", "\(summary.timeout) s a frame"],
    ]
    return rows
  }

  private static func sent(_ summary: CommandSummary) -> String {
    switch summary.transfer {
    case .files: "every frame of a pass, as a PNG file ($INPUT) to one process each"
    case .pngStream: "every frame of a pass, as PNG images on its standard input"
    case .y4m: "every frame of a pass, as YUV4MPEG2 on its standard input"
    }
  }

  private static func json(_ summary: CommandSummary) -> JSONValue {
    [
      "recipe": .string(summary.id), "argv": .array(summary.argv.map { .string($0) }),
      "program": summary.program.map { .string($0) } ?? .null,
      "folder": .string(summary.folder),
      "environment": .array(summary.variables.map { .string($0) }),
      "files": .array(
        summary.files.map {
          [
            "path": .string($0.path), "sha256": .string($0.digest.text), "state": .string($0.state),
          ]
        }), "protocol": .string(summary.transfer.rawValue),
      "timeout": .int(Int64(summary.timeout)), "trusted": .bool(summary.isTrusted),
    ]
  }

  // MARK: Services

  private static func rows(_ summary: ServiceSummary) -> [[String]] {
    var rows = [
      ["recipe", summary.id],
      ["calls", summary.text],
      ["reaches", TerminalText.escaped(summary.hosts.joined(separator: ", "))],
    ]
    for flow in summary.flows {
      rows.append(["to", TerminalText.escaped(flow.place)])
      for payload in flow.payload { rows.append(["", TerminalText.escaped(payload)]) }
      for header in flow.headers {
        rows.append(["", TerminalText.escaped("header \(header.name): \(header.value)")])
      }
      if flow.headers.isEmpty { rows.append(["", "no header of the recipe"]) }
    }
    if let exchange = summary.exchange {
      rows.append(["told", "the service: pictures lie at " + TerminalText.escaped(exchange)])
    }
    rows.append([
      "sent",
      "every frame of a pass, as \(TerminalText.escaped(summary.pictures))"
        + (summary.batch > 1 ? ", \(summary.batch) in a call" : ""),
    ])
    if !summary.body.isEmpty { rows.append(["with", TerminalText.escaped(summary.body)]) }
    if !summary.secrets.isEmpty {
      rows.append(["secrets", "the values of " + summary.secrets.joined(separator: ", ")])
    }
    rows.append(["costs", cost(summary.price)])
    return rows
  }

  private static func cost(_ price: HTTPRecipe.Price?) -> String {
    guard let price else { return "the recipe does not say" }
    return price.unit == .image
      ? "\(price.amount) a picture"
      : "\(price.amount) a \(price.unit.rawValue), about "
        + "\(price.estimate(pictures: 1)) a picture"
  }

  private static func json(_ headers: [(name: String, value: String)]) -> [JSONValue] {
    headers.map { ["name": .string($0.name), "value": .string($0.value)] }
  }

  private static func json(_ summary: ServiceSummary) -> JSONValue {
    [
      "recipe": .string(summary.id), "calls": .string(summary.text),
      "hosts": .array(summary.hosts.map { .string($0) }),
      "headers": .array(json(summary.headers)),
      "flows": .array(
        summary.flows.map { flow in
          [
            "to": .string(flow.place), "sends": .array(flow.payload.map { .string($0) }),
            "headers": .array(json(flow.headers)),
          ]
        }), "exchange": summary.exchange.map { .string($0) } ?? .null,
      "secrets": .array(summary.secrets.map { .string($0) }), "body": .string(summary.body),
      "pictures": .string(summary.pictures), "batch": .int(Int64(summary.batch)),
      "price": summary.price.map { .string($0.estimate(pictures: 1).description) } ?? .null,
      "trusted": .bool(summary.isTrusted),
    ]
  }
}
