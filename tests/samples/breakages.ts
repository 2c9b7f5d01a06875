/** The small edits that break each sample: what is replaced (its first place), by what, and what the diagnostic must name. */

export interface Breakage { readonly from: string; readonly to: string; readonly names: string }

export interface Breakages {
  readonly misspelt: Breakage;
  /** Heads, groups or widths that do not divide. */
  readonly division: Breakage;
  /** Shapes that cannot join. */
  readonly join: Breakage;
}

const edit = (from: string, to: string, names: string): Breakage => ({ from, to, names });

export const breakages: Readonly<Record<string, Breakages>> = {
  "01-shiftaddnas": {
    misspelt: edit("x -> conv(out, kernel = kernel", "x -> cnov(out, kernel = kernel", "did you mean `conv`"),
    division: edit("Attend(planes / HEAD, planes)", "Attend(3, planes)", "`reshape`"),
    join: edit("return relu(y + Around(x, op, out, halve, place))", "return relu(y + x)", "`+`"),
  },
  "02-nasa": {
    misspelt: edit("x -> shift(out,", "x -> shfit(out,", "`shift`?"),
    division: edit("image -> ConvBN(WIDTH, stride = STEM_STRIDE)", "image -> conv(WIDTH, stride = STEM_STRIDE, groups = 2)", "groups"),
    join: edit("if stride == 1 and channels(x) == out { x + y }", "if stride == 1 { x + y }", "`+`"),
  },
  "03-efficient-transformer-nas": {
    misspelt: edit("x -> layer_norm -> Attend", "x -> layernorm -> Attend", "did you mean `layer_norm`"),
    division: edit("attention(heads = heads, dim = HEAD) }", "attention(heads = heads) }", "heads"),
    join: edit("wide -> dense(channels(x)) -> drop_path", "wide -> dense(hidden) -> drop_path", "`+`"),
  },
  "04-spos": {
    misspelt: edit("dropout(0.1)", "drop_out(0.1)", "did you mean `dropout`"),
    division: edit("const WIDTH = 64", "const WIDTH = 30", "7.5"),
    join: edit("x = x -> Unit(WIDTH * [1, 2.5, 5, 10][StageOf(k)], StrideOf(k), 1)", "x = x + Unit(x, WIDTH * [1, 2.5, 5, 10][StageOf(k)], StrideOf(k), 1)", "`+`"),
  },
  "05-edge-survey": {
    misspelt: edit("quantized(weights = 2,", "quantised(weights = 2,", "`quantized`"),
    division: edit("width / choose rank { 2, 4 }", "width / choose rank { 3, 4 }", "whole"),
    join: edit("-> batch_norm))\n    }\n  }\n  y", "-> max_pool(2, stride = 2)))\n    }\n  }\n  y", "`+`"),
  },
  "06-vitcod": {
    misspelt: edit("y = x + (x -> layer_norm(", "y = x + (x -> layernorm(", "did you mean `layer_norm`"),
    division: edit("v = x -> dense(WIDTH) -> HeadsOf(HEADS)", "v = x -> dense(WIDTH) -> HeadsOf(5)", "`reshape`"),
    join: edit("-> gelu -> dense(WIDTH))", "-> gelu -> dense(4 * WIDTH))", "`+`"),
  },
  "07-vitas": {
    misspelt: edit("-> dense(hidden) -> gelu ->", "-> dense(hidden) -> gleu ->", "did you mean `gelu`"),
    division: edit("  heads = choose { 3, 6, 12, 16 }\n  attend", "  heads = choose { 3, 6, 12, 15 }\n  attend", "heads = 15"),
    join: edit("-> gelu -> dense(channels(x))", "-> gelu -> dense(hidden)", "`+`"),
  },
  "08-efficientformer-v2": {
    misspelt: edit("-> gelu\n", "-> gleu\n", "did you mean `gelu`"),
    division: edit("const NARROW = 1 ", "const NARROW = 3 ", "3"),
    join: edit("for i in 1..depth1 { x = Residual(x, x -> UnifiedFeedForward) }", "for i in 1..depth1 { x = Residual(image, x -> UnifiedFeedForward) }", "`+`"),
  },
  "09-neural-architecture-ranker": {
    misspelt: edit("nor_conv_3x3: WindowEdge", "nor_conv_3x3: WindowEgde", "did you mean `WindowEdge`"),
    division: edit("width = WIDTH, cells", "width = WIDTH / 3, cells", "5.333"),
    join: edit("nor_conv_1x1: PointwiseEdge", "nor_conv_1x1: conv(5)", "`+`"),
  },
  "10-trionet": {
    misspelt: edit("-> global_pool -> dense(CLASSES)", "-> globalpool -> dense(CLASSES)", "did you mean `global_pool`"),
    division: edit("const HEADS = 8", "const HEADS = 7", "7"),
    join: edit("x -> Shortcut(2 * width, stride = stride)", "x -> Shortcut(3 * width, stride = stride)", "`+`"),
  },
  "11-mia-former": {
    misspelt: edit("a = x -> layer_norm ->", "a = x -> layernorm ->", "did you mean `layer_norm`"),
    division: edit("heads = choose 1..HEADS", "heads = choose { 2.5, 5 }", "2.5"),
    join: edit("-> class_token -> position_embedding", "-> class_token -> plus(image) -> position_embedding", "`+`"),
  },
  "12-depthshrinker": {
    misspelt: edit("x -> depthwise(kernel = 3)", "x -> depth_wise(kernel = 3)", "did you mean `depthwise`"),
    division: edit("const SHRINK = 1", "const SHRINK = 3", "10.666"),
    join: edit("x = x -> depthwise(kernel = 3) -> batch_norm", "x = x + depthwise(x, kernel = 3, stride = 2) -> batch_norm", "`+`"),
  },
  "13-trefe": {
    misspelt: edit("y = x -> to_tokens", "y = x -> to_token", "did you mean `to_tokens`"),
    division: edit("RelativeLayer(y, scores, 8,", "RelativeLayer(y, scores, 7,", "`reshape`"),
    join: edit("x = x -> SceneLayer(", "x = x + SceneLayer(x, ", "`+`"),
  },
  "14-s3": {
    misspelt: edit("-> gelu -> dense(channels(x))", "-> gleu -> dense(channels(x))", "did you mean `gelu`"),
    division: edit("const WINDOW = 7", "const WINDOW = 5", "`reshape`"),
    join: edit("-> gelu -> dense(channels(x))", "-> gelu -> dense(4 * channels(x))", "`+`"),
  },
  "15-acenas": {
    misspelt: edit("nor_conv_1x1: PointwiseEdge", "nor_conv_1x1: PointwiseEgde", "did you mean `PointwiseEdge`"),
    division: edit("const SHRINK = 1 ", "const SHRINK = 3 ", "10.666"),
    join: edit("x = image -> ConvBN(32 / SHRINK,", "x = image + ConvBN(image, 32 / SHRINK,", "`+`"),
  },
  "16-ghostnet": {
    misspelt: edit("x -> GhostBottleneck(", "x -> GhostBotleneck(", "did you mean `GhostBottleneck`"),
    division: edit("GroupedStage(out, depth, group)", "GroupedStage(out, depth, group + 1)", "groups"),
    join: edit("x = x -> GhostResidual(", "x = x + GhostResidual(x, ", "`+`"),
  },
  "17-spach": {
    misspelt: edit("PatchStem(width, PATCH, deep = stem)", "PatchStm(width, PATCH, deep = stem)", "did you mean `PatchStem`"),
    division: edit("x -> MixingBlock(mixer, heads = heads,", "x -> MixingBlock(mixer, heads = heads + 4,", "heads"),
    join: edit("x = x -> PatchMerging(width * 2 ^ (stage - 1))", "x = x + PatchMerging(x, width * 2 ^ (stage - 1))", "`+`"),
  },
  "18-efficientformer": {
    misspelt: edit("x -> to_tokens", "x -> to_token", "did you mean `to_tokens`"),
    division: edit("const SHRINK = 1 ", "const SHRINK = 5 ", "5"),
    join: edit("((y -> dense(CLASSES)) + (y -> dense(CLASSES)))", "((y -> dense(CLASSES)) + (y -> dense(CLASSES + 1)))", "`+`"),
  },
  "19-zendet": {
    misspelt: edit("SuperBlock(out2", "SuperBlok(out2", "did you mean `SuperBlock`"),
    division: edit("SuperBlock(1024 / SHRINK,", "SuperBlock(1024 / 3,", "341.333"),
    join: edit("x = image -> ConvBN(stem / SHRINK,", "x = image + ConvBN(image, stem / SHRINK,", "`+`"),
  },
  "20-revcol": {
    misspelt: edit("layer_norm(epsilon", "layernorm(epsilon", "did you mean `layer_norm`"),
    division: edit("conv(width, kernel = 4, stride = 4,", "conv(width, kernel = 4, stride = 4, groups = 2,", "groups"),
    join: edit("const SIDE = 224", "const SIDE = 216", "`+`"),
  },
};
