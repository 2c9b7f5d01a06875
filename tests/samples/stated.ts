/**
 * What publications, their code or a recomputation of it state of the systems that samples/ declares, as the dossiers give it: sizes of
 * spaces, parameters, MACs, supernets. Figures are texts, because how many digits are stated says how exactly they are to be met. The tests
 * beside this file say how each is counted; `samples-table.ts` sets ours beside them.
 */

/** `params` and `macs` of a declared architecture: `3,679,478`, `3.558 M` or `4.62 G`. */
export interface StatedNetwork { readonly params?: string; readonly macs?: string }

export interface Stated {
  /** Exact sizes of spaces that the dossier states. */
  readonly sizes?: Readonly<Record<string, bigint>>;
  readonly networks?: Readonly<Record<string, StatedNetwork>>;
  /** Trained numbers of the supernets of spaces. */
  readonly supernets?: Readonly<Record<string, string>>;
  /** Counted by the test by a convention or with constants of its own, which the table cannot show: what, and how many figures. */
  readonly byTest?: readonly (readonly [what: string, figures: number])[];
  /** Stated and not reproduced: what, how many figures, and why. */
  readonly missed?: readonly (readonly [what: string, figures: number, why: string])[];
}

const network = (params?: string, macs?: string): StatedNetwork => ({ params, macs });

/** 1 + base + ... + base^last. */
const chains = (base: bigint, last: number): bigint => Array.from({ length: last + 1 }, (_, depth) => base ** BigInt(depth)).reduce((sum, count) => sum + count);

/** By the number of the dossier. */
export const stated: Readonly<Record<string, Stated>> = {
  "01": {
    sizes: { HybridImages: 198_955_008n },
    byTest: [["supernets of three ways to share, with the weights that no path can use and the transforms' scales", 3], ["energy and latency of ten layers on two arrays, and of four whole networks that it retrains (tests/hw/predictor.test.ts)", 48]],
  },
  "02": {
    sizes: { MultiplyShiftAdd: 13n ** 6n * 19n ** 16n },
    networks: { Shipped: network("3,084,450") },
    supernets: { MultiplyShiftAdd: "15,561,818" },
    byTest: [["points by kind of layer, their sum, by thop, and scaled", 8], ["operations of NASA-F's networks 0, 11 and 12", 3], ["their energy and period by the published simulator", 6]],
    missed: [["operations of NASA-F's other networks", 10, "the dossier names the figures, not the networks"]],
  },
  "03": {
    sizes: { Images: 428_402_028_846_790_283_203_125n },
    networks: {
      Largest: network("34,238,410"), Smallest: network("10,432,074"),
      Example_Cos: network("22,410,442", "4.6418 G"), Example_Softmax: network("22,410,442", "4.7736 G"), Example_Relative: network(undefined, "4.9673 G"),
    },
  },
  "04": {
    sizes: { SinglePath: 4n ** 20n, MixedPrecision: 6n ** 8n },
    networks: {
      Searched: network("3.558 M", "322.919 M"), SearchedChannels: network("3.433 M", "327.858 M"), AllK3: network("3.155 M", "295.842 M"),
      AllK5: network("3.212 M", "313.655 M"), AllK7: network("3.298 M", "340.374 M"), AllXception: network("3.871 M", "358.826 M"),
    },
  },
  "05": {
    sizes: { Toy: 1296n, Macro: 3n ** 8n },
    networks: { Macro00000000: network("387,882", "7,713,280"), Macro22222222: network("2,932,586", "105,660,928") },
    byTest: [["NAS-Bench-Macro's columns of parameters and MACs, all 6,561 rows", 2]],
    missed: [["bit operations of the mixed nets", 2, "the dossiers give the figures, not the networks"]],
  },
  "06": {
    networks: { DeiT: network("5,717,416", "1,253,683,200") },
    byTest: [["DeiT-Small, and numbers that compress queries and keys, by -D HEADS", 5], ["cycles and lines of attention under masks, with and without compression", 18], ["dense keys of every head and kept entries of the released mask, and their sweep (tests/ops/masked-attention.test.ts)", 50]],
  },
  "07": {
    sizes: { ViTAS: 30n * chains(400n, 16), Operators: 5_726_623_061n },
    networks: {
      A: network("3,679,478", "833,487,568"), B: network("4,400,248", "958,618,176"), C: network("6,048,414", "1,265,114,864"), E: network("12,550,598", "2,653,906,672"),
      F: network("22,540,277", "4,898,506,168"), DeiT_Ti: network("5,717,416", "1,253,683,200"), DeiT_S: network("22,050,664", "4,598,882,304"),
    },
    byTest: [["work as the published code counts it, the classifier once for each patch", 7]],
  },
  "08": {
    networks: { S0: network("3,600,256", "395.9 M"), S1: network("6,185,560", "652.0 M"), S2: network("12,710,112", "1246.9 M"), L: network("26,322,288", "2552.5 M") },
    byTest: [["the same with one classifier, with norms folded, and by the published profiler", 16], ["units of the dossier", 5]],
  },
  "09": {
    sizes: { NasBench201: 15_625n },
    networks: { Example201: network("129,306"), Example101: network("8,555,530") },
    byTest: [["operations as the two benchmarks count them", 2], ["the network whose cell does nothing, and a class more", 4]],
    missed: [["423,624 cells of NAS-Bench-101", 1, "the test counts them without the language; the space lists five graphs, and a space counts cells that differ in the order of their vertices alone more than once"]],
  },
  "10": {
    networks: { Axial26: network("5,944,936") },
    byTest: [["ResNet-26 and ResNet-50 of its blocks", 2], ["work of the operators at four resolutions", 20]],
  },
  "11": {
    networks: { Whole: network(undefined, "4.598882 G") },
    byTest: [["AdaViT's table and its halves", 12], ["blocks by MIA-Former's formula, all blocks, and the controller", 5]],
  },
  "12": {
    sizes: { MobileNetV2x100: 2n ** 19n, MobileNetV2x140: 2n ** 19n, EfficientNetLite0: 2n ** 18n, MobileNetV2x140Kept: 50_388n },
    networks: { Base100: network("3,504,872", "300.774 M"), Base140: network("6,108,776", "582.196 M") },
    byTest: [["work and parameters of six released networks with removed blocks merged", 12], ["units kept and their latencies", 14]],
  },
  "13": {
    sizes: { Handwriting: 155_040n * 3n ** 20n * 65_536n, Scene: 155_040n * 4n ** 20n * 65_536n },
    byTest: [["legal paths of 5 and 15 layers", 2]],
  },
  "14": {
    networks: { T: network("28,328,674", "4.623 G"), S: network("49,737,298", "9.405 G"), B: network("71,125,762", "13.655 G"),
      AutoFormer_T_Net: network("5,867,944", "1.482 G"), AutoFormer_S_Net: network("22,891,432", "5.161 G"), AutoFormer_B_Net: network("53,691,688", "11.691 G"),
      AutoFormer_T_Stored: network("11,669,224"), AutoFormer_S_Stored: network("34,790,440"), AutoFormer_B_Stored: network("80,160,360"),
    },
    sizes: { AutoFormer_T: 3n * (chains(4n, 14) - chains(4n, 11)), AutoFormer_S: 3n * (chains(9n, 14) - chains(9n, 11)), AutoFormer_B: 3n * (chains(6n, 16) - chains(6n, 13)) },
  },
  "15": {
    sizes: { NasBench201: 15_625n },
    byTest: [["parameters and work of 63 cells of the benchmark's own table, biases of the classifier counted as work", 126]],
  },
  "16": {
    networks: {
      GhostNet050: network("2,587,292", "42,328,152"), GhostNet100: network("5,182,508", "141,150,512"), GhostNet130: network("7,358,820", "227,003,256"), GhostNetV2: network(undefined, "167 M"),
      GGhost_GF3_2: network("10,511,000", "1801.746 M"), GGhost_GF4: network("15,726,268", "2228.369 M"), GGhost_GF8: network("24,586,928", "4149.668 M"), GGhost_GF16: network("32,381,704", "8997.384 M"),
      RegNetX_GF3_2: network("15,296,552", "3176.622 M"), RegNetX_GF4: network("22,118,248", "3964.499 M"), RegNetX_GF8: network("39,572,648", "7995.132 M"), RegNetX_GF16: network("54,278,536", "15940.755 M"),
      GGhost_MF200: network("1,825,440", "130.923 M"), GGhost_MF400: network("2,884,456", "221.246 M"), GGhost_MF600: network("4,029,776", "389.788 M"), GGhost_MF800: network("5,248,328", "528.572 M"), GGhost_GF1_6: network("7,109,660", "1021.380 M"),
      GhostResNet50_2: network("13.954 M", "2.151 G"), GhostResNet50_4: network("8.152 M", "1.182 G"),
      PlainVGG16: network(undefined, "313.20 M"), GhostVGG16: network(undefined, "157.85 M"), PlainResNet56: network(undefined, "125.49 M"), GhostResNet56: network(undefined, "65.14 M"),
    },
    byTest: [["parameters of the small networks without batch norm", 2], ["gains of single ghost modules", 4]],
    missed: [["the paper's 13.0 M and 6.5 M parameters of Ghost-ResNet-50", 2, "no reading of its text gives them; the recomputed ones are met"]],
  },
  "17": {
    sizes: { Hybrids: 260n },
    networks: {
      Conv_XXS: network("7,828,840", "1453.6 M"), MLP_XXS: network("8,307,184", "1630.6 M"), Trans_XXS: network("3,931,048", "903.8 M"),
      Conv_XS: network("14,975,848", "2849.0 M"), MLP_XS: network("15,932,536", "3203.0 M"), Trans_XS: network("14,938,984", "3194.9 M"),
      Conv_S: network("38,854,120", "7498.0 M"), MLP_S: network("39,820,024", "7970.1 M"), Trans_S: network("32,507,368", "6726.1 M"),
      Conv_MS_XXS: network("5,085,224", "712.4 M"), MLP_MS_XXS: network("6,562,446", "931.1 M"), Trans_MS_XXS: network("2,372,744", "530.0 M"),
      Conv_MS_XS: network("17,302,120", "2754.6 M"), MLP_MS_XS: network("20,260,283", "3409.1 M"), Trans_MS_XS: network("14,479,080", "3081.7 M"),
      Conv_MS_S: network("43,576,168", "7141.0 M"), MLP_MS_S: network("46,542,011", "8013.7 M"), MLP_MS_S_Shared: network("44,263,855", "8013.7 M"), Trans_MS_S: network("39,537,544", "7532.0 M"),
      Hybrid_MS_XS: network("27,956,584", "4444.3 M"), Hybrid_MS_S: network("63,028,584", "11050.9 M"), Hybrid_MS_S_Plus: network("63,138,728", "12177.3 M"),
    },
  },
  "18": {
    networks: { L1: network("12,289,928"), L3: network("31,406,000"), L7: network("82,229,328") },
    byTest: [["the same with one classifier, its work, and both by the published profiler", 12], ["units of the dossier", 6]],
  },
  "19": {
    byTest: [["parameters, work at two sizes, layers, score and entropies, without the classifier that the sample adds", 40]],
  },
  "20": {
    networks: {
      RevCol_T: network("30,456,168", "4.517 G"), RevCol_S: network("60,568,424", "9.044 G"), RevCol_B: network("138,616,408", "16.585 G"), RevCol_L: network("273,095,400", "39.306 G"),
      RevCol_XL: network("833,807,400", "120.206 G"), RevCol_H: network("2,157,600,160"),
      Supervised_T: network("33,063,984"), Supervised_S: network("63,176,240"), Supervised_B: network("141,694,960"), Supervised_L: network("280,372,272"),
      Supervised_XL: network("851,958,576"), Supervised_H: network("2,199,107,704"),
    },
    byTest: [["work on larger images", 3]],
  },
};
