// Mistakes in job functions that the compiler must find; as in routes.cpp.
#include "hxx/jobs/jobs.hpp"

using namespace hxx;

struct Order {
    std::string item;
};
struct Opaque {
    explicit Opaque(int);
};

Task<void> good(Job& job, Order order);
void two(Order order, int count);
void takes_reference(Order& order);
void none(Job& job);
void opaque(Opaque argument);

Task<void> enqueue(Jobs jobs, Order order) {
#if MISTAKE == 0 // none: the file itself is right
    co_await jobs.delay(std::chrono::seconds(1)).unique("key").enqueue<good>(order);
    co_await jobs.owned_by("ann").enqueue<none>();
#elif MISTAKE == 1
    co_await jobs.enqueue<two>(order);
#elif MISTAKE == 2
    co_await jobs.enqueue<takes_reference>(order);
#elif MISTAKE == 3
    co_await jobs.enqueue<none>(order);
#elif MISTAKE == 4
    co_await jobs.enqueue<good>();
#elif MISTAKE == 5
    co_await jobs.enqueue<good>(7);
#elif MISTAKE == 6
    co_await jobs.enqueue<opaque>(Opaque(1));
#endif
}
