// The kernels for x86 processors with AVX2 and FMA; this file alone is compiled for them.
#if defined(__x86_64__)
#define NASC_AVX2
#define NASC_VARIANT avx2
#define NASC_VARIANT_NAME "avx2"
#include "table.h"
#endif
