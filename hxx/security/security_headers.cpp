#include "hxx/security/security_headers.hpp"

#include "hxx/base/ascii.hpp"
#include "hxx/base/random.hpp"
#include "hxx/jinja/environment.hpp"
#include "hxx/web/request.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/view.hpp"

#include <stdexcept>

namespace hxx {

namespace {

struct Nonce {
    Id id;
};

constexpr std::string_view csp = "Content-Security-Policy", placeholder = "{nonce}";

bool is_html(std::string_view type) noexcept { return ascii::istarts_with(type, "text/html"); }
/// What a browser may run scripts of when it shows it as a page.
bool is_document(std::string_view type) noexcept {
    return is_html(type) || ascii::istarts_with(type, "image/svg") || ascii::istarts_with(type, "application/xhtml") ||
           ascii::istarts_with(type, "application/xml") || ascii::istarts_with(type, "text/xml");
}

void add(http::Headers& headers, std::string_view name, std::string_view value) {
    if (!value.empty() && !headers.contains(name)) headers.add_unchecked(name, value);
}

} // namespace

SecurityHeadersHook::SecurityHeadersHook(SecurityHeaders options) : options_(std::move(options)) {
    for (auto const* text : {&options_.content_security_policy, &options_.frame_options, &options_.referrer_policy,
                             &options_.strict_transport_security})
        if (!http::is_field_value(*text))
            throw std::invalid_argument("SecurityHeaders: '" + *text + "' cannot be the value of a header field");
    auto const& policy = options_.content_security_policy;
    auto const at = policy.find(placeholder);
    has_nonce_ = at != policy.npos;
    before_nonce_ = policy.substr(0, at);
    if (has_nonce_) after_nonce_ = policy.substr(at + placeholder.size());
    without_nonce_ = before_nonce_ + after_nonce_;
    if (after_nonce_.find(placeholder) != policy.npos)
        throw std::invalid_argument("SecurityHeaders: the policy has {nonce} twice; let the second directive inherit");
}

void SecurityHeadersHook::operator()(Request& request, Response& response) const {
    auto& headers = response.headers();
    if (options_.nosniff) add(headers, "X-Content-Type-Options", "nosniff");
    if (request.secure()) add(headers, "Strict-Transport-Security", options_.strict_transport_security);
    auto const type = headers.get_or("Content-Type", "");
    if (!is_document(type)) return;
    bool const html = is_html(type);
    add(headers, "X-Frame-Options", options_.frame_options);
    add(headers, "Referrer-Policy", options_.referrer_policy);
    if (!has_nonce_ || !html) return add(headers, csp, without_nonce_);
    if (headers.contains(csp)) return;
    std::string policy;
    policy.reserve(before_nonce_.size() + after_nonce_.size() + 40);
    policy.append(before_nonce_).append("'nonce-").append(csp_nonce(request)).append(1, '\'').append(after_nonce_);
    headers.add_unchecked(csp, policy);
}

std::string_view csp_nonce(Request& request) {
    auto* nonce = request.find<Nonce>();
    if (!nonce) nonce = &request.set(Nonce{Id::random()});
    return nonce->id.view();
}

void add_csp_globals(jinja::EnvironmentBuilder& templates) {
    templates.function("csp_nonce", [] {
        auto* request = View::rendering();
        if (!request) throw std::logic_error("csp_nonce() was called by a template that is rendered without a View");
        return std::string(csp_nonce(*request));
    });
}

} // namespace hxx
