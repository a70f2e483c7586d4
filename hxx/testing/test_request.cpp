#include "hxx/base/ascii.hpp"
#include "hxx/base/utf8.hpp"
#include "hxx/http/url.hpp"
#include "hxx/testing/client_impl.hpp"
#include "hxx/testing/encode.hpp"
#include "hxx/testing/page_form.hpp"
#include "hxx/testing/test_client.hpp"

#include <fmt/format.h>

#include <stdexcept>

namespace hxx {

using http::Method;
using testing_detail::Spaces;

namespace {

bool is_safe(Method method) noexcept {
    return method == Method::Get || method == Method::Head || method == Method::Options;
}
bool has_form_body(Method method) noexcept {
    return method == Method::Post || method == Method::Put || method == Method::Patch || method == Method::Query;
}

std::string id_of(std::string_view element) {
    auto const hash = element.find('#');
    return hash == element.npos ? std::string() : std::string(element.substr(hash + 1));
}
std::string tag_of(std::string_view element, std::string_view fallback) {
    auto const tag = element.substr(0, element.find('#'));
    return std::string(tag.empty() ? fallback : tag);
}

// "tag" or "tag#id", the id as encodeURI writes it.
std::string htmx_4_element(std::string_view element, std::string_view fallback) {
    auto const id = id_of(element);
    auto const tag = tag_of(element, fallback);
    return id.empty() ? tag : tag + '#' + testing_detail::encode_uri(id);
}

// A header as htmx 2 sets it: a browser writes characters up to U+00FF as single bytes; with others the value is
// percent-encoded, and a second header says so.
void add_htmx_2(http::Headers& headers, std::string const& name, std::string_view value) {
    std::string latin1;
    for (auto rest = value; !rest.empty();) {
        auto const next = utf8::decode(rest);
        if (next.code_point > 0xFF || next.code_point < 0x20) {
            FormField const field("", value);
            auto const encoded = testing_detail::encode_fields({&field, 1}, Spaces::Percent);
            headers.add(name, std::string_view(encoded).substr(1)); // without the "=" of the nameless field
            return headers.add(name + "-URI-AutoEncoded", "true");
        }
        latin1 += static_cast<char>(static_cast<unsigned char>(next.code_point));
        rest.remove_prefix(next.size);
    }
    headers.add(name, latin1);
}

void set_unless_given(http::Headers& headers, std::string_view name, std::string_view value) {
    if (!headers.contains(name)) headers.add(name, value);
}

} // namespace

TestRequest& TestRequest::header(std::string_view name, std::string_view value) {
    http::Headers checked;
    checked.add(name, value);
    std::erase_if(headers_, [name](auto const& given) { return ascii::iequals(given.first, name); });
    headers_.emplace_back(name, value);
    return *this;
}

TestRequest& TestRequest::htmx_only(std::string_view what) {
    if (!is_htmx()) throw std::logic_error(fmt::format("{0}() is for requests of htmx: client.htmx().{0}(…)", what));
    return *this;
}

TestRequest& TestRequest::target(std::string_view element) { return htmx_only("target").target_ = element, *this; }
TestRequest& TestRequest::source(std::string_view element, std::string_view name) {
    htmx_only("source").source_ = element;
    return source_name_ = name, *this;
}
TestRequest& TestRequest::current_url(std::string_view url) {
    htmx_only("current_url").current_url_ = client_->impl_->absolute(url);
    if (auto const hash = url.find('#'); hash != url.npos) current_url_ += url.substr(hash);
    return *this;
}
TestRequest& TestRequest::boosted() { return htmx_only("boosted").boosted_ = true, *this; }
TestRequest& TestRequest::history_restore() { return htmx_only("history_restore").history_restore_ = true, *this; }
TestRequest& TestRequest::prompt(std::string_view answer) { return htmx_only("prompt").prompt_ = answer, *this; }
TestRequest& TestRequest::select() { return htmx_only("select").select_ = true, *this; }

TestRequest& TestRequest::without_csrf() noexcept { return without_csrf_ = true, *this; }

void TestRequest::add_browser_headers(http::Headers& headers, Method method) const {
    set_unless_given(headers, "Accept", "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8");
    set_unless_given(headers, "Sec-Fetch-Site", is_safe(method) ? "none" : "same-origin");
    set_unless_given(headers, "Sec-Fetch-Mode", "navigate");
    set_unless_given(headers, "Sec-Fetch-Dest", "document");
    if (!is_safe(method)) set_unless_given(headers, "Origin", client_->impl_->base);
}

void TestRequest::add_htmx_2_headers(http::Headers& headers, std::string const& page) const {
    headers.add("HX-Request", "true");
    if (history_restore_) {
        headers.add("HX-History-Restore-Request", "true");
    } else {
        if (auto const id = id_of(source_); !id.empty()) add_htmx_2(headers, "HX-Trigger", id);
        if (!source_name_.empty()) add_htmx_2(headers, "HX-Trigger-Name", source_name_);
        auto const target = target_.empty() && !boosted_ ? source_ : target_;
        if (auto const id = id_of(target); !id.empty()) add_htmx_2(headers, "HX-Target", id);
        if (boosted_) headers.add("HX-Boosted", "true");
        if (prompt_) add_htmx_2(headers, "HX-Prompt", *prompt_);
    }
    headers.add("HX-Current-URL", http::to_uri(page));
    set_unless_given(headers, "Accept", "*/*");
    set_unless_given(headers, "Sec-Fetch-Mode", "cors");
}

void TestRequest::add_htmx_4_headers(http::Headers& headers, std::string const& page, bool form) const {
    if (history_restore_) {
        headers.add("HX-History-Restore-Request", "true");
        headers.add("HX-Request-Type", "full");
        set_unless_given(headers, "Accept", "*/*");
        set_unless_given(headers, "Sec-Fetch-Mode", "cors");
        return;
    }
    auto const source = htmx_4_element(source_, form ? "form" : boosted_ ? "a" : "button");
    auto const target = !target_.empty() ? htmx_4_element(target_, "div") : boosted_ ? "body" : source;
    headers.add("HX-Request", "true");
    headers.add("HX-Source", source);
    headers.add("HX-Target", target);
    headers.add("HX-Current-URL", http::to_uri(page));
    if (boosted_) headers.add("HX-Boosted", "true");
    if (prompt_) headers.add("HX-Prompt", testing_detail::encode_uri(*prompt_));
    headers.add("HX-Request-Type", select_ || tag_of(target, "") == "body" ? "full" : "partial");
    set_unless_given(headers, "Accept", "text/html");
    set_unless_given(headers, "Sec-Fetch-Mode", "same-origin");
}

void TestRequest::add_htmx_headers(http::Headers& headers, Method method, bool form) const {
    auto const page = current_url_.empty() ? client_->impl_->base + "/" : current_url_;
    http::Headers own;
    for (auto const& [name, value] : headers) own.add_unchecked(name, value);
    if (kind_ == Kind::Htmx2)
        add_htmx_2_headers(own, page);
    else
        add_htmx_4_headers(own, page, form);
    // hx-headers may replace what htmx would send.
    for (auto const& [name, value] : headers) own.remove(name), own.add_unchecked(name, value);
    set_unless_given(own, "Sec-Fetch-Site", "same-origin");
    if (!is_safe(method)) set_unless_given(own, "Origin", client_->impl_->base);
    headers = std::move(own);
}

Spaces TestRequest::spaces() const noexcept { return kind_ == Kind::Htmx2 ? Spaces::Percent : Spaces::Plus; }

// Where the fields of a form go: into the query for these methods.
bool TestRequest::form_in_query(Method method) const noexcept {
    return is_safe(method) || (method == Method::Delete && is_htmx());
}

std::string TestRequest::with_query(std::string const& url, RequestBody const& form) const {
    auto const [path, old_query] = ascii::cut(url, '?');
    std::string query; // a browser's form replaces the query that is there
    if (kind_ == Kind::Htmx2 || kind_ == Kind::Plain) query = old_query.value_or("");
    if (kind_ == Kind::Htmx4) query = testing_detail::without_fields(old_query.value_or(""), form.fields());
    auto const fields = testing_detail::encode_fields(form.fields(), spaces());
    if (!query.empty() && !fields.empty()) query += '&';
    query += fields;
    return query.empty() ? std::string(path) : fmt::format("{}?{}", path, query);
}

void TestRequest::add_body(TestMessage& message, RequestBody const& body) const {
    constexpr std::string_view form_type = "application/x-www-form-urlencoded";
    std::string type = body.content_type();
    if (body.is_multipart() && !form_in_query(message.method)) {
        auto encoded = testing_detail::encode_multipart(body);
        type = std::move(encoded.content_type);
        message.body = std::move(encoded.bytes);
    } else if (body.is_form() && !form_in_query(message.method)) {
        type = form_type;
        message.body = testing_detail::encode_fields(body.fields(), spaces());
    } else if (!body.is_form()) {
        message.body = body.text();
    }
    // htmx names the type of an empty form as well.
    bool const always =
        kind_ == Kind::Htmx2 ? !is_safe(message.method) : kind_ == Kind::Htmx4 && has_form_body(message.method);
    if (type.empty() && always) type = form_type;
    if (kind_ == Kind::Htmx4 && type == form_type) type += ";charset=UTF-8";

    if (!type.empty()) set_unless_given(message.headers, "Content-Type", type);
    if (!message.body.empty() || has_form_body(message.method))
        message.headers.set("Content-Length", std::to_string(message.body.size()));
}

TestMessage TestRequest::message(Method method, std::string_view url, RequestBody const& body) const {
    auto& client = *client_->impl_;
    TestMessage message;
    message.method = method;
    message.csrf_token = !without_csrf_;
    auto absolute = client.absolute(url);
    if (body.is_form() && form_in_query(method)) {
        if (!body.files().empty()) throw std::invalid_argument("files cannot be sent in a query");
        absolute = with_query(absolute, body);
    }

    for (auto const& [name, value] : headers_) message.headers.add(name, value);
    for (auto const& [name, value] : client.default_headers) set_unless_given(message.headers, name, value);
    add_body(message, body);
    if (kind_ == Kind::Browser) add_browser_headers(message.headers, method);
    if (is_htmx()) add_htmx_headers(message.headers, method, body.is_form());
    set_unless_given(message.headers, "Accept", "*/*");
    set_unless_given(message.headers, "User-Agent", "hxx-test-client");

    std::string const given_host(message.headers.get_or("Host", ""));
    client.aim(message, absolute);
    if (!given_host.empty()) {
        message.host = given_host;
        message.headers.set("Host", given_host);
    }
    return message;
}

TestReply TestRequest::send(Method method, std::string_view url, RequestBody const& body) const {
    return client_->impl_->exchange_and_follow(message(method, url, body));
}

void TestRequest::add_if_missing(std::string_view name, std::string_view value) {
    for (auto const& [given, ignored] : headers_)
        if (ascii::iequals(given, name)) return;
    headers_.emplace_back(name, value);
}

TestReply TestRequest::submit(TestReply const& page, std::string_view form_selector,
                              std::initializer_list<FormField> typed) const {
    auto const form = page.html().select_one(form_selector);
    if (!form) throw std::invalid_argument(fmt::format("the page has no '{}'", form_selector));
    auto const sent = is_htmx() ? testing_detail::htmx_form(*form, typed, kind_ == Kind::Htmx2 ? 2 : 4)
                                : testing_detail::browser_form(*form, typed);
    auto const url = sent.url.empty() ? page.url() : http::resolve_url(page.url(), http::to_uri(sent.url));
    if (!url) throw std::invalid_argument(fmt::format("the form leads to '{}', which is no URL", sent.url));
    auto request = *this;
    request.without_csrf();
    for (auto const& [name, value] : sent.headers) request.header(name, value);
    if (is_htmx() && current_url_.empty()) request.current_url(page.url());
    return request.send(sent.method, *url, sent.body);
}

TestReply TestRequest::get(std::string_view url, RequestBody const& query) const {
    return send(Method::Get, url, query);
}
TestReply TestRequest::head(std::string_view url) const { return send(Method::Head, url); }
TestReply TestRequest::post(std::string_view url, RequestBody const& body) const {
    return send(Method::Post, url, body);
}
TestReply TestRequest::put(std::string_view url, RequestBody const& body) const { return send(Method::Put, url, body); }
TestReply TestRequest::patch(std::string_view url, RequestBody const& body) const {
    return send(Method::Patch, url, body);
}
TestReply TestRequest::del(std::string_view url, RequestBody const& body) const {
    return send(Method::Delete, url, body);
}
TestReply TestRequest::options(std::string_view url) const { return send(Method::Options, url); }

} // namespace hxx
