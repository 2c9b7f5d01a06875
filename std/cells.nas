// Cells of tabular benchmarks, written in the language itself:
//   import { Cell201, ResidualReduction } from "std/cells"
// A cell takes its operators as values, so that one set of decisions serves all cells of a network.

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
