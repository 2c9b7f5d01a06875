// mixFormer (Liu et al., "Neural Architecture Search on Efficient Transformers and Beyond", 2022): every layer of a transformer has its
// own width, heads and kind of attention, linear (cosFormer) or softmax, found by two rankers, of quality and of latency. The spaces are
// those of the published code. Differences: queries, keys and values are three tensors, each sliced by itself (the code slices one of
// them all, so that a smaller network reads rows of another role); linear attention sees the whole image (the code masks it as if the
// image were read); rates of dropout and of skipped branches are those of its recipe. For translation the code has no choice of the kind
// of attention, though the paper reports one; here encoder, decoder and the attention between them choose.
// Still to come: training of translation (two inputs, and a word for each token), gradient-boosted rankers, stopping by rank stability.
// nasc search -D SIDE=32 -D PATCH=8 -D SHRINK=16 runs on images of 32x32 pixels.

const SIDE = 224
const CHANNELS = 3
const CLASSES = 10
const PATCH = 16
const SHRINK = 1                                     // divides all widths; up to 32
const HEAD = 64 / SHRINK                             // channels of a head, whatever the width of the tokens
const LAYERS = 14
const WIDEST = 448                                   // rates of dropout are for this width

/// Attention of one of three kinds, each with projections of its own.
block Attend(x, heads, kind) {
  return if kind == 1 { x -> attention(heads = heads, dim = HEAD, kind = linear(feature = cos, epsilon = 0.001)) }
    else if kind == 2 { x -> attention(heads = heads, dim = HEAD) }
    else { x -> attention(heads = heads, dim = HEAD, kind = relative(distance = 14)) }
}

/// The layer after `layer` others; `hidden` is the width inside its feed-forward part. All kinds of attention share the rest.
block Layer(x, heads, kind, hidden, layer) {
  skipped = 0.1 * layer / (LAYERS - 1)
  y = x + (x -> layer_norm -> Attend(heads, kind) -> drop_path(skipped))
  wide = y -> layer_norm -> dense(hidden) -> relu -> dropout(0.1 * channels(x) * SHRINK / WIDEST)
  return y + (wide -> dense(channels(x)) -> drop_path(skipped))
}

/// Patches as tokens behind a class token; positions are added to tokens that were scaled up.
block Tokens(image, embed) {
  return image -> patches(PATCH) -> dense(embed) -> class_token -> scale(sqrt(embed)) -> position_embedding
}

/// The class token has a place in the sequence, but the classes are told from the mean of the others.
block Classes(x) {
  return x -> layer_norm -> slice(1, axis = 0) -> global_pool -> dense(CLASSES)
}

/// CIFAR-10 at 224x224 pixels: 3 (45^12 + 45^13 + 45^14) networks.
space Images {
  input image: f32[SIDE, SIDE, CHANNELS]

  embed = choose { 320, 384, 448 }
  depth = choose { 12, 13, 14 }
  x = image -> Tokens(embed / SHRINK)
  for i in 1..depth {
    hidden = choose { 672, 896, 1344, 1568, 1792 }
    heads = choose { 5, 6, 7 }
    kind = choose { cos: 1, softmax: 2, relative: 3 }
    x = x -> Layer(heads, kind, hidden / SHRINK, i - 1)
  }
  output classes = Classes(x)
}

/// The network that the published code ships without kinds of attention; some of its widths are in no list of the space.
space Example {
  input image: f32[SIDE, SIDE, CHANNELS]

  kind = choose { cos: 1, softmax: 2, relative: 3 }
  hidden = [1152, 1344, 1152, 1344, 1536, 1536, 1536, 1536, 1536, 1536, 1536, 1344, 1536]
  heads = [6, 6, 5, 7, 5, 5, 5, 6, 6, 7, 7, 6, 7]
  x = image -> Tokens(384 / SHRINK)
  for i in 0..12 { x = x -> Layer(heads[i], kind, hidden[i] / SHRINK, i) }
  output classes = Classes(x)
}

const WORDS = 64                                     // tokens of a sentence
const VOCABULARY = 32768
const WIDTH = 1024 / SHRINK                          // of all queries, keys and values together: heads change the split alone

/// Two kinds of attention that suit a second input, too.
block Mix(x, memory, heads, kind, causal = false) {
  return if kind == 1 { attention(x, memory, heads = heads, dim = WIDTH / heads, kind = linear(feature = cos, epsilon = 0.001), causal = causal) }
    else { attention(x, memory, heads = heads, dim = WIDTH / heads, causal = causal) }
}

block FeedForward(x, hidden) {
  return layer_norm(x + (x -> dense(hidden) -> relu -> dropout(0.1) -> dense(channels(x))))
}

/// English to German: the large space. A layer of the decoder reads the last one, two or three layers of the encoder.
space Translation {
  input source: tokens[WORDS]
  input target: tokens[WORDS]

  encoder = choose { 640, 768, 1024 }
  decoder = choose { 640, 768, 1024 }
  depth = choose 1..6

  x = source -> embed(VOCABULARY, encoder / SHRINK) -> position_embedding
  memory = []
  for i in 1..6 {
    hidden = choose encoder_hidden { 2048, 3072, 4096, 5120 }
    heads = choose encoder_heads { 4, 8, 16 }
    kind = choose encoder_kind { cos: 1, softmax: 2 }
    y = layer_norm(x + Mix(x, x, heads, kind))
    x = y -> FeedForward(hidden / SHRINK)
    memory = memory + [x]
  }
  last2 = concat(memory[4], memory[5], axis = 0)
  last3 = concat(memory[3], last2, axis = 0)
  y = target -> embed(VOCABULARY, decoder / SHRINK) -> position_embedding
  for j in 1..depth {
    hidden = choose decoder_hidden { 2048, 3072, 4096, 5120 }
    heads = choose decoder_heads { 4, 8, 16 }
    kind = choose decoder_kind { cos: 1, softmax: 2 }
    cross_heads = choose { 4, 8, 16 }
    cross_kind = choose { cos: 1, softmax: 2 }
    read = choose { last: 1, two: 2, three: 3 }
    heard = if read == 1 { memory[5] } else if read == 2 { last2 } else { last3 }
    z = layer_norm(y + Mix(y, y, heads, kind, causal = true))
    w = layer_norm(z + Mix(z, heard, cross_heads, cross_kind))
    y = w -> FeedForward(hidden / SHRINK)
  }
  output next = y -> dense(VOCABULARY)
}

accelerator Server {
  technology 45nm   clock 1GHz
  memory dram   { width 256bit }
  memory buffer { size 4MB  width 512bit }
  chunk mac { array 32 x 32  runs conv, depthwise, dense, attention  dataflow weight_stationary  precision fp16 }
}

search Main {
  space Images   on Server
  seed 1
  data cifar10 { validation 5000 }
  supernet {
    epochs 10   batch 64   label_smoothing 0.1
    optimizer adam { rate 0.001  weight_decay 0.05  schedule cosine  warmup 1 }
    judge 1000
  }
  ranker lambdarank { labels supernet, latency }
  explore evolution { population 125  generations 30  parents 25 }
  maximize accuracy
  minimize latency
  subject to params <= 25M
}

architecture Largest of Images { embed = 448  depth = 14  hidden[*] = 1792  heads[*] = 7  kind[*] = softmax }
architecture Smallest of Images { embed = 320  depth = 12  hidden[*] = 672  heads[*] = 5  kind[*] = cos }
architecture Example_Cos of Example { kind = cos }
architecture Example_Softmax of Example { kind = softmax }
architecture Example_Relative of Example { kind = relative }
