#include "hxx/htmx/response.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/escape.hpp"
#include "hxx/htmx/json.hpp"
#include "hxx/htmx/object.hpp"
#include "hxx/htmx/request.hpp"
#include "hxx/htmx/swap.hpp"

#include <boost/json/object.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <utility>

namespace hxx::htmx {
namespace {

// The answers that a browser follows before htmx can see them.
bool is_followed(int status) noexcept {
    return status == 301 || status == 302 || status == 303 || status == 307 || status == 308;
}

bool is_safe(http::Method method) noexcept { return method == http::Method::Get || method == http::Method::Head; }

std::string own_path(http::Request const& request) {
    std::string path(request.path());
    if (!request.query().empty()) (path += '?') += request.query();
    return path;
}

// The events of one field as one JSON object.
class EventObject {
  public:
    // Unless there is one of that name.
    void add(std::string_view name, std::string_view detail, bool targeted) {
        if (std::find(names_.begin(), names_.end(), name) != names_.end()) return;
        names_.emplace_back(name);
        auto& out = targeted ? targeted_ : untargeted_;
        if (!out.empty()) out += ',';
        append_json_string(out, name, JsonCharacters::Ascii);
        (out += ':') += detail;
    }
    // What was written into the field by hand.
    void add_field(std::string_view field, std::string_view value) {
        if (!value.starts_with('{')) {
            for (auto const name : ascii::split(value, ','))
                if (auto const trimmed = ascii::trim(name); !trimmed.empty()) add(trimmed, "{}", false);
            return;
        }
        auto const json = parse_json(value);
        if (!json) throw std::logic_error(fmt::format("the response's {} is no JSON; use trigger()", field));
        for (auto const& [name, detail] : json->get_object()) {
            bool const targeted = detail.is_object() && detail.get_object().contains("target");
            add(std::string_view(name.data(), name.size()), ascii_json(detail), targeted);
        }
    }
    [[nodiscard]] bool empty() const noexcept { return names_.empty(); }
    // In htmx 2, a detail's target counts for the events after it too, so those without one come first.
    [[nodiscard]] std::string text() const {
        return fmt::format("{{{}{}{}}}", untargeted_, untargeted_.empty() || targeted_.empty() ? "" : ",", targeted_);
    }

  private:
    std::vector<std::string> names_;
    std::string untargeted_, targeted_;
};

} // namespace

void ResponseHeaders::add_event(Event event) {
    auto const same =
        std::find_if(events_.begin(), events_.end(), [&](Event const& e) { return e.name == event.name; });
    if (same != events_.end()) events_.erase(same);
    events_.push_back(std::move(event));
}

void ResponseHeaders::add_event(std::string_view name, std::initializer_list<Detail> details, When when) {
    if (ascii::trim(name).empty()) throw std::invalid_argument("htmx: an event without a name");
    Event event{std::string(name), {}, true, when};
    std::vector<Detail> all(details);
    auto const target = std::find_if(all.begin(), all.end(), [](Detail const& d) { return d.name() == "target"; });
    if (target == all.end()) {
        all.emplace_back("target", "body");
    } else if (target->json() == "\"\"") {
        all.erase(target);
        event.targeted = false;
    }
    event.detail = json_object(all);
    add_event(std::move(event));
}

void ResponseHeaders::trigger(std::string_view event, std::initializer_list<Detail> details) {
    add_event(event, details, When::Received);
}
void ResponseHeaders::trigger_after_swap(std::string_view event, std::initializer_list<Detail> details) {
    add_event(event, details, When::Swapped);
}
void ResponseHeaders::trigger_after_settle(std::string_view event, std::initializer_list<Detail> details) {
    add_event(event, details, When::Settled);
}

void ResponseHeaders::retarget(std::string_view selector) { retarget_ = checked_selector(selector); }
void ResponseHeaders::reselect(std::string_view selector) { reselect_ = checked_selector(selector); }
void ResponseHeaders::reswap(std::string_view swap) {
    static_cast<void>(swap_for(4, swap));
    reswap_ = swap;
}

void ResponseHeaders::push_url(std::string_view path) {
    push_url_ = Url{checked_url(path, Destination::ThisServer), std::nullopt};
}
void ResponseHeaders::replace_url(std::string_view path) {
    replace_url_ = Url{checked_url(path, Destination::ThisServer), std::nullopt};
}
void ResponseHeaders::location(Location location) { location_ = std::move(location); }
void ResponseHeaders::redirect(std::string_view url, Destination destination) {
    redirect_ = checked_url(url, destination);
}

bool ResponseHeaders::empty() const noexcept {
    return events_.empty() && retarget_.empty() && reswap_.empty() && reselect_.empty() && redirect_.empty() &&
           !push_url_ && !replace_url_ && !location_ && !refresh_ && !stop_polling_;
}

void ResponseHeaders::merge(ResponseHeaders const& earlier) {
    auto own = std::exchange(events_, earlier.events_);
    for (auto& event : own) add_event(std::move(event));
    if (retarget_.empty()) retarget_ = earlier.retarget_;
    if (reswap_.empty()) reswap_ = earlier.reswap_;
    if (reselect_.empty()) reselect_ = earlier.reselect_;
    if (redirect_.empty()) redirect_ = earlier.redirect_;
    if (!push_url_) push_url_ = earlier.push_url_;
    if (!replace_url_) replace_url_ = earlier.replace_url_;
    if (!location_) location_ = earlier.location_;
    refresh_ = refresh_ || earlier.refresh_;
    stop_polling_ = stop_polling_ || earlier.stop_polling_;
}

void ResponseHeaders::write_events(http::Headers& headers, int version) const {
    // htmx 4 has no other field than HX-Trigger, and looks at it after the swap.
    constexpr std::pair<When, char const*> fields[] = {{When::Received, "HX-Trigger"},
                                                       {When::Swapped, "HX-Trigger-After-Swap"},
                                                       {When::Settled, "HX-Trigger-After-Settle"}};
    for (auto const& [when, field] : fields) {
        EventObject object;
        for (auto const& event : events_)
            if (version == 2 ? event.when == when : when == When::Received)
                object.add(event.name, event.detail, event.targeted);
        if (object.empty()) continue;
        if (auto const present = headers.get(field)) object.add_field(field, *present);
        headers.set(field, object.text());
    }
}

std::string ResponseHeaders::text_of(Url const& url, http::Request const& request, Details const& details) {
    if (!url.own) return url.path;
    if (!*url.own) return "false";
    // htmx 2 would push the path "/true".
    return details.version() == 4 ? "true" : own_path(request);
}

void ResponseHeaders::write_history(http::Response& response, http::Request const& request,
                                    Details const& details) const {
    auto& headers = response.headers();
    if (push_url_) headers.set("HX-Push-Url", text_of(*push_url_, request, details));
    if (replace_url_) headers.set("HX-Replace-Url", text_of(*replace_url_, request, details));
    // A form's hx-push-url or hx-boost would put the URL of a failed POST into the address bar, which no GET answers.
    bool const failed = response.status() >= 400 && !is_safe(request.method());
    if (failed && details.is_htmx() && !headers.contains("HX-Push-Url") && !headers.contains("HX-Replace-Url"))
        headers.set("HX-Push-Url", "false");
}

void ResponseHeaders::write(http::Response& response, http::Request const& request, Details const& details) const {
    if (is_followed(response.status())) {
        if (empty()) return;
        throw std::logic_error(
            fmt::format("a {} response has htmx headers, which no client would see: the browser follows it before htmx "
                        "looks. For htmx, "
                        "answer 200 or 204 with redirect() or location(); for a browser, leave them out",
                        response.status()));
    }
    auto& headers = response.headers();
    auto const version = details.version();
    write_events(headers, version);
    if (!retarget_.empty()) headers.set("HX-Retarget", retarget_);
    if (!reswap_.empty()) headers.set("HX-Reswap", swap_for(version, reswap_));
    if (!reselect_.empty()) headers.set("HX-Reselect", reselect_);
    if (!redirect_.empty()) headers.set("HX-Redirect", redirect_);
    if (location_) headers.set("HX-Location", location_->header_value(version));
    if (refresh_) headers.set("HX-Refresh", "true");
    write_history(response, request, details);
    if (stop_polling_ && version == 2 && response.status() == 200) response.set_status(286);
    // A cache must not give one version's fields to the other.
    if (!empty() && is_safe(request.method())) {
        headers.add_to_list("Vary", "HX-Request");
        headers.add_to_list("Vary", "HX-Request-Type");
    }
}

} // namespace hxx::htmx
