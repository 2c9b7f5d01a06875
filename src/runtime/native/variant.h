// What one instruction set offers: a table of kernels that take the heap and their arguments as numbers.
#pragma once

namespace nasc {

struct Entry {
  const char* name;
  void (*run)(char* heap, const double* arguments);
  int arguments;
};

struct Variant {
  const char* name;
  const Entry* entries;
  int count;
};

extern const Variant base, avx2, avx512;

}  // namespace nasc
