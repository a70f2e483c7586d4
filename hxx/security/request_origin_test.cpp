#include "hxx/security/request_origin.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/response.hpp"

#include <array>
#include <gtest/gtest.h>

namespace hxx {
namespace {

std::array<std::string, 1> const trusted{"https://admin.example.org"};

Router answers_with_the_origin() {
    Router router;
    router.post("/", [](Request& request) {
        switch (request_origin(request, trusted)) {
        case RequestOrigin::Same: return std::string("same");
        case RequestOrigin::Other: return std::string("other");
        case RequestOrigin::Unknown: break;
        }
        return std::string("unknown");
    });
    return router;
}

struct Case {
    char const *site, *origin; // null: the field is missing
    bool tls;
    char const* expected;
};

// The host is "testserver".
constexpr Case cases[] = {
    {nullptr, nullptr, false, "unknown"},
    {"same-origin", nullptr, false, "same"},
    {"same-origin", "http://testserver", false, "same"},
    {"same-origin", "https://testserver", true, "same"},
    {"none", nullptr, false, "same"},
    {"same-site", "http://sub.testserver", false, "other"}, // a sibling domain is somebody else
    {"cross-site", "http://testserver", false, "other"},    // what the browser says is the last word
    {"cross-site", "null", false, "other"},
    {"cross-site", nullptr, false, "other"},
    {"", nullptr, false, "other"},
    {"Same-Origin", nullptr, false, "other"}, // a browser would not write it so
    {"same-origin, same-origin", nullptr, false, "other"},
    {"cross-site", "https://admin.example.org", false, "same"},
    {"cross-site", "https://ADMIN.example.org", false, "same"},
    {"cross-site", "https://admin.example.org.evil.example", false, "other"},
    {"cross-site", "http://admin.example.org", false, "other"},
    {nullptr, "http://testserver", false, "same"},
    {nullptr, "http://TESTSERVER", false, "same"},
    {nullptr, "http://testserver:80", false, "same"},
    {nullptr, "https://testserver", false, "same"}, // a proxy may speak TLS
    {nullptr, "https://testserver:443", false, "same"},
    {nullptr, "http://testserver", true, "other"}, // but nobody takes it away
    {nullptr, "http://testserver:8080", false, "other"},
    {nullptr, "http://testserver.evil.example", false, "other"},
    {nullptr, "http://evil.example", false, "other"},
    {nullptr, "http://evil.example/testserver", false, "other"},
    {nullptr, "http://testserver@evil.example", false, "other"},
    {nullptr, "http://testserver#", false, "other"},
    {nullptr, "null", false, "other"},
    {nullptr, "", false, "other"},
    {nullptr, "testserver", false, "other"},
    {nullptr, "file://", false, "other"},
    {nullptr, "http://", false, "other"},
    {nullptr, "http://testserver http://evil.example", false, "other"},
};

TEST(RequestOrigin, IsWhatTheBrowserSays) {
    log::KeptLog log;
    Drive drive(answers_with_the_origin());
    for (auto const& [site, origin, tls, expected] : cases) {
        drive.secure = tls;
        auto const shown = std::string(site ? site : "(none)") + " " + (origin ? origin : "(none)");
        http::Response reply;
        if (site && origin)
            reply = drive.send({"POST", "/", {{"Sec-Fetch-Site", site}, {"Origin", origin}}});
        else if (site)
            reply = drive.send({"POST", "/", {{"Sec-Fetch-Site", site}}});
        else if (origin)
            reply = drive.send({"POST", "/", {{"Origin", origin}}});
        else
            reply = drive.send({"POST", "/"});
        EXPECT_EQ(reply.text(), expected) << shown << (tls ? " by TLS" : "");
    }
}

TEST(RequestOrigin, AFieldThatIsThereTwiceIsNoAnswer) {
    log::KeptLog log;
    Drive drive(answers_with_the_origin());
    EXPECT_EQ(drive.send({"POST", "/", {{"Sec-Fetch-Site", "same-origin"}, {"Sec-Fetch-Site", "same-origin"}}}).text(),
              "other");
    EXPECT_EQ(drive.send({"POST", "/", {{"Origin", "http://testserver"}, {"Origin", "http://testserver"}}}).text(),
              "other");
}

TEST(RequestOrigin, OriginsOfOptionsAreChecked) {
    EXPECT_EQ(checked_origin("HTTPS://Admin.Example.org:443"), "https://admin.example.org");
    EXPECT_EQ(checked_origin("http://localhost:3000"), "http://localhost:3000");
    for (auto const* wrong : {"admin.example.org", "https://admin.example.org/", "*", "null", "ftp://a", "https://"})
        EXPECT_THROW(static_cast<void>(checked_origin(wrong)), std::invalid_argument) << wrong;
}

} // namespace
} // namespace hxx
