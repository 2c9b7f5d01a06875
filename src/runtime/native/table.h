// The table of one variant: each kernel behind a function that takes its arguments as numbers. Addresses become pointers by the type of
// the parameter. The including file defines NASC_VARIANT, the name of the table.
#pragma once
#include <utility>

#include "adder.h"
#include "batch-norm.h"
#include "convolution.h"
#include "depthwise-adder.h"
#include "depthwise.h"
#include "elementwise.h"
#include "filter-gradient.h"
#include "layer-norm.h"
#include "movement.h"
#include "pooling.h"
#include "product.h"
#include "reduce.h"
#include "softmax.h"
#include "variant.h"

namespace {

template <class T>
struct Argument { static T from(char*, double value) { return (T)value; } };
template <class T>
struct Argument<T*> { static T* from(char* heap, double value) { return reinterpret_cast<T*>(heap + (std::size_t)value); } };
template <>
struct Argument<bool> { static bool from(char*, double value) { return value != 0; } };

template <class... Parameters, std::size_t... Places>
INLINE void invoke(void (*kernel)(Parameters...), char* heap, const double* arguments, std::index_sequence<Places...>) {
  kernel(Argument<Parameters>::from(heap, arguments[Places])...);
}

template <class... Parameters>
constexpr int countOf(void (*)(Parameters...)) { return sizeof...(Parameters); }

template <class... Parameters>
constexpr std::index_sequence_for<Parameters...> placesOf(void (*)(Parameters...)) { return {}; }

template <auto KERNEL>
void run(char* heap, const double* arguments) { invoke(KERNEL, heap, arguments, decltype(placesOf(KERNEL)){}); }

#define KERNEL(name) {#name, run<name>, countOf(name)}
const nasc::Entry entries[] = {
  KERNEL(products), KERNEL(convolve), KERNEL(convolutionFilterGradient), KERNEL(depthwise), KERNEL(depthwiseFilterGradient),
  KERNEL(maxPool), KERNEL(maxPoolGradient), KERNEL(averagePool), KERNEL(averagePoolGradient),
  KERNEL(turnFilters), KERNEL(adderInputGradient), KERNEL(depthwiseAdder), KERNEL(depthwiseAdderInputGradient), KERNEL(subtractScaledColumns),
  KERNEL(sumMiddle), KERNEL(spreadMiddle), KERNEL(segmentSum), KERNEL(copyRuns), KERNEL(placeRuns), KERNEL(turnPlanes),
  KERNEL(batchStatistics), KERNEL(normalize), KERNEL(normalizeGradient), KERNEL(layerNorm), KERNEL(layerNormGradient),
  KERNEL(softmax), KERNEL(softmaxGradient), KERNEL(combine), KERNEL(clampValues), KERNEL(gelu), KERNEL(geluGradient), KERNEL(gateGradient), KERNEL(roundValues), KERNEL(roundToPowerOfTwo),
  KERNEL(crossEntropy), KERNEL(crossEntropyGradient), KERNEL(updateSgd), KERNEL(updateAdam),
};

}  // namespace

const nasc::Variant nasc::NASC_VARIANT = {NASC_VARIANT_NAME, entries, (int)(sizeof entries / sizeof *entries)};
