// What a client is shown when something went wrong.
#include "hxx/web/errors.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/jinja/loader.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/endpoint_async.hpp"
#include "hxx/web/extract.hpp"

#include <gmock/gmock.h>

#include <stdexcept>
#include <string>

namespace hxx {
namespace {

using testing::AllOf;
using testing::EndsWith;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

constexpr std::pair<std::string_view, std::string_view> browser{"Accept", "text/html,*/*;q=0.8"};
constexpr std::pair<std::string_view, std::string_view> htmx{"HX-Request", "true"};

Router routes() {
    Router router;
    router.get("/gone", []() -> Response { throw HttpError{410, "It was <here>"}; });
    router.get("/page", [](Query<int, "page"> page) { return std::to_string(*page); });
    router.get("/broken", []() -> Response { throw std::runtime_error("the secret <reason>"); });
    router.get("/broken-task", []() -> Task<Response> {
        throw std::runtime_error("the secret <reason>");
        co_return Response();
    });
    return router;
}

jinja::Options templates() {
    jinja::Options options;
    options.loader = jinja::dict_loader(
        {{"error.html", "<html>{% block error %}{{ status }} {{ title }}: {{ detail }}"
                        "{% for error in errors %}[{{ error.where }} {{ error.message }}]{% endfor %} "
                        "({{ request_id }} {{ request.path }}){% endblock %}</html>"},
         {"wrong.html", "{{ 1 / 0 }}"}});
    return options;
}

DispatcherOptions with_page(std::string page) {
    DispatcherOptions options;
    options.error_page = std::move(page);
    options.error_block = "error";
    return options;
}

TEST(Errors, HaveAPageAndAFragmentOfTheProgramsOwn) {
    Drive drive(routes(), with_page("error.html"), {}, templates());
    auto const page = drive.send({"GET", "/gone", {browser}});
    EXPECT_EQ(page.status(), 410);
    auto const shown = "410 Gone: It was &lt;here&gt; (" + header_of(page, "X-Request-ID") + " /gone)";
    EXPECT_EQ(page.text(), "<html>" + shown + "</html>");
    EXPECT_EQ(header_of(page, "Cache-Control"), "no-store");
    EXPECT_EQ(header_of(page, "Content-Type"), "text/html; charset=utf-8");
    auto const fragment = drive.send({"GET", "/gone", {htmx}});
    EXPECT_EQ(fragment.status(), 410);
    EXPECT_THAT(std::string(fragment.text()), AllOf(StartsWith("410 Gone"), Not(HasSubstr("<html>"))));
    for (auto const* name : {"Accept", "HX-Request", "HX-History-Restore-Request"}) {
        EXPECT_THAT(header_of(page, "Vary"), HasSubstr(name));
        EXPECT_THAT(header_of(fragment, "Vary"), HasSubstr(name));
    }
    EXPECT_THAT(std::string(drive.send({"GET", "/page?page=x", {browser}}).text()),
                HasSubstr("422 Unprocessable Content: The input is not valid.[query.page must be a whole number]"));
    EXPECT_THAT(std::string(drive.send({"GET", "/nowhere", {browser}}).text()), HasSubstr("404 Not Found: "));
    EXPECT_THAT(std::string(drive.send({"POST", "/gone", {browser}}).text()), HasSubstr("405 Method Not Allowed"));
    EXPECT_EQ(header_of(drive.send({"GET", "/gone"}), "Content-Type"), "application/problem+json");
}

TEST(Errors, AreShownPlainlyWhenThePageOfTheProgramFails) {
    log::KeptLog const log;
    for (auto const* page : {"wrong.html", "missing.html"}) {
        Drive drive(routes(), with_page(page), {}, templates());
        auto const response = drive.send({"GET", "/gone", {browser}});
        EXPECT_EQ(response.status(), 410);
        EXPECT_THAT(std::string(response.text()),
                    AllOf(StartsWith("<!doctype html>"), HasSubstr("It was &lt;here&gt;")));
    }
    EXPECT_EQ(log.lines_with("the error page failed").size(), 2u);
}

TEST(Errors, OfTheInputAreListedForAProgram) {
    Drive drive(routes());
    auto const response = drive.send({"GET", "/page?page=x"});
    EXPECT_EQ(response.status(), 422);
    EXPECT_THAT(
        std::string(response.text()),
        AllOf(HasSubstr(R"("status":422)"), HasSubstr(R"("errors":[{"type":"int_parsing","loc":["query","page"])")));
    EXPECT_THAT(std::string(drive.send({"GET", "/page?page=%3Cb%3E", {browser}}).text()),
                AllOf(HasSubstr("<code>query.page</code>"), Not(HasSubstr("<b>"))));
}

TEST(Errors, ThatNobodyExpectedAreLoggedAndNotShown) {
    log::KeptLog const log;
    Drive drive(routes(), with_page("error.html"), {}, templates());
    for (auto const* path : {"/broken", "/broken-task"}) {
        for (auto const& who : {browser, htmx, {"Accept", "*/*"}}) {
            auto const response = drive.send({"GET", path, {who}});
            EXPECT_EQ(response.status(), 500);
            EXPECT_THAT(std::string(response.text()),
                        AllOf(Not(HasSubstr("secret")), Not(HasSubstr("runtime_error")), Not(HasSubstr("errors_test")),
                              HasSubstr(header_of(response, "X-Request-ID"))));
            EXPECT_THAT(
                log.lines_with(header_of(response, "X-Request-ID")),
                testing::ElementsAre(AllOf(HasSubstr("ERROR unexpected exception"), HasSubstr("method=GET"),
                                           HasSubstr(std::string("route=") + path), HasSubstr("errors_test.cpp:"),
                                           HasSubstr("std::runtime_error"), HasSubstr("the secret <reason>"))));
        }
    }
}

TEST(Errors, AreShownInDevelopment) {
    log::KeptLog const log;
    auto options = with_page("error.html");
    options.development = true;
    Drive drive(routes(), options, {}, templates());
    for (auto const& who : {browser, htmx}) {
        auto const response = drive.send({"GET", "/broken", {who}});
        EXPECT_THAT(std::string(response.text()),
                    AllOf(HasSubstr("std::runtime_error: the secret &lt;reason&gt;"), HasSubstr("errors_test.cpp:")));
    }
    EXPECT_THAT(std::string(drive.send({"GET", "/broken"}).text()),
                HasSubstr(R"("exception":"std::runtime_error: the secret <reason>")"));
    EXPECT_THAT(std::string(drive.send({"GET", "/gone", {browser}}).text()), StartsWith("<html>410"));
}

TEST(Errors, GoToTheClientInTheFormItAsksFor) {
    Drive drive(routes());
    auto const type = [&](std::string_view accept) {
        return header_of(drive.send({"GET", "/gone", {{"Accept", accept}}}), "Content-Type");
    };
    EXPECT_EQ(type("text/html"), "text/html; charset=utf-8");
    EXPECT_EQ(type("application/json, text/html;q=0.5"), "text/html; charset=utf-8");
    EXPECT_EQ(type("application/json"), "application/problem+json");
    EXPECT_EQ(type("*/*"), "application/problem+json");
    EXPECT_EQ(type("text/html;q=0"), "application/problem+json");
    auto const boosted = drive.send({"GET", "/gone", {htmx, {"HX-Boosted", "true"}}});
    EXPECT_THAT(std::string(boosted.text()), StartsWith("<!doctype html>")) << "the whole page, as for a browser";
    EXPECT_THAT(std::string(boosted.text()), EndsWith("</html>\n"));
}

} // namespace
} // namespace hxx
