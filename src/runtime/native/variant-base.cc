// The kernels for any processor of the architecture: 128-bit vectors (SSE2, NEON).
#define NASC_VARIANT base
#if defined(__aarch64__)
#define NASC_VARIANT_NAME "neon"
#elif defined(__x86_64__)
#define NASC_VARIANT_NAME "sse2"
#else
#define NASC_VARIANT_NAME "generic"
#endif
#include "table.h"
