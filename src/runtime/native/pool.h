// The threads that share a kernel's work, and memory that a thread keeps for it. Work comes in parts that the kernel cuts by the size of
// the problem alone: how many threads take them never changes a result.
#pragma once
#include <cstddef>

namespace nasc {

using Task = void (*)(const void* context, long part);

// Runs every part once, on the caller's thread and the pool's. Serial where `work` (operations) would not pay for waking anybody, inside
// another part, and while another caller has the pool.
void parallel(long parts, double work, Task task, const void* context);

// How many threads may work on one kernel, the caller's included.
void setThreads(int count);
int threads();

// Memory of the calling thread, aligned to 64 bytes; good until its next request for the same slot. A kernel's caller takes the first
// slots and its parts the others, because they may run on the same thread.
enum Slot { SHARED, PARTIAL, LOCAL, TABLE, ZEROS, SLOTS };
void* scratch(Slot slot, std::size_t bytes);

}  // namespace nasc
