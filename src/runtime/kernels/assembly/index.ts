/** What the kernel module offers; `src/runtime/kernels/kernel-pack.ts` is its typed description. */
export { adderInputGradient, subtractScaledColumns, turnFilters } from "./adder";
export { clampValues, gateGradient, gelu, geluGradient, roundToPowerOfTwo, roundValues } from "./activation";
export { batchStatistics, normalize, normalizeGradient } from "./batch-norm";
export { combine } from "./combine";
export { convolutionFilterGradient, convolutionWorkspace, convolve } from "./convolution";
export { depthwiseAdder, depthwiseAdderInputGradient } from "./depthwise-adder";
export { depthwise, depthwiseFilterGradient } from "./depthwise";
export { layerNorm, layerNormGradient } from "./layer-norm";
export { averagePool, averagePoolGradient, maxPool, maxPoolGradient } from "./pooling";
export { products, productWorkspace } from "./product";
export { segmentSum, spreadMiddle, sumMiddle } from "./reduce";
export { crossEntropy, crossEntropyGradient, softmax, softmaxGradient } from "./softmax";
export { copyRuns, placeRuns, turnPlanes } from "./transpose";
export { updateAdam, updateSgd } from "./update";
