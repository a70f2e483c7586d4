// For the making of threads: they inherit a signal mask that leaves SIGTERM and its kind to the program's own threads.
#pragma once

#include <initializer_list>

#include <pthread.h>
#include <signal.h>

namespace hxx::detail {

/// Blocks all signals but faults and the profiler's on this thread while it lives.
class BlockedSignals {
  public:
    BlockedSignals() noexcept {
        sigset_t blocked;
        sigfillset(&blocked);
        for (int const kept : {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGTRAP, SIGABRT, SIGPROF}) sigdelset(&blocked, kept);
        pthread_sigmask(SIG_SETMASK, &blocked, &before_);
    }
    ~BlockedSignals() { pthread_sigmask(SIG_SETMASK, &before_, nullptr); }
    BlockedSignals(BlockedSignals const&) = delete;
    BlockedSignals& operator=(BlockedSignals const&) = delete;

  private:
    sigset_t before_;
};

} // namespace hxx::detail
