// What htmx says about a request, in one shape for htmx 2 and htmx 4.
#pragma once

#include "hxx/http/headers.hpp"

#include <string>
#include <string_view>

namespace hxx::htmx {

/// An element of the page, as far as htmx names it.
struct Element {
    std::string tag; // "button"; empty from htmx 2, which does not send it
    std::string id;  // decoded; empty for an element without one
    [[nodiscard]] bool empty() const noexcept { return tag.empty() && id.empty(); }
};

class Details {
  public:
    /// `host` is the request's own host and port, for current_path(); empty stands for the Host field.
    explicit Details(http::Headers const& headers, std::string_view host = {});
    /// A request that htmx had no part in.
    Details() = default;

    /// Any request of htmx. htmx 4 sends no HX-Request when it restores history, but that is one too.
    [[nodiscard]] bool is_htmx() const noexcept { return is_htmx_; }
    /// 4 or 2 (1 looks like 2); 0 if it is no htmx request.
    [[nodiscard]] int version() const noexcept { return version_; }

    /// True if the answer is to be a whole document: a browser's own request, a boosted link or form, a restore of
    /// history, or (htmx 4) a target or hx-select that needs one. With hx-boost and a narrower hx-target, htmx 2 does
    /// not tell; look at target().
    [[nodiscard]] bool wants_full() const noexcept { return wants_full_; }
    [[nodiscard]] bool wants_fragment() const noexcept { return !wants_full_; }

    /// The element that made the request, and the one that its answer goes to.
    [[nodiscard]] Element const& source() const noexcept { return source_; }
    [[nodiscard]] Element const& target() const noexcept { return target_; }
    /// The name attribute of the source; htmx 2 only.
    [[nodiscard]] std::string const& source_name() const noexcept { return source_name_; }

    /// The page that the browser shows, with its query and fragment.
    [[nodiscard]] std::string const& current_url() const noexcept { return current_url_; }
    /// Its path and query if it is a page of this host, else empty.
    [[nodiscard]] std::string_view current_path() const noexcept { return current_path_; }

    [[nodiscard]] bool boosted() const noexcept { return boosted_; }
    /// Back or forward to a page that the browser does not have any more.
    [[nodiscard]] bool history_restore() const noexcept { return history_restore_; }
    /// The answer to hx-prompt, decoded.
    [[nodiscard]] std::string const& prompt() const noexcept { return prompt_; }
    /// A prefetch by htmx 2's preload extension. htmx 4's looks like any request.
    [[nodiscard]] bool preloaded() const noexcept { return preloaded_; }

  private:
    bool is_htmx_ = false, wants_full_ = true, boosted_ = false, history_restore_ = false, preloaded_ = false;
    int version_ = 0;
    Element source_, target_;
    std::string source_name_, current_url_, current_path_, prompt_;
};

/// The request fields that decide between page and fragment, for the Vary of an answer that may be either.
void add_vary(http::Headers& response);

} // namespace hxx::htmx
