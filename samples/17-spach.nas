// SPACH: convolution, attention or multilayer perceptron in one frame, and hybrids of them (Zhao et al., "A Battle of Network Structures:
// An Empirical Study of CNN, Transformer, and MLP", 2021). The published networks are hand-made; here they are points of spaces whose
// every block has a choice of mixer. Spatial mixing comes before channel mixing, as in the code (the paper prints it the other way
// round). The classifier starts like any other layer, not at zero. Heads are 32 channels wide in the first stage, as in all published
// models, and as many in the later stages, so that they get wider.
// nasc search -D SIDE=32 -D CHANNELS=3 -D CLASSES=10 -D WIDTH=16 runs on images of 32x32 pixels.

import { MixingBlock, NormedClassifier, PatchMerging, PatchStem } from "std/mixing"

const SIDE = 224
const CHANNELS = 3
const CLASSES = 1000
const DROP = 0.1
const WIDTH = 32                                     // channels are multiples of it
const PATCH = 4                                      // the whole network downscales by eight times as much

/// Four stages; the first only convolves, because attention to 3136 positions costs too much. 19 blocks of the deeper networks choose.
space MultiStage {
  input image: f32[SIDE, SIDE, CHANNELS]

  heads = choose 1..4
  ratio = choose { 2, 3 }
  deep = choose { false, true }                      // 3, 4, 12, 3 blocks instead of 2, 2, 6, 2
  stem = choose { conv1: false, conv4: true }

  depths = if deep { [3, 4, 12, 3] } else { [2, 2, 6, 2] }
  width = heads * WIDTH
  x = image -> PatchStem(width, PATCH, deep = stem)
  for stage in 1..4 {
    if stage > 1 { x = x -> PatchMerging(width * 2 ^ (stage - 1)) }
    for i in 1..depths[stage - 1] {
      mixer = if stage == 1 { 0 } else { choose mixer { pass: 0, attn: 1, mlp: 2 } }
      x = x -> MixingBlock(mixer, heads = heads, ratio = ratio, drop = DROP)
    }
  }
  output classes = x -> NormedClassifier(CLASSES)
}

/// The published rule for hybrids, left open: convolution first, attention in the last blocks of a stage. 5 x 13 x 4 = 260 networks.
space Hybrids {
  input image: f32[SIDE, SIDE, CHANNELS]

  depths = [3, 4, 12, 3]
  x = image -> PatchStem(4 * WIDTH, PATCH)
  for stage in 1..4 {
    depth = depths[stage - 1]
    if stage > 1 { x = x -> PatchMerging(4 * WIDTH * 2 ^ (stage - 1)) }
    attending = if stage == 1 { 0 } else { choose 0..depth }
    for i in 1..depth {
      x = x -> MixingBlock(if i > depth - attending { 1 } else { 0 }, heads = 4, ratio = 3, drop = DROP)
    }
  }
  output classes = x -> NormedClassifier(CLASSES)
}

/// One kind of mixer per stage, and perhaps one mixer for all blocks of a stage: against overfitting of the perceptrons.
space SharedMixers {
  input image: f32[SIDE, SIDE, CHANNELS]

  shared = choose { false, true }
  depths = [3, 4, 12, 3]
  x = image -> PatchStem(4 * WIDTH, PATCH)
  for stage in 1..4 {
    if stage > 1 { x = x -> PatchMerging(4 * WIDTH * 2 ^ (stage - 1)) }
    mixer = if stage == 1 { 0 } else { choose mixer { attn: 1, mlp: 2 } }
    for i in 1..depths[stage - 1] {
      x = x -> MixingBlock(mixer, heads = 4, ratio = 3, shared = shared, group = stage, drop = DROP)
    }
  }
  output classes = x -> NormedClassifier(CLASSES)
}

/// Without stages: patches four times as large, and one width for all blocks.
space SingleStage {
  input image: f32[SIDE, SIDE, CHANNELS]

  heads = choose { 6, 12, 16 }
  ratio = choose { 2, 3 }
  depth = choose { 12, 24 }
  x = image -> PatchStem(heads * WIDTH, 4 * PATCH)
  for i in 1..depth {
    x = x -> MixingBlock(choose mixer { pass: 0, attn: 1, mlp: 2 }, heads = heads, ratio = ratio, drop = DROP)
  }
  output classes = x -> NormedClassifier(CLASSES)
}

accelerator Server {
  technology 45nm   clock 1GHz
  memory dram   { width 256bit }
  memory buffer { size 4MB  width 512bit }
  chunk mac { array 32 x 32  runs conv, depthwise, dense, attention  dataflow weight_stationary  precision fp16 }
}

search Main {
  space MultiStage   on Server
  seed 1
  data cifar10 { validation 5000 }
  supernet {
    epochs 10   batch 64   label_smoothing 0.1
    optimizer adam { rate 0.001  weight_decay 0.05  schedule cosine  warmup 1 }
    judge 1000
  }
  ranker lambdarank { labels supernet, macs }
  explore evolution { population 20  generations 5 }
  maximize accuracy
  minimize macs, params
}

// The published networks (registry of the code; Table 1 of the paper).
architecture Conv_XXS of SingleStage { heads = 12  ratio = 2  depth = 12  mixer[*] = pass }
architecture MLP_XXS of SingleStage { heads = 12  ratio = 2  depth = 12  mixer[*] = mlp }
architecture Trans_XXS of SingleStage { heads = 6  ratio = 2  depth = 12  mixer[*] = attn }
architecture Conv_XS of SingleStage { heads = 12  ratio = 2  depth = 24  mixer[*] = pass }
architecture MLP_XS of SingleStage { heads = 12  ratio = 2  depth = 24  mixer[*] = mlp }
architecture Trans_XS of SingleStage { heads = 12  ratio = 2  depth = 12  mixer[*] = attn }
architecture Conv_S of SingleStage { heads = 16  ratio = 3  depth = 24  mixer[*] = pass }
architecture MLP_S of SingleStage { heads = 16  ratio = 3  depth = 24  mixer[*] = mlp }
architecture Trans_S of SingleStage { heads = 16  ratio = 3  depth = 12  mixer[*] = attn }
architecture Conv_MS_XXS of MultiStage { heads = 2  ratio = 2  deep = false  stem = conv1  mixer[*] = pass }
architecture MLP_MS_XXS of MultiStage { heads = 2  ratio = 2  deep = false  stem = conv1  mixer[*] = mlp }
architecture Trans_MS_XXS of MultiStage { heads = 1  ratio = 2  deep = false  stem = conv1  mixer[*] = attn }
architecture Conv_MS_XS of MultiStage { heads = 3  ratio = 2  deep = true  stem = conv1  mixer[*] = pass }
architecture MLP_MS_XS of MultiStage { heads = 3  ratio = 2  deep = true  stem = conv1  mixer[*] = mlp }
architecture Trans_MS_XS of MultiStage { heads = 2  ratio = 2  deep = true  stem = conv1  mixer[*] = attn }
architecture Conv_MS_S of MultiStage { heads = 4  ratio = 3  deep = true  stem = conv1  mixer[*] = pass }
architecture MLP_MS_S of MultiStage { heads = 4  ratio = 3  deep = true  stem = conv1  mixer[*] = mlp }
architecture Trans_MS_S of MultiStage { heads = 3  ratio = 3  deep = true  stem = conv1  mixer[*] = attn }
architecture MLP_MS_S_Shared of SharedMixers { shared = true  mixer[*] = mlp }
architecture Hybrid_MS_XS of MultiStage { heads = 3  ratio = 2  deep = true  stem = conv1  mixer[*] = pass
  mixer[3][3] = attn   mixer[3][4] = attn   mixer[3][5] = attn   mixer[3][6] = attn   mixer[3][7] = attn   mixer[3][8] = attn   mixer[3][9] = attn   mixer[3][10] = attn   mixer[3][11] = attn   mixer[3][12] = attn   mixer[4][2] = attn   mixer[4][3] = attn
 }
architecture Hybrid_MS_S of MultiStage { heads = 4  ratio = 3  deep = true  stem = conv1  mixer[*] = pass
  mixer[2][3] = attn   mixer[2][4] = attn   mixer[3][3] = attn   mixer[3][4] = attn   mixer[3][5] = attn   mixer[3][6] = attn   mixer[3][7] = attn   mixer[3][8] = attn   mixer[3][9] = attn   mixer[3][10] = attn   mixer[3][11] = attn   mixer[3][12] = attn   mixer[4][2] = attn   mixer[4][3] = attn
 }
architecture Hybrid_MS_S_Plus of MultiStage { heads = 4  ratio = 3  deep = true  stem = conv4  mixer[*] = pass
  mixer[2][3] = attn   mixer[2][4] = attn   mixer[3][3] = attn   mixer[3][4] = attn   mixer[3][5] = attn   mixer[3][6] = attn   mixer[3][7] = attn   mixer[3][8] = attn   mixer[3][9] = attn   mixer[3][10] = attn   mixer[3][11] = attn   mixer[3][12] = attn   mixer[4][2] = attn   mixer[4][3] = attn
 }
/// The same network as Hybrid_MS_S, as a point of the small space.
architecture Hybrid_S of Hybrids { attending[2] = 2  attending[3] = 10  attending[4] = 2 }
