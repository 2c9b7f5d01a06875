// The T0 networks that ShiftAddNAS retrains (BossNet), with what its energy script lists: positions by depthwise layers, squeezing, two heads.
import { SPACE_ACCELERATOR } from "std/accelerators"

const SIZE = IMAGE_SIZE
/// Kinds by stage: 0 attention, 1 convolution, 2 addition, 3 shift.
const KINDS = NETWORK_KINDS
const WIDTHS = [256, 512, 1024, 2048]

block Multiply(x, out, kernel) { return x -> conv(out, kernel = kernel) }
block Shift(x, out, kernel) { return x -> shift(out, kernel = kernel) }
block Add(x, out, kernel) { return x -> add(out, kernel = kernel) }
block MultiplyPosition(x, stride) { return x -> depthwise(kernel = 3, stride = stride) }
block ShiftPosition(x, stride) { return x -> shift(channels(x), kernel = 3, stride = stride, groups = channels(x)) }
block AddPosition(x, stride) { return x -> add(channels(x), kernel = 3, stride = stride, groups = channels(x)) }

block Around(x, op, out, stride) {
  small = if stride == 1 { x } else { x -> average_pool(size = stride) }
  return if channels(x) == out { small } else { small -> op(out, 1) -> batch_norm }
}
block Squeeze(x) {
  return x * (x -> global_pool -> dense(channels(x) / 16) -> silu -> dense(channels(x)) -> sigmoid)
}
block OfKind(x, op, position, out, stride) {
  y = x -> op(out / 4, 1) -> position(stride) -> batch_norm -> silu -> op(out / 4, 3) -> batch_norm -> silu -> op(out, 1) -> batch_norm -> Squeeze
  return silu(y + Around(x, op, out, stride))
}
block HeadsOf(x, heads) {
  return x -> reshape([height(x) * width(x), heads, channels(x) / heads]) -> transpose([1, 0, 2])
}
/// Values times attention is listed transposed: a row for each channel of a head.
block Attend(x, heads) {
  all = x -> conv(3 * channels(x), kernel = 1)
  scores = matmul(all -> split(3, 0) -> HeadsOf(heads), all -> split(3, 1) -> HeadsOf(heads), transposed = true) -> softmax
  mixed = matmul(all -> split(3, 2) -> HeadsOf(heads) -> transpose([0, 2, 1]), scores, transposed = true)
  return mixed -> transpose([2, 0, 1]) -> reshape([height(x), width(x), channels(x)])
}
block AttentionBlock(x, out, stride) {
  y = x -> conv(out / 4, kernel = 1) -> MultiplyPosition(stride) -> batch_norm -> silu -> Attend(out / 256) -> batch_norm -> silu -> conv(out, kernel = 1) -> batch_norm
  return silu(y + Around(x, Multiply, out, stride))
}

space T0 {
  input image: f32[SIZE, SIZE, 3]
  x = image -> conv(64, kernel = 7, stride = 2) -> batch_norm -> silu -> max_pool(3, stride = 2)
  for stage in 0..3 {
    for k in 0..(length(KINDS[stage]) - 1) {
      stride = if stage > 0 and k == 0 { 2 } else { 1 }
      kind = KINDS[stage][k]
      x = if kind == 0 { x -> AttentionBlock(WIDTHS[stage], stride) }
        else if kind == 1 { x -> OfKind(Multiply, MultiplyPosition, WIDTHS[stage], stride) }
        else if kind == 2 { x -> OfKind(Add, AddPosition, WIDTHS[stage], stride) }
        else { x -> OfKind(Shift, ShiftPosition, WIDTHS[stage], stride) }
    }
  }
  pooled = x -> global_pool
  output classes = pooled -> dense(1000)
  output taught = pooled -> dense(1000)
}
search Main { space T0 on SPACE_ACCELERATOR  maximize accuracy }
