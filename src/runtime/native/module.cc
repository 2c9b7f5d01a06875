// The addon: tells its variants and kernels, and runs one kernel on the heap it is given. Arguments come in an array of doubles, which
// hold every address and size exactly; the heap comes with each call, because it moves when it grows.
#include <node_api.h>

#include <exception>
#include <vector>

#include "pool.h"
#include "variant.h"

// Raised together with the constant in native-pack.ts whenever a kernel's arguments change.
#define NASC_INTERFACE 4

namespace {

// The variants that this processor runs, best first.
const std::vector<const nasc::Variant*>& variants() {
  static const std::vector<const nasc::Variant*> offered = [] {
    std::vector<const nasc::Variant*> list;
#if defined(__x86_64__)
    __builtin_cpu_init();
    if (__builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl") && __builtin_cpu_supports("avx512dq") && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("fma")) list.push_back(&nasc::avx512);
    if (__builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma")) list.push_back(&nasc::avx2);
#endif
    list.push_back(&nasc::base);
    return list;
  }();
  return offered;
}

napi_value fail(napi_env env, const char* message) {
  napi_throw_error(env, nullptr, message);
  return nullptr;
}

// run(variant, kernel, heap: ArrayBuffer, arguments: Float64Array)
napi_value run(napi_env env, napi_callback_info info) {
  napi_value given[4];
  size_t count = 4, heapBytes = 0, length = 0;
  napi_get_cb_info(env, info, &count, given, nullptr, nullptr);
  int32_t variant = -1, kernel = -1;
  void *heap = nullptr, *arguments = nullptr;
  napi_typedarray_type type;
  if (count < 4 || napi_get_value_int32(env, given[0], &variant) != napi_ok || napi_get_value_int32(env, given[1], &kernel) != napi_ok ||
      napi_get_arraybuffer_info(env, given[2], &heap, &heapBytes) != napi_ok ||
      napi_get_typedarray_info(env, given[3], &type, &length, &arguments, nullptr, nullptr) != napi_ok || type != napi_float64_array) return fail(env, "run takes a variant, a kernel, a heap and arguments");
  if (variant < 0 || (size_t)variant >= variants().size()) return fail(env, "no such variant");
  const nasc::Variant& chosen = *variants()[variant];
  if (kernel < 0 || kernel >= chosen.count || length < (size_t)chosen.entries[kernel].arguments) return fail(env, "no such kernel, or too few arguments");
  try {
    chosen.entries[kernel].run(static_cast<char*>(heap), static_cast<const double*>(arguments));
  } catch (const std::exception& error) {
    return fail(env, error.what());
  }
  return nullptr;
}

napi_value setThreads(napi_env env, napi_callback_info info) {
  napi_value given[1];
  size_t count = 1;
  int32_t threads = 1;
  napi_get_cb_info(env, info, &count, given, nullptr, nullptr);
  if (count < 1 || napi_get_value_int32(env, given[0], &threads) != napi_ok) return fail(env, "setThreads takes a number");
  nasc::setThreads(threads);
  return nullptr;
}

napi_value textOf(napi_env env, const char* text) {
  napi_value value;
  napi_create_string_utf8(env, text, NAPI_AUTO_LENGTH, &value);
  return value;
}

napi_value initialize(napi_env env, napi_value exports) {
  napi_value interface, names, kernels, function;
  napi_create_int32(env, NASC_INTERFACE, &interface);
  napi_set_named_property(env, exports, "interface", interface);
  napi_create_array(env, &names);
  for (size_t i = 0; i < variants().size(); i++) napi_set_element(env, names, (uint32_t)i, textOf(env, variants()[i]->name));
  napi_set_named_property(env, exports, "variants", names);
  napi_create_array(env, &kernels);
  for (int i = 0; i < nasc::base.count; i++) napi_set_element(env, kernels, (uint32_t)i, textOf(env, nasc::base.entries[i].name));
  napi_set_named_property(env, exports, "kernels", kernels);
  napi_create_function(env, "run", NAPI_AUTO_LENGTH, run, nullptr, &function);
  napi_set_named_property(env, exports, "run", function);
  napi_create_function(env, "setThreads", NAPI_AUTO_LENGTH, setThreads, nullptr, &function);
  napi_set_named_property(env, exports, "setThreads", function);
  return exports;
}

}  // namespace

NAPI_MODULE(nasc_kernels, initialize)
