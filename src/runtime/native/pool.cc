// The pool: threads spin briefly for the next job (kernels follow each other closely), then sleep. It is never torn down: its threads
// hold nothing that the end of the process would not take.
#include "pool.h"

#include <atomic>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <mutex>
#include <new>
#include <thread>

namespace nasc {
namespace {

constexpr double WORTH_WAKING = 2e5;
constexpr int SPINS = 4000;

inline void relax() {
#if defined(__x86_64__) || defined(__i386__)
  __builtin_ia32_pause();
#elif defined(__aarch64__)
  asm volatile("yield");
#endif
}

thread_local bool working = false;

class Pool {
 public:
  std::atomic<int> wanted{1};

  void run(long parts, Task task, const void* context) {
    std::unique_lock<std::mutex> turn(turns, std::try_to_lock);
    if (!turn.owns_lock()) return serial(parts, task, context);
    grow();
    bool anybodySleeps;
    {
      std::lock_guard<std::mutex> lock(guard);
      this->task = task;
      this->context = context;
      this->parts = parts;
      next.store(0, std::memory_order_relaxed);
      open = true;
      anybodySleeps = asleep > 0;
      job.fetch_add(1, std::memory_order_release);
    }
    if (anybodySleeps) wake.notify_all();
    take();
    {
      std::lock_guard<std::mutex> lock(guard);
      open = false;
    }
    // Only those that took part are waited for: on a busy machine the others may not have woken yet.
    for (int spin = 0; active.load(std::memory_order_acquire) > 0; spin++) {
      if (spin < SPINS) relax();
      else std::this_thread::yield();
    }
  }

  static void serial(long parts, Task task, const void* context) {
    for (long part = 0; part < parts; part++) task(context, part);
  }

 private:
  std::mutex turns, guard;
  std::condition_variable wake;
  std::atomic<std::uint64_t> job{0};
  std::atomic<long> next{0};
  std::atomic<int> active{0};
  // Guarded: whether the current job still takes helpers, and what it is.
  bool open = false;
  int asleep = 0;
  Task task = nullptr;
  const void* context = nullptr;
  long parts = 0;
  int started = 0;

  // A machine that gives no more threads is served by those there are.
  void grow() {
    while (started < wanted - 1) {
      try {
        std::thread([this, number = started, seen = job.load()] { help(number, seen); }).detach();
      } catch (...) {
        wanted = started + 1;
        return;
      }
      started++;
    }
  }

  void take() {
    working = true;
    for (long part; (part = next.fetch_add(1, std::memory_order_relaxed)) < parts;) task(context, part);
    working = false;
  }

  void help(int number, std::uint64_t seen) {
    for (;;) {
      for (int spin = 0; spin < SPINS && job.load(std::memory_order_acquire) == seen; spin++) relax();
      {
        std::unique_lock<std::mutex> lock(guard);
        asleep++;
        wake.wait(lock, [&] { return job.load(std::memory_order_relaxed) != seen; });
        asleep--;
        seen = job.load(std::memory_order_relaxed);
        if (!open || number >= wanted - 1) continue;
        active.fetch_add(1, std::memory_order_relaxed);
      }
      take();
      active.fetch_sub(1, std::memory_order_release);
    }
  }
};

Pool& pool() {
  static Pool* shared = new Pool();
  return *shared;
}

struct Memory {
  void* place = nullptr;
  std::size_t bytes = 0;
  ~Memory() { std::free(place); }
};
thread_local Memory memories[SLOTS];

}  // namespace

void parallel(long parts, double work, Task task, const void* context) {
  if (parts <= 1 || work < WORTH_WAKING || working || pool().wanted <= 1) return Pool::serial(parts, task, context);
  pool().run(parts, task, context);
}

void setThreads(int count) { pool().wanted = count < 1 ? 1 : count; }
int threads() { return pool().wanted; }

void* scratch(Slot slot, std::size_t bytes) {
  Memory& memory = memories[slot];
  if (memory.bytes < bytes) {
    std::free(memory.place);
    memory.bytes = 0;
    const std::size_t rounded = (bytes + bytes / 4 + 127) & ~std::size_t(63);
    memory.place = std::aligned_alloc(64, rounded);
    if (memory.place == nullptr) throw std::bad_alloc();
    memory.bytes = rounded;
  }
  return memory.place;
}

}  // namespace nasc
