#include "hxx/htmx/request.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/http/url.hpp"

#include <optional>

namespace hxx::htmx {
namespace {

// A field as it came, and whether htmx 2 says that it is percent-encoded (it is when a character is over U+00FF).
struct Raw {
    std::string_view value;
    bool present = false, encoded = false;
};

struct Fields {
    Raw request, request_type, source, trigger, trigger_name, target, current_url, boosted, prompt, restore, preloaded;
    std::string_view host;

    Raw* find(std::string_view name) noexcept {
        struct Known {
            std::string_view name;
            Raw Fields::* field;
        };
        static constexpr Known known[] = {
            {"Request", &Fields::request},
            {"Request-Type", &Fields::request_type},
            {"Source", &Fields::source},
            {"Trigger", &Fields::trigger},
            {"Trigger-Name", &Fields::trigger_name},
            {"Target", &Fields::target},
            {"Current-URL", &Fields::current_url},
            {"Boosted", &Fields::boosted},
            {"Prompt", &Fields::prompt},
            {"History-Restore-Request", &Fields::restore},
            {"Preloaded", &Fields::preloaded},
        };
        for (auto const& [known_name, field] : known)
            if (ascii::iequals(name, known_name)) return &(this->*field);
        return nullptr;
    }
};

Fields read(http::Headers const& headers) {
    constexpr std::string_view marker = "-URI-AutoEncoded";
    Fields fields;
    for (auto const& [name, value] : headers) {
        if (ascii::iequals(name, "Host")) fields.host = value;
        if (!ascii::istarts_with(name, "HX-")) continue;
        auto rest = name.substr(3);
        bool const marks =
            rest.size() > marker.size() && ascii::iequals(rest.substr(rest.size() - marker.size()), marker);
        if (marks) rest.remove_suffix(marker.size());
        auto* const field = fields.find(rest);
        if (field == nullptr) continue;
        if (marks)
            field->encoded = value == "true";
        else if (!field->present)
            *field = {value, true, field->encoded};
    }
    return fields;
}

bool is_true(Raw const& field) noexcept { return field.value == "true"; }

// Percent-decoded; as it came if that is not possible, or gives no UTF-8.
std::string decoded(std::string_view text) {
    auto result = http::decode_segment(text);
    return result && utf8::is_valid(*result) ? *std::move(result) : utf8::from_latin1(text);
}

// htmx 2 gives a header to the browser, which sends U+0080 to U+00FF as single bytes.
std::string version_2_text(Raw const& field) {
    return field.encoded ? decoded(field.value) : utf8::from_latin1(field.value);
}

// htmx 4: "tag" or "tag#id". encodeURI leaves "#" alone, so the first one ends the tag.
Element version_4_element(Raw const& field) {
    auto const [tag, id] = ascii::cut(field.value, '#');
    return {ascii::lowered(tag), decoded(id.value_or(""))};
}

std::string path_on(std::string_view host, std::string_view url) {
    auto const parts = http::split_url(url);
    if (!parts || host.empty()) return {};
    auto const own = http::parse_host(host);
    std::uint16_t const usual = parts->https() ? 443 : 80;
    if (!own || own->port.value_or(usual) != parts->port || !ascii::iequals(own->name, parts->host)) return {};
    return std::string(parts->target);
}

} // namespace

Details::Details(http::Headers const& headers, std::string_view host) {
    auto const fields = read(headers);
    history_restore_ = is_true(fields.restore);
    is_htmx_ = is_true(fields.request) || history_restore_;
    if (!is_htmx_) return;
    bool const version_4 = fields.request_type.present || fields.source.present;
    version_ = version_4 ? 4 : 2;
    boosted_ = is_true(fields.boosted);
    preloaded_ = is_true(fields.preloaded);
    if (version_4) {
        source_ = version_4_element(fields.source);
        target_ = version_4_element(fields.target);
        prompt_ = decoded(fields.prompt.value);
        wants_full_ = history_restore_ || fields.request_type.value == "full";
    } else {
        source_.id = version_2_text(fields.trigger);
        source_name_ = version_2_text(fields.trigger_name);
        target_.id = version_2_text(fields.target);
        prompt_ = version_2_text(fields.prompt);
        wants_full_ = history_restore_ || boosted_;
    }
    current_url_ =
        fields.current_url.encoded ? decoded(fields.current_url.value) : std::string(fields.current_url.value);
    current_path_ = path_on(host.empty() ? fields.host : host, current_url_);
}

void add_vary(http::Headers& response) {
    for (auto const* name : {"HX-Request", "HX-History-Restore-Request", "HX-Request-Type", "HX-Boosted"})
        response.add_to_list("Vary", name);
}

} // namespace hxx::htmx
