// How a queue runs its jobs.
#pragma once

#include <chrono>
#include <cstddef>

namespace hxx {

/// What becomes of a job that throws, or whose process dies. The n-th attempt that fails is followed by the next after
/// first_retry * 2^(n-1), longest_retry at most; of that between a half and all, by chance, so that jobs which failed
/// together do not come back together.
struct JobPolicy {
    int max_attempts = 3;
    std::chrono::milliseconds first_retry{5'000};
    std::chrono::milliseconds longest_retry{600'000};
};

struct JobOptions {
    /// Jobs that this process runs at the same time.
    std::size_t concurrency = 4;
    /// Event loops for jobs that are coroutines, a thread each; the app's are not used. Plain functions have up to
    /// `concurrency` threads beside.
    std::size_t threads = 1;
    /// When the jobs of a process that has died are taken over by another. Renewed at a third of it. The clocks of
    /// machines that share a store must differ by much less.
    std::chrono::milliseconds lease{30'000};
    /// How often the store is asked for what other processes have put there; a job of this process starts at once.
    std::chrono::milliseconds poll{1'000};
    /// For functions that JobQueue::add gives none of their own.
    JobPolicy policy = {};
    /// Finished jobs are forgotten after that; 0: never.
    std::chrono::hours retention{24 * 7};
};

} // namespace hxx
