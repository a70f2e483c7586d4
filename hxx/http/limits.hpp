// What a server grants one client, so that none can take more than its share.
#pragma once

#include <chrono>
#include <cstddef>

namespace hxx::http {

struct Limits {
    std::size_t request_line = 8 * 1024;  // bytes; longer: 414
    std::size_t header_bytes = 16 * 1024; // bytes of all header lines with their line ends; more: 431
    std::size_t header_fields = 100;      // more: 431
    std::size_t chunk_extension = 256;    // bytes of one chunk's extensions; more: 400
    std::size_t connections = 10'000;     // of the whole server; more wait in the kernel's queue until one ends
    std::size_t pipelined = 100;          // requests of one connection answered in one go, before others get their turn
    std::size_t least_rate =
        1000; // bytes a second that a body and a response must make on average, beyond the time below
    std::chrono::milliseconds header_time{10'000}; // from a request's first byte to the end of its head; then 408
    std::chrono::milliseconds body_time{
        30'000}; // of waiting for a body, plus what its bytes need at least_rate; then 408
    std::chrono::milliseconds write_time{
        30'000}; // of waiting for a reader, plus what its bytes need at least_rate; then cut
    std::chrono::milliseconds idle_time{75'000}; // between two requests on a connection
};

} // namespace hxx::http
