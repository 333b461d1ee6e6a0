import Testing

@testable import VidgitModel

@Suite struct FilterGraphTests {
  func node(_ filter: String, _ inputs: [String] = [], _ outputs: [String] = []) -> GraphNode {
    GraphNode(filter: filter, inputs: inputs, outputs: outputs)
  }

  @Test func chains() throws {
    let graph = try FilterGraph(nodes: [node("hue"), node("eq")])
    #expect(
      graph.links == [
        .init(from: .init(node: nil, index: 0), to: .init(node: 0, index: 0)),
        .init(from: .init(node: 0, index: 0), to: .init(node: 1, index: 0)),
        .init(from: .init(node: 1, index: 0), to: .init(node: nil, index: 0)),
      ])
  }

  @Test func branchesJoinAgain() throws {
    let graph = try FilterGraph(nodes: [
      node("split", [], ["a", "b"]), node("avgblur", ["a"], ["c"]), node("blend", ["b", "c"]),
    ])
    #expect(
      graph.links == [
        .init(from: .init(node: nil, index: 0), to: .init(node: 0, index: 0)),
        .init(from: .init(node: 0, index: 0), to: .init(node: 1, index: 0)),
        .init(from: .init(node: 0, index: 1), to: .init(node: 2, index: 0)),
        .init(from: .init(node: 1, index: 0), to: .init(node: 2, index: 1)),
        .init(from: .init(node: 2, index: 0), to: .init(node: nil, index: 0)),
      ])
  }

  @Test func theEndsMayBeNamed() throws {
    let graph = try FilterGraph(nodes: [
      node("blend", ["b", "c"], ["out"]), node("split", ["in"], ["a", "b"]),
      node("avgblur", ["a"], ["c"]),
    ])
    #expect(graph.links.contains { $0.from.node == nil && $0.to.node == 1 })
    #expect(
      graph.links.last == .init(from: .init(node: 0, index: 0), to: .init(node: nil, index: 0)))
  }

  @Test func refuses() {
    func reason(_ nodes: [GraphNode]) -> String {
      failure { () throws(ModelError) in try FilterGraph(nodes: nodes) }.reason
    }
    #expect(reason([]) == "the graph has no filter")
    #expect(
      reason([node("split", [], ["a", "b"]), node("hflip", ["a"])])
        == "the label [b] is made but never used")
    #expect(reason([node("hflip", ["a"])]) == "the label [a] is used but never made")
    #expect(
      reason([node("split", [], ["a", "a"]), node("blend", ["a", "a"])])
        == "the label [a] is made twice")
    #expect(
      reason([node("split", [], ["a", "b"]), node("blend", ["a", "a"])])
        == "the label [a] is used twice")
    #expect(
      reason([node("hflip"), node("hflip", ["a"], ["a"]), node("hflip")]).hasPrefix(
        "the filter 'hflip' (number 3) has no input"))
    #expect(
      reason([node("hflip"), node("blend", ["in", "b"]), node("hflip", ["c"], ["b"])]).hasPrefix(
        "the output of the filter") == false)
    #expect(
      reason([node("blend", ["in", "b"], ["c", "out"]), node("hflip", ["c"], ["b"])])
        == "the graph runs in a circle")
    #expect(
      reason([
        node("split", [], ["a", "b"]), node("blend", ["a", "b"], ["x"]),
        node("hflip", ["x"], ["y"]),
      ])
        == "the graph gives no output: all outputs of the last filter have labels")
    #expect(
      reason([node("split", [], ["out", "b"]), node("hflip", ["b"])])
        == "the graph gives two outputs: [out] and that of the last filter")
    #expect(
      reason([node("split", [], ["a", "in"]), node("hflip", ["a"])])
        == "the label [in] is the graph's input, and no filter may make it")
    #expect(
      reason([node("hflip"), node("vflip", ["in"])])
        == "the output of the filter 'hflip' (number 1) goes nowhere: the next one takes labels only"
    )
    #expect(
      reason([GraphNode](repeating: node("hflip"), count: 65))
        == "more than 64 filters in one graph")
    let twice = GraphNode(filter: "hue", options: [.init("s", .int(0)), .init("s", .int(1))])
    #expect(reason([twice]) == "an option of the filter 'hue' is set twice")
    #expect(reason([node("a b")]).contains("must be the name of a filter"))
  }
}
