// Layers that take less: fewer bits, weights cut to zero, thin factors in the place of a whole matrix. `precision` is `full`, or
// `quantized(weights = 4, activations = 8)`; `sparsity` is the share of weights that is zero; both are those of conv, depthwise and dense.
//   import { LowRankDense, CompressedBasic } from "std/compression"

/// A convolution of few bits and few weights, batch norm, an activation.
block CompressedConvBN(x, out, kernel = 3, stride = 1, act = relu, precision = full, sparsity = 0) {
  return x -> conv(out, kernel = kernel, stride = stride, precision = precision, sparsity = sparsity) -> batch_norm -> act
}

/// A matrix of m x n in two of m x rank and rank x n: rank (m + n) multiplications per position (truncated SVD, Denton et al. 2014).
block LowRankDense(x, out, rank, bias = true, precision = full, sparsity = 0) {
  return x -> dense(rank, bias = false, precision = precision, sparsity = sparsity) -> dense(out, bias = bias, precision = precision, sparsity = sparsity)
}

/// A convolution in two: `rank` filters, and a pointwise mix of what they find (Zhang et al. 2016, "Accelerating Very Deep Networks").
block LowRankConv(x, out, rank, kernel = 3, stride = 1, precision = full, sparsity = 0) {
  return x -> conv(rank, kernel = kernel, stride = stride, precision = precision, sparsity = sparsity) -> conv(out, kernel = 1, precision = precision, sparsity = sparsity)
}

/// A convolution in two: a window for every channel, and a pointwise mix (MobileNets).
block CompressedSeparable(x, out, kernel = 3, stride = 1, precision = full, sparsity = 0) {
  return x -> depthwise(kernel = kernel, stride = stride, precision = precision) -> batch_norm -> relu
           -> conv(out, kernel = 1, precision = precision, sparsity = sparsity)
}
