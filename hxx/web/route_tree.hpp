// Finds the route of a path: a tree with one level a segment, static text before parameters, narrow converters before
// wide.
#pragma once

#include "hxx/http/message.hpp"
#include "hxx/web/path_parameters.hpp"
#include "hxx/web/pattern.hpp"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace hxx {

struct Route;

/// Methods as a set of bits, one for each http::Method.
class MethodSet {
  public:
    void add(http::Method method) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | bit(method)); }
    [[nodiscard]] bool has(http::Method method) const noexcept { return (bits_ & bit(method)) != 0; }
    [[nodiscard]] bool empty() const noexcept { return bits_ == 0; }
    void add(MethodSet other) noexcept { bits_ = static_cast<std::uint16_t>(bits_ | other.bits_); }
    /// "GET, HEAD, POST", as the Allow field wants it (RFC 9110 10.2.1).
    [[nodiscard]] std::string allow() const;

  private:
    static std::uint16_t bit(http::Method method) noexcept {
        return static_cast<std::uint16_t>(1u << static_cast<unsigned>(method));
    }
    std::uint16_t bits_ = 0;
};

/// Built once, then read by all workers at once.
class RouteTree {
  public:
    RouteTree();
    ~RouteTree();
    RouteTree(RouteTree&&) noexcept;
    RouteTree& operator=(RouteTree&&) noexcept;

    /// Adds a route under its pattern and method. Returns the route that stands there already, or null if it was added.
    Route const* insert(Route const& route);

    struct Found {
        Route const* route = nullptr; // null: no route for this path and method
        MethodSet allowed;            // the methods that the path has routes for, when route is null
    };
    /// path as it was sent, starting with '/'. HEAD finds GET's route when it has none of its own.
    [[nodiscard]] Found find(std::string_view path, http::Method method, PathParameters& parameters) const;

    /// True if a converter takes that text (not percent-encoded).
    [[nodiscard]] static bool converts(Converter converter, std::string_view value) noexcept;

  private:
    struct Node;
    struct Search;
    std::unique_ptr<Node> root_;
};

} // namespace hxx
