// Cells of tabular benchmarks, written in the language itself:
//   import { Cell201, ResidualReduction } from "std/cells"
// A cell takes its operators as values, so that one set of decisions serves all cells of a network.

import { ConvBN } from "std/blocks"

/// Activation, convolution, batch norm (NAS-Bench-201, DARTS).
block ReluConvBN(x, out, kernel = 3, stride = 1) {
  return x -> relu -> conv(out, kernel = kernel, stride = stride) -> batch_norm
}

/// NAS-Bench-201's cell (Dong and Yang, ICLR 2020): four nodes, an operator on each of the six edges, in the order 1<-0, 2<-0, 2<-1, 3<-0,
/// 3<-1, 3<-2.
block Cell201(x, edges) {
  first = x -> edges[0]
  second = (x -> edges[1]) + (first -> edges[2])
  return (x -> edges[3]) + (first -> edges[4]) + (second -> edges[5])
}

/// Activation, 1x1 convolution and batch norm of as many channels as come in.
block PointwiseEdge(x) {
  return x -> ReluConvBN(channels(x), kernel = 1)
}

/// Activation, 3x3 convolution and batch norm of as many channels as come in.
block WindowEdge(x) {
  return x -> ReluConvBN(channels(x), kernel = 3)
}

/// Halves the map between the stages of NAS-Bench-201.
block ResidualReduction(x, out) {
  short = x -> average_pool(2, stride = 2) -> conv(out, kernel = 1)
  return short + (x -> ReluConvBN(out, stride = 2) -> ReluConvBN(out))
}

/// NAS-Bench-201's network around its cell: three stages of `cells` each, twice as wide and half as high from one to the next.
block Network201(image, edges, width = 16, cells = 5, classes = 10) {
  x = image -> conv(width, kernel = 3) -> batch_norm
  for stage in 0..2 {
    if stage > 0 { x = x -> ResidualReduction(width * 2 ^ stage) }
    for cell in 1..cells { x = x -> Cell201(edges) }
  }
  return x -> batch_norm -> relu -> global_pool -> dense(classes)
}

/// The 21 edges between seven vertices, 0 -> 1 first, then 0 -> 2, 1 -> 2, and so on; vertex 6 is the output. A graph is the list of each
/// vertex's inputs, from vertex 1 to the output, and may have fewer vertices.
block Edges101(graph) {
  last = length(graph)
  edges = []
  for v in 1..6 {
    for i in 0..v - 1 { edges = edges + [(v == 6 or v < last) and i in graph[if v == 6 { last - 1 } else { min(v, last) - 1 }]] }
  }
  return edges
}

/// Where the edge from vertex i to vertex v stands among them.
block EdgeAt(i, v) { return v * (v - 1) / 2 + i }

/// Channels of the five inner vertices of a cell of NAS-Bench-101 (Ying et al., ICML 2019): vertices whose values are joined at the output
/// share its channels, the first of them get one more where that leaves a rest; others are as wide as the widest that reads them.
block Widths101(edges, out) {
  joined = 0
  for v in 1..5 { joined = joined + if edges[EdgeAt(v, 6)] { 1 } else { 0 } }
  share = if joined == 0 { out } else { floor(out / joined) }
  widths = []
  rank = joined
  for k in 1..5 {
    v = 6 - k
    reader = 1
    for u in v + 1..5 { reader = if edges[EdgeAt(v, u)] { max(reader, widths[u - v - 1]) } else { reader } }
    at_output = edges[EdgeAt(v, 6)]
    rank = if at_output { rank - 1 } else { rank }
    widths = [if at_output { if rank < out - share * joined { share + 1 } else { share } } else { reader }] + widths
  }
  return widths
}

/// NAS-Bench-101's cell: a graph of up to seven vertices with an operator (`ops[v - 1]`) in each inner one. The input comes to a vertex
/// through a pointwise projection, the values of inner vertices by their leading channels; what they add up to is the operator's input.
/// At the output they are joined, and a projection of the input is added. `widths` are those of `Widths101`.
block Cell101(x, out, edges, ops, widths) {
  values = [x]
  for v in 1..5 {
    y = x
    some = false
    for i in 0..v - 1 {
      on = edges[EdgeAt(i, v)]
      y = if on {
        if i == 0 { x -> ConvBN(widths[v - 1], kernel = 1) }
        else if some { y + (values[i] -> slice(0, widths[v - 1])) }
        else { values[i] -> slice(0, widths[v - 1]) }
      } else { y }
      some = some or on
    }
    values = values + [if some { y -> ops[v - 1] } else { x }]
  }
  y = x
  some = false
  for v in 1..5 {
    on = edges[EdgeAt(v, 6)]
    y = if on { if some { concat(y, values[v]) } else { values[v] } } else { y }
    some = some or on
  }
  return if edges[EdgeAt(0, 6)] { if some { y + (x -> ConvBN(out, kernel = 1)) } else { x -> ConvBN(out, kernel = 1) } } else { y }
}

/// NAS-Bench-101's network around its cell: three stacks of `cells` each, twice as wide and half as high from one to the next.
block Network101(image, graph, ops, width = 128, cells = 3, classes = 10) {
  edges = Edges101(graph)
  x = image -> ConvBN(width, kernel = 3)
  for stack in 0..2 {
    if stack > 0 { x = x -> max_pool(2, stride = 2) }
    out = width * 2 ^ stack
    widths = Widths101(edges, out)
    for cell in 1..cells { x = x -> Cell101(out, edges, ops, widths) }
  }
  return x -> global_pool -> dense(classes)
}

/// Convolution, batch norm, activation of as many channels as come in, 1x1 and 3x3, and a pooling that keeps the map (NAS-Bench-101).
block PointwiseVertex(x) { return x -> ConvBN(channels(x), kernel = 1) }
block WindowVertex(x) { return x -> ConvBN(channels(x), kernel = 3) }
block PoolVertex(x) { return x -> max_pool(3, stride = 1) }
