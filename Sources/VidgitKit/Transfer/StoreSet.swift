import Curl
import Foundation
import Git2
import Synchronization
import VidgitModel

/// The stores that one operation may fetch from, in the order in which they are asked: the user's
/// own, then what the repository names and everybody may read.
final class StoreSet: Sendable {
  /// One of them, listed when it is first needed.
  final class Source: Sendable {
    let store: any Store
    /// Named by the repository and not by the user: what it says about its objects is not believed.
    let isStranger: Bool
    /// Else there are only media.
    let holdsObjects: Bool
    private let folder: String
    private let note: @Sendable (String) -> Void
    private let catalog = Mutex<StoreCatalog?>(nil)

    init(
      _ store: any Store, isStranger: Bool, holdsObjects: Bool = true, folder: String,
      note: @escaping @Sendable (String) -> Void
    ) {
      self.store = store
      self.isStranger = isStranger
      self.holdsObjects = holdsObjects
      self.folder = folder
      self.note = note
    }

    func listed() async throws -> StoreCatalog {
      if let known = catalog.withLock({ $0 }) { return known }
      let made = try await StoreCatalog(of: store, folder: folder, note: note)
      catalog.withLock { $0 = made }
      return made
    }

    /// What has been put there meanwhile counts.
    func forget() { catalog.withLock { $0 = nil } }
  }

  let sources: [Source]
  let note: @Sendable (String) -> Void
  /// What the repository names and nobody has allowed.
  private let refused: [String]

  init(
    for sources: [Source], refused: [String] = [],
    note: @escaping @Sendable (String) -> Void = { _ in }
  ) {
    self.sources = sources
    self.refused = refused
    self.note = note
  }

  var titles: String { sources.map(\.store.title).joined(separator: ", ") }

  /// Says which stores might have had what was not found.
  func noteRefused() {
    for base in refused {
      note(
        "the repository names the store '\(TerminalText.escaped(base))', which is called only after "
          + "`vidgit store add NAME URI`")
    }
  }

  /// What there is to ask, before anything is opened.
  struct Plan: Sendable {
    fileprivate let access: StoreAccess
    fileprivate let allowed: AllowedHosts
    fileprivate var settings: [StoreSettings]
    fileprivate var bases: [String] = []
    fileprivate var refused: [String] = []
    /// The addresses of media by their rank.
    fileprivate var links: [[StoreName: LinkStore.Link]] = []

    fileprivate var isEmpty: Bool {
      settings.isEmpty && bases.isEmpty && refused.isEmpty && links.isEmpty
    }
  }

  /// The stores for some revisions; nil where there are none, or none may be called here.
  ///
  /// - Parameters:
  ///   - names: only these of the user's stores; nil takes all, and what the revisions name.
  ///   - except: not this one.
  static func plan(
    _ repository: VideoRepository, for revisions: [Revision], only names: [String]? = nil,
    except: String? = nil
  ) throws -> Plan? {
    guard let access = StoreAccess.current else { return nil }
    let settings =
      try names.map { try $0.map { try repository.configuredStore($0) } }
      ?? repository.configuredStores()
    var plan = Plan(
      access: try repository.completed(access), allowed: try repository.allowedHosts(),
      settings: settings.filter { $0.name != except })
    if names == nil {
      plan.addBases(revisions.flatMap(\.header.stores), own: settings)
      plan.links = plan.links(of: revisions)
    }
    return plan.isEmpty ? nil : plan
  }

  static func open(_ plan: Plan, _ repository: VideoRepository) throws -> StoreSet {
    let access = plan.access
    let opener = try StoreOpener(access, scratch: repository.local.sending, allowed: plan.allowed)
    var sources: [Source] = []
    func add(_ store: any Store, isStranger: Bool, holdsObjects: Bool = true) {
      sources.append(
        Source(
          store, isStranger: isStranger, holdsObjects: holdsObjects,
          folder: repository.local.stores, note: access.note))
    }
    for setting in plan.settings {
      do {
        add(try opener.open(setting), isStranger: false)
      } catch let error as VidgitError where plan.settings.count > 1 {
        access.note(error.message)
      }
    }
    for base in plan.bases { add(opener.open(publicBase: base), isStranger: true) }
    for links in plan.links {
      add(
        opener.open(links: links, title: "that the media name themselves"),
        isStranger: true, holdsObjects: false)
    }
    return StoreSet(for: sources, refused: plan.refused, note: access.note)
  }
}

extension VideoRepository {
  /// The certificates of Git's setting `vidgit.caBundle`, where the caller names none.
  func completed(_ access: StoreAccess) throws -> StoreAccess {
    var access = access
    access.certificates =
      try VidgitError.git { try git.configPath("vidgit.caBundle") } ?? access.certificates
    return access
  }
}

extension StoreSet.Plan {
  /// Where the media say that they can be fetched.
  fileprivate func links(of revisions: [Revision]) -> [[StoreName: LinkStore.Link]] {
    var ranks: [[StoreName: LinkStore.Link]] = []
    for descriptor in revisions.flatMap(\.media.values) {
      let places = descriptor.locations.filter { mayBeRead($0) && !$0.contains("#") }
      for (rank, place) in places.prefix(Self.mostLocations).enumerated() {
        if rank == ranks.count { ranks.append([:]) }
        ranks[rank][.media(descriptor.sha256)] = LinkStore.Link(
          address: place,
          medium:
            "the medium '\(TerminalText.escaped(descriptor.name))' (\(descriptor.size) bytes, "
            + "\(descriptor.sha256.text))")
      }
    }
    return ranks
  }

  /// Of one medium.
  private static let mostLocations = 8

  /// HTTPS, or HTTP at a host that the user allows.
  private func mayBeRead(_ address: String) -> Bool {
    if address.hasPrefix("https://") { return true }
    guard address.hasPrefix("http://"), let origin = HTTPOrigin(url: address) else { return false }
    return allowed.contains(origin)
  }

  /// Bases that a repository names: those over HTTPS may be read by anybody.
  fileprivate mutating func addBases(_ named: [String], own: [StoreSettings]) {
    let known = Set(own.map(\.location.text) + own.compactMap(\.publicBase))
    for base in named {
      let plain = base.hasSuffix("/") ? String(base.dropLast()) : base
      if known.contains(base) || known.contains(plain) { continue }
      if mayBeRead(base), !base.contains("?"), !base.contains("#") {
        if !bases.contains(plain) { bases.append(plain) }
      } else if !refused.contains(base) {
        refused.append(base)
      }
    }
  }
}
