// The kernels for x86 processors with AVX-512 (F, VL, DQ, BW); this file alone is compiled for them.
#if defined(__x86_64__)
#define NASC_AVX512
#define NASC_VARIANT avx512
#define NASC_VARIANT_NAME "avx512"
#include "table.h"
#endif
