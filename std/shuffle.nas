// Units of ShuffleNetV2 whose even channels pass by and whose odd ones are worked on (Guo et al., ECCV 2020, on Ma et al., ECCV 2018):
//   import { ShuffleUnit, XceptionUnit } from "std/shuffle"
// `mid` is the width inside a unit. Where a unit halves the map, both ways are filtered and the output has `out` channels; else `out` is
// the width of the input.

import { ConvBN, DepthwiseBN } from "std/blocks"

/// The channels at even (0) or odd (1) places, counted from 0.
block EveryOther(x, start) {
  return x -> channel_shuffle(channels(x) / 2) -> split(2, start)
}

/// The filtered way around a unit that halves the map.
block Projection(x, kernel) {
  return x -> DepthwiseBN(kernel = kernel, stride = 2, act = identity) -> ConvBN(channels(x), kernel = 1)
}

/// Pointwise, depthwise, pointwise on one half.
block ShuffleUnit(x, out, mid, kernel = 3, stride = 1) {
  return if stride == 1 {
    concat(x -> EveryOther(0), x -> EveryOther(1) -> ShuffleBranch(out - channels(x) / 2, mid, kernel, 1))
  } else {
    concat(x -> Projection(kernel), x -> ShuffleBranch(out - channels(x), mid, kernel, stride))
  }
}

block ShuffleBranch(x, out, mid, kernel, stride) {
  return x -> ConvBN(mid, kernel = 1) -> DepthwiseBN(kernel = kernel, stride = stride, act = identity) -> ConvBN(out, kernel = 1)
}

/// Three separable convolutions on one half.
block XceptionUnit(x, out, mid, stride = 1) {
  return if stride == 1 {
    concat(x -> EveryOther(0), x -> EveryOther(1) -> XceptionBranch(out - channels(x) / 2, mid, 1))
  } else {
    concat(x -> Projection(3), x -> XceptionBranch(out - channels(x), mid, stride))
  }
}

block XceptionBranch(x, out, mid, stride) {
  return x -> DepthwiseBN(stride = stride, act = identity) -> ConvBN(mid, kernel = 1) -> DepthwiseBN(act = identity) -> ConvBN(mid, kernel = 1)
        -> DepthwiseBN(act = identity) -> ConvBN(out, kernel = 1)
}
