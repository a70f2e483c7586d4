// HX-Location: has htmx load another page, or a part of one, without a full page load.
#pragma once

#include "hxx/htmx/detail.hpp"

#include <initializer_list>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::htmx {

/// Where a client may be sent.
enum class Destination : bool {
    ThisServer, // a path, or a relative reference: "/users/7", "?page=2"
    Anywhere,   // any URL but javascript:, data: and vbscript:, which would run as code of this page
};
/// The URL with everything percent-encoded that a header cannot hold. Throws std::invalid_argument for one that leads
/// elsewhere than `destination` allows, so that no user input can send people away or run a script.
[[nodiscard]] std::string checked_url(std::string_view url, Destination destination);
/// A CSS selector in pure ASCII (browsers read header bytes as Latin-1): "#größe" becomes "#gr\f6 \df e". Throws
/// std::invalid_argument for an empty one, and for control characters.
[[nodiscard]] std::string checked_selector(std::string_view selector);

/// Where to go and what to do with the answer: Location("/cart").target("#main").swap("innerHTML").
/// htmx sends a GET; unless told otherwise it swaps the answer into the body and pushes the path into the history.
class Location {
  public:
    /// Throws std::invalid_argument for anything but a path on this server: htmx loads nothing else.
    explicit Location(std::string_view path);

    Location& target(std::string_view selector);
    /// The element that the request seems to come from.
    Location& source(std::string_view selector);
    /// A style of either version (swap.hpp).
    Location& swap(std::string_view style);
    /// The part of the answer that is used.
    Location& select(std::string_view selector);
    /// Parameters to send along, in the query.
    Location& values(std::initializer_list<Detail> values);
    /// Request headers to send along.
    Location& headers(std::initializer_list<Detail> headers);
    /// Shows this path in the address bar instead of the one that is loaded.
    Location& push_url(std::string_view path);
    /// As push_url, but in the place of the current entry of the history.
    Location& replace_url(std::string_view path);
    /// Leaves address bar and history as they are.
    Location& no_history();

    /// The value of the field for htmx 2 or 4: the path alone where that says it all, else JSON in ASCII.
    [[nodiscard]] std::string header_value(int version) const;

  private:
    std::string path_, swap_;
    std::vector<Detail> options_;
};

} // namespace hxx::htmx
