#include "hxx/security/security_headers.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/response.hpp"
#include "hxx/web/view.hpp"

#include <gmock/gmock.h>

namespace hxx {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

Drive drive_with(SecurityHeaders options) {
    Router router;
    router.get("/page", [](View view) { return view("page.html"); });
    router.get("/fragment", [](View view) { return view("page.html#part"); });
    router.get("/json", []() { return json_text("{}"); });
    router.get("/icon.svg", []() { return text("<svg/>").header("Content-Type", "image/svg+xml"); });
    router.get("/own", []() {
        return html("x").header("Content-Security-Policy", "default-src *").header("X-Frame-Options", "SAMEORIGIN");
    });
    router.get("/error", []() -> Response { throw HttpError(418); });
    DriveExtras extras;
    extras.templates.loader =
        jinja::dict_loader({{"page.html", "<script nonce=\"{{ csp_nonce() }}\"></script>{% block part %}<p nonce=\"{{ "
                                          "csp_nonce() }}\">{% endblock %}"}});
    extras.globals = &add_csp_globals;
    extras.response_hooks.push_back(SecurityHeadersHook(std::move(options)));
    return Drive(std::move(router), std::move(extras));
}

std::string nonce_in(http::Response const& reply) {
    auto const policy = header_of(reply, "Content-Security-Policy");
    auto const at = policy.find("'nonce-");
    return at == policy.npos ? "" : policy.substr(at + 7, policy.find('\'', at + 7) - at - 7);
}

TEST(SecurityHeaders, AreOnEveryPage) {
    auto drive = drive_with({});
    auto const reply = drive.send({"GET", "/page"});
    EXPECT_EQ(header_of(reply, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(reply, "X-Frame-Options"), "DENY");
    EXPECT_EQ(header_of(reply, "Referrer-Policy"), "same-origin");
    EXPECT_THAT(header_of(reply, "Content-Security-Policy"),
                AllOf(HasSubstr("frame-ancestors 'none'"), HasSubstr("script-src 'self' 'nonce-"),
                      Not(HasSubstr("{nonce}")), Not(HasSubstr("unsafe-eval"))));
}

TEST(SecurityHeaders, EveryAnswerHasANonceOfItsOwnWhichIsTheTemplates) {
    auto drive = drive_with({});
    auto const page = drive.send({"GET", "/page"}), other = drive.send({"GET", "/page"});
    EXPECT_EQ(nonce_in(page).size(), 26U);
    EXPECT_NE(nonce_in(page), nonce_in(other));
    EXPECT_THAT(std::string(page.text()), HasSubstr("nonce=\"" + nonce_in(page) + '"'));
    auto const fragment = drive.send({"GET", "/fragment"});
    EXPECT_EQ(fragment.text(), "<p nonce=\"" + nonce_in(fragment) + "\">");
}

TEST(SecurityHeaders, AreOnErrorsAndWhatIsNoHtml) {
    log::KeptLog log;
    auto drive = drive_with({});
    auto const error = drive.send({"GET", "/error", {{"Accept", "text/html"}}});
    EXPECT_EQ(error.status(), 418);
    EXPECT_EQ(nonce_in(error).size(), 26U);
    auto const missing = drive.send({"GET", "/nowhere"});
    EXPECT_EQ(header_of(missing, "X-Content-Type-Options"), "nosniff");
    auto const json = drive.send({"GET", "/json"});
    EXPECT_EQ(header_of(json, "X-Content-Type-Options"), "nosniff");
    EXPECT_EQ(header_of(json, "Content-Security-Policy"), "(none)");
    // An SVG file can be opened as a page, and has scripts.
    EXPECT_THAT(header_of(drive.send({"GET", "/icon.svg"}), "Content-Security-Policy"),
                AllOf(HasSubstr("script-src 'self' ;"), Not(HasSubstr("nonce"))));
}

TEST(SecurityHeaders, LeaveWhatTheHandlerHasSaid) {
    auto drive = drive_with({});
    auto const reply = drive.send({"GET", "/own"});
    EXPECT_EQ(reply.headers().get_all("Content-Security-Policy").size(), 1U);
    EXPECT_EQ(header_of(reply, "Content-Security-Policy"), "default-src *");
    EXPECT_EQ(header_of(reply, "X-Frame-Options"), "SAMEORIGIN");
}

TEST(SecurityHeaders, StrictTransportSecurityIsSaidByTlsAlone) {
    auto drive = drive_with({.strict_transport_security = "max-age=31536000"});
    EXPECT_EQ(header_of(drive.send({"GET", "/page"}), "Strict-Transport-Security"), "(none)");
    drive.secure = true;
    EXPECT_EQ(header_of(drive.send({"GET", "/page"}), "Strict-Transport-Security"), "max-age=31536000");
}

TEST(SecurityHeaders, AnEmptyOptionLeavesItsFieldOut) {
    auto drive =
        drive_with({.content_security_policy = "", .frame_options = "", .referrer_policy = "", .nosniff = false});
    auto const reply = drive.send({"GET", "/page"});
    for (auto const* name : {"Content-Security-Policy", "X-Frame-Options", "Referrer-Policy", "X-Content-Type-Options"})
        EXPECT_EQ(header_of(reply, name), "(none)") << name;
}

TEST(SecurityHeaders, OptionsThatCannotBeAreRefused) {
    EXPECT_THROW(SecurityHeadersHook({.frame_options = "DENY\r\nX: y"}), std::invalid_argument);
    EXPECT_THROW(SecurityHeadersHook({.content_security_policy = "script-src {nonce}; style-src {nonce}"}),
                 std::invalid_argument);
}

} // namespace
} // namespace hxx
