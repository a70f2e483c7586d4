// What a response tells htmx: events, and where and how the answer is swapped in. Collected as values, and written for
// the version of htmx that asked once the response is complete.
#pragma once

#include "hxx/htmx/detail.hpp"
#include "hxx/htmx/location.hpp"
#include "hxx/http/message.hpp"

#include <concepts>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace hxx::htmx {

class Details;

class ResponseHeaders {
  public:
    /// Fires an event in the page, with details: trigger("userDeleted", {{"id", 7}}), on the body, where every
    /// hx-trigger="userDeleted from:body" hears it whatever the answer replaced. A detail "target" names another
    /// element by selector; {"target", ""} is the element that made the request (htmx 4: its replacement, or nobody if
    /// both are gone). An event of the same name replaces the one before. htmx 2 fires it before the swap, htmx 4
    /// after. Throws std::invalid_argument for an empty name.
    void trigger(std::string_view event, std::initializer_list<Detail> details = {});
    /// After the swap in both versions.
    void trigger_after_swap(std::string_view event, std::initializer_list<Detail> details = {});
    /// After the swap; in htmx 2 after the settling too.
    void trigger_after_settle(std::string_view event, std::initializer_list<Detail> details = {});

    /// The element that takes the answer, instead of hx-target's. Give an id: what "this" means differs between
    /// versions.
    void retarget(std::string_view selector);
    /// hx-swap for this answer, in the words of either version (swap.hpp). Throws std::invalid_argument for an unknown
    /// style.
    void reswap(std::string_view swap);
    /// The part of the answer that is used.
    void reselect(std::string_view selector);

    /// What the address bar shows, as a new entry of the history: a path on this server; true: this request's own;
    /// false: nothing new, whatever hx-push-url says. Throws std::invalid_argument for a URL that leads elsewhere.
    void push_url(std::string_view path);
    template <std::same_as<bool> B>
    void push_url(B push) {
        set_push_url(push);
    }
    /// The same in the place of the current entry. push_url wins where both are set.
    void replace_url(std::string_view path);
    template <std::same_as<bool> B>
    void replace_url(B replace) {
        set_replace_url(replace);
    }

    /// Has htmx load another page instead of using this answer.
    void location(Location location);
    void location(std::string_view path) { location(Location(path)); }
    /// Has the browser load another page.
    void redirect(std::string_view url, Destination destination = Destination::ThisServer);
    /// Has the browser load this page again.
    void refresh() noexcept { refresh_ = true; }
    /// Ends the polling of the element that asked: 200 becomes 286, for htmx 2 only. In htmx 4 the answer must replace
    /// the element by one without its hx-trigger="every …", which works in both.
    void stop_polling() noexcept { stop_polling_ = true; }

    [[nodiscard]] bool empty() const noexcept;
    /// Adds what `earlier` has and this has not; what a dependency set is kept, and the handler has the last word.
    void merge(ResponseHeaders const& earlier);

    /// Writes the fields as the client's version wants them, in ASCII, with all events in one HX-Trigger (what the
    /// response has in that field already is kept). An error in answer to anything but GET keeps its URL out of the
    /// history. Throws std::logic_error for a redirect (301, 302, 303, 307, 308): the browser follows it by itself, and
    /// htmx never sees its fields.
    void write(http::Response& response, http::Request const& request, Details const& details) const;

  private:
    enum class When : unsigned char { Received, Swapped, Settled };
    struct Event {
        std::string name, detail; // detail is a JSON object
        bool targeted = false;
        When when = When::Received;
    };
    struct Url {
        std::string path;
        std::optional<bool> own; // true or false instead of a path
    };

    void add_event(std::string_view name, std::initializer_list<Detail> details, When when);
    void add_event(Event event);
    void set_push_url(bool push) { push_url_ = Url{{}, push}; }
    void set_replace_url(bool replace) { replace_url_ = Url{{}, replace}; }
    static std::string text_of(Url const& url, http::Request const& request, Details const& details);
    void write_events(http::Headers& headers, int version) const;
    void write_history(http::Response& response, http::Request const& request, Details const& details) const;

    std::vector<Event> events_;
    std::string retarget_, reswap_, reselect_, redirect_;
    std::optional<Url> push_url_, replace_url_;
    std::optional<Location> location_;
    bool refresh_ = false, stop_polling_ = false;
};

} // namespace hxx::htmx
