// Htmx: what htmx says about the request, as a handler's parameter.
//
//     Response list(Htmx htmx, View view) { if (htmx->wants_fragment()) … }
#pragma once

#include "hxx/htmx/request.hpp"
#include "hxx/web/request.hpp"

namespace hxx {

class Htmx {
  public:
    /// A handler that looks at it answers differently by it, so the answer's Vary says so.
    static Htmx from_request(Request& request);

    [[nodiscard]] htmx::Details const& get() const noexcept { return *details_; }
    htmx::Details const& operator*() const noexcept { return *details_; }
    htmx::Details const* operator->() const noexcept { return details_; }
    /// True for a request of htmx.
    explicit operator bool() const noexcept { return details_->is_htmx(); }

  private:
    explicit Htmx(htmx::Details const& details) noexcept : details_(&details) {}
    htmx::Details const* details_;
};

} // namespace hxx
