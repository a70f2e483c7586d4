#include "hxx/web/view.hpp"

#include "hxx/base/log_for_test.hpp"
#include "hxx/http/error.hpp"
#include "hxx/jinja/error.hpp"
#include "hxx/jinja/loader.hpp"
#include "hxx/web/drive_for_test.hpp"
#include "hxx/web/event.hpp"
#include "hxx/web/extract.hpp"
#include "hxx/web/extract_body.hpp"
#include "hxx/web/htmx.hpp"

#include <gmock/gmock.h>

#include <string>
#include <utility>
#include <vector>

namespace hxx {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;

using Fields = std::initializer_list<std::pair<std::string_view, std::string_view>>;
using Templates = std::vector<std::pair<std::string, std::string>>;

jinja::Options from(Templates templates) {
    jinja::Options options;
    options.loader = jinja::dict_loader(std::move(templates));
    return options;
}

DispatcherOptions development() {
    DispatcherOptions options;
    options.development = true;
    return options;
}

constexpr std::pair<std::string_view, std::string_view> form_type{"Content-Type", "application/x-www-form-urlencoded"};

Templates const site = {
    {"layout.html", "<html>{% block body %}{% endblock %}</html>"},
    {"users.html",
     "{% extends 'layout.html' %}{% block body %}<h1>Users</h1>"
     "{% block table %}<table>{% for user in users %}<tr>{{ user }}</tr>{% endfor %}</table>{% endblock %}"
     "{% endblock %}"},
    {"mail.txt", "Dear {{ name }} <{{ name }}>"},
    {"data.json", "{\"name\": {{ name|tojson }}}"},
    {"see.html", "{{ request.method }} {{ request.path }} {{ request.query }} {{ request.host }} {{ request.secure }} "
                 "{{ htmx.is_htmx }} {{ htmx.version }} {{ htmx.wants_fragment }} {{ htmx.boosted }} "
                 "{{ htmx.history_restore }} {{ htmx.source }} {{ htmx.target }} {{ htmx.current_path }} "
                 "{{ htmx.prompt }} id={{ request.id }}"},
};

Router users() {
    Router router;
    router.get("/users", [](View view) {
        std::vector<std::string> const names{"Ada", "<Bob>"};
        return view.page("users.html", {.block = "table"}, {{"users", names}});
    });
    router.get("/whole", [](View view) { return view.page("users.html"); });
    router.get("/block", [](View view) { return view("users.html#table"); });
    router.get("/see", [](View view) { return view("see.html"); });
    return router;
}

/// What somebody types who wants it to become markup or script, in all places where a template prints data.
TEST(View, DataStaysDataWhereverItIsPrinted) {
    Router router;
    router.get("/", [](View view) {
        std::string const typed = "</script><img src=x onerror=alert(1)>\" onclick='alert(2)' \xE2\x80\xA8";
        return view("places.html", {{"typed", typed}, {"link", "javascript:alert(3)"}});
    });
    Drive drive(std::move(router), {}, {},
                from({{"places.html", "<p>{{ typed }}</p>|<p title=\"{{ typed }}\" class='{{ typed }}'>|"
                                      "<script>let x = {{ typed|tojson }};</script>|<p{{ {'title': typed}|xmlattr }}>|"
                                      "{{ (typed ~ ' ' ~ link)|urlize }}|{{ typed|forceescape }}|"
                                      "{% set shown %}{{ typed }}{% endset %}{{ shown }}"}}));
    auto const page = drive.get("/");
    EXPECT_THAT(page, Not(HasSubstr("<img")));
    EXPECT_THAT(page, Not(HasSubstr("onclick='")));
    EXPECT_THAT(page.substr(0, page.find("<script>")), Not(HasSubstr("\" onclick")));
    EXPECT_THAT(page, Not(HasSubstr("href=\"javascript")));
    auto const script = page.substr(page.find("let x"), page.find("</script>|") - page.find("let x"));
    EXPECT_THAT(script, Not(HasSubstr("</script")));
    EXPECT_THAT(script, Not(HasSubstr("\xE2\x80\xA8"))); // a line end, to JavaScript
}

// ── Page or block ───────────────────────────────────────────────────────────────────────────────────────────────────

TEST(View, ABrowserGetsThePageAndHtmxTheBlock) {
    Drive drive(users(), {}, {}, from(site));
    std::string const table = "<table><tr>Ada</tr><tr>&lt;Bob&gt;</tr></table>";
    std::string const page = "<html><h1>Users</h1>" + table + "</html>";
    struct Case {
        Fields headers;
        bool whole;
    };
    for (auto const& [headers, whole] : {
             Case{{}, true},
             Case{{{"HX-Request", "true"}}, false},                                                         // 2
             Case{{{"HX-Request", "true"}, {"HX-Boosted", "true"}}, true},                                  // 2
             Case{{{"HX-Request", "true"}, {"HX-History-Restore-Request", "true"}}, true},                  // 2
             Case{{{"HX-Request", "true"}, {"HX-Request-Type", "partial"}}, false},                         // 4
             Case{{{"HX-Request", "true"}, {"HX-Request-Type", "full"}, {"HX-Boosted", "true"}}, true},     // 4
             Case{{{"HX-Request-Type", "full"}, {"HX-History-Restore-Request", "true"}}, true},             // 4
             Case{{{"HX-Request", "true"}, {"HX-Request-Type", "partial"}, {"HX-Boosted", "true"}}, false}, // 4
             Case{{{"HX-Request", "false"}}, true},
         }) {
        auto const response = drive.send({"GET", "/users", headers});
        EXPECT_EQ(response.status(), 200);
        EXPECT_EQ(response.text(), whole ? page : table);
        EXPECT_EQ(header_of(response, "Content-Type"), "text/html; charset=utf-8");
        EXPECT_EQ(header_of(response, "Vary"), "HX-Request, HX-History-Restore-Request, HX-Request-Type, HX-Boosted");
    }
    EXPECT_TRUE(drive.synchronous);
}

TEST(View, WithoutABlockEverybodyGetsThePage) {
    Drive drive(users(), {}, {}, from(site));
    auto const response = drive.send({"GET", "/whole", {{"HX-Request", "true"}}});
    EXPECT_THAT(std::string(response.text()), StartsWith("<html>"));
    EXPECT_EQ(header_of(response, "Vary"), "(none)");
}

TEST(View, WhoeverLooksAtHtmxVariesByItOnce) {
    Router router;
    router.get("/text", [](Htmx htmx) { return htmx ? "htmx" : "browser"; });
    router.get("/page", [](Htmx htmx, View view) {
        return view.page("users.html", {.block = "table"}).header("X-Version", std::to_string(htmx->version()));
    });
    Drive drive(std::move(router), {}, {}, from(site));
    std::string const names = "HX-Request, HX-History-Restore-Request, HX-Request-Type, HX-Boosted";
    auto const text = drive.send({"GET", "/text", {{"HX-Request", "true"}}});
    EXPECT_EQ(text.text(), "htmx");
    EXPECT_EQ(header_of(text, "Vary"), names);
    EXPECT_EQ(drive.get("/text"), "browser");
    auto const page = drive.send({"GET", "/page", {{"HX-Request", "true"}}});
    EXPECT_EQ(header_of(page, "Vary"), names);
    EXPECT_EQ(header_of(page, "X-Version"), "2");
}

TEST(View, ABlockCanBeNamedInTheTemplatesName) {
    Drive drive(users(), {}, {}, from(site));
    EXPECT_EQ(drive.get("/block"), "<table></table>");
}

TEST(View, TheNameSaysWhatItIs) {
    Router router;
    router.get("/mail", [](View view) { return view("mail.txt", {{"name", "A&B"}}); });
    router.get("/json", [](View view) { return view("data.json", {{"name", "A\"B"}}); });
    router.get("/text", [](View view) { return "[" + view.text("mail.txt", {{"name", "x"}}) + "]"; });
    Drive drive(std::move(router), {}, {}, from(site));
    auto const mail = drive.send({"GET", "/mail"});
    EXPECT_EQ(mail.text(), "Dear A&B <A&B>");
    EXPECT_EQ(header_of(mail, "Content-Type"), "text/plain; charset=utf-8");
    EXPECT_EQ(header_of(drive.send({"GET", "/json"}), "Content-Type"), "application/json");
    EXPECT_EQ(drive.get("/text"), "[Dear x <x>]");
}

// ── What templates see ──────────────────────────────────────────────────────────────────────────────────────────────

TEST(View, TemplatesSeeTheRequestAndHtmx) {
    Drive drive(users(), {}, {}, from(site));
    auto const plain = drive.send({"GET", "/see?a=%26"});
    EXPECT_THAT(std::string(plain.text()),
                StartsWith("GET /see a=%26 testserver False False 0 False False False     id="));
    EXPECT_THAT(std::string(plain.text()), HasSubstr("id=" + header_of(plain, "X-Request-ID")));
    auto const htmx = drive.send({"GET",
                                  "/see",
                                  {{"HX-Request", "true"},
                                   {"HX-Request-Type", "partial"},
                                   {"HX-Source", "button#save"},
                                   {"HX-Target", "div#%3Clist%3E"},
                                   {"HX-Current-URL", "http://testserver/users?page=2"},
                                   {"HX-Prompt", "%3Cb%3E"}}});
    EXPECT_THAT(std::string(htmx.text()), StartsWith("GET /see  testserver False True 4 True False False save "
                                                     "&lt;list&gt; /users?page=2 &lt;b&gt; id="));
}

struct Counted {
    int number = 7;
};

TEST(View, ContextProcessorsAddVariablesThatAHandlerMayReplace) {
    Router router;
    router.get("/", [](View view) { return view("a.html", {{"own", "handler"}}); });
    router.get("/other", [](View view) { return view("a.html", {{"path", "mine"}, {"own", ""}}); });
    router.get("/struct", [](View view) { return view("b.html", Counted{}); });
    std::vector<ContextProcessor> const processors{
        [](Request& request, jinja::Context& context) { context.add("path", std::string(request.path())); },
        [](Request&, jinja::Context& context) { context.add("own", "processor"); }};
    Drive drive(std::move(router), {}, {},
                from({{"a.html", "{{ path }} {{ own }}"}, {"b.html", "{{ path }} {{ number }}"}}), processors);
    EXPECT_EQ(drive.get("/"), "/ handler");
    EXPECT_EQ(drive.get("/other"), "mine ");
    EXPECT_EQ(drive.get("/struct"), "/struct 7");
}

TEST(View, UrlForKnowsTheRoutes) {
    Router router;
    router.get("/users/{user_id:int}/files/{path:path}", [] {}, {.name = "file"});
    router.get("/", [](View view) { return view("a.html"); });
    Drive drive(
        std::move(router), {}, {},
        from({{"macros.html", "{% macro link(id) %}{{ url_for('file', user_id=id, path='a b/c') }}{% endmacro %}"},
              {"a.html", "{% from 'macros.html' import link %}{{ link(7) }} "
                         "{{ url_for('file', user_id='8', path='', tab='a&b', page=2, none=none) }}"}}));
    EXPECT_EQ(drive.get("/"), "/users/7/files/a%20b/c /users/8/files/?tab=a%26b&amp;page=2");
}

TEST(View, HtmxConfigIsAMetaElement) {
    Router router;
    router.get("/", [](View view) { return view("a.html"); });
    Drive drive(std::move(router), {}, {}, from({{"a.html", "{{ htmx_config() }}"}}));
    EXPECT_THAT(drive.get("/"), AllOf(StartsWith("<meta name=\"htmx-config\""), HasSubstr("responseHandling")));
}

// ── Forms ───────────────────────────────────────────────────────────────────────────────────────────────────────────

struct SignUp {
    Annotated<std::string, MinLength{1}> name;
    Annotated<int, Gt{0}> age;
    Annotated<std::string, Secret{}, MinLength{8}> password;
};

Drive sign_up() {
    Router router;
    router.post("/sign-up", [](Checked<Form<SignUp>> form, View view) {
        if (form && form->name == "taken") form.add_error("name", "taken", "is taken");
        if (!form) return view.invalid("form.html", {.block = "form"}, form, {{"hint", "try again"}}).retarget("#form");
        return redirect("/");
    });
    router.post("/plain", [](Checked<Form<SignUp>> form, View view) { return view.invalid("form.html", form); });
    return Drive(
        std::move(router), {}, {},
        from({{"form.html", "<main>{% block form %}{% for name in ['name', 'age', 'password'] %}"
                            "{{ name }}={{ form[name].value }}:{{ form[name].error }}:{{ form[name].required }};"
                            "{% endfor %}{{ hint }}{% endblock %}</main>"}}));
}

TEST(View, AnInvalidFormGoesBackAsItWasTyped) {
    auto drive = sign_up();
    std::string const block = "name=&lt;Ada&gt;::True;age=x:must be a whole number:True;"
                              "password=:must have at least 8 characters:True;try again";
    auto const body = "name=%3CAda%3E&age=x&password=hunter2";
    auto const browser = drive.send({"POST", "/sign-up", {form_type}, body});
    EXPECT_EQ(browser.status(), 422);
    EXPECT_EQ(browser.text(), "<main>" + block + "</main>");
    EXPECT_EQ(header_of(browser, "HX-Retarget"), "(none)");
    auto const htmx = drive.send({"POST", "/sign-up", {form_type, {"HX-Request", "true"}}, body});
    EXPECT_EQ(htmx.status(), 422);
    EXPECT_EQ(htmx.text(), block);
    EXPECT_EQ(header_of(htmx, "HX-Retarget"), "#form");
    EXPECT_EQ(header_of(htmx, "HX-Push-Url"), "false");
    EXPECT_THAT(header_of(htmx, "Vary"), HasSubstr("HX-Request"));
}

TEST(View, AnInvalidFormMayHaveMistakesThatTheHandlerFound) {
    auto drive = sign_up();
    auto const taken = drive.send({"POST", "/sign-up", {form_type}, "name=taken&age=3&password=hunter2hunter2"});
    EXPECT_EQ(taken.status(), 422);
    EXPECT_THAT(std::string(taken.text()), HasSubstr("name=taken:is taken:"));
    EXPECT_EQ(drive.send({"POST", "/sign-up", {form_type}, "name=a&age=3&password=hunter2hunter2"}).status(), 303);
    auto const plain = drive.send({"POST", "/plain", {form_type, {"HX-Request", "true"}}, ""});
    EXPECT_EQ(plain.status(), 422);
    EXPECT_THAT(std::string(plain.text()), StartsWith("<main>"));
}

// ── Mistakes ────────────────────────────────────────────────────────────────────────────────────────────────────────

Router one_page(std::string_view name) {
    Router router;
    router.get("/", [name](View view) { return view.page(name, {.block = "part"}); }, {.name = "home"});
    return router;
}

/// What the log says of a template's mistake, which a client does not see.
std::string mistake(std::string const& source, Fields headers = {}, std::string_view name = "page.html") {
    log::KeptLog const log;
    Drive drive(one_page(name), {}, {}, from({{"page.html", source}}));
    auto const response = drive.send({"GET", "/", headers});
    EXPECT_EQ(response.status(), 500);
    EXPECT_THAT(std::string(response.text()), Not(HasSubstr("page.html")));
    auto const lines = log.lines_with("unexpected exception");
    return lines.empty() ? "" : lines.front();
}

TEST(View, MistakesOfATemplateAreLoggedWithTheirPlace) {
    EXPECT_THAT(mistake("", {}, "missing.html"),
                AllOf(HasSubstr("TemplateNotFound"), HasSubstr("missing.html"), HasSubstr("view_test.cpp:")));
    EXPECT_THAT(mistake("a\n{% if %}"), HasSubstr("page.html:2:"));
    EXPECT_THAT(mistake("a\n\n{{ 1 / 0 }}"), HasSubstr("page.html:3:"));
    EXPECT_THAT(mistake("{% block other %}{% endblock %}", {{"HX-Request", "true"}}),
                AllOf(HasSubstr("part"), HasSubstr("other")));
}

TEST(View, AWrongUrlForIsAMistakeOfTheTemplate) {
    EXPECT_THAT(mistake("a\n{{ url_for('nosuch') }}"),
                AllOf(HasSubstr("hxx::jinja::Error"), HasSubstr("page.html:2:"), HasSubstr("the names are: home")));
    EXPECT_THAT(mistake("{{ url_for() }}"), AllOf(HasSubstr("page.html:1:"), HasSubstr("TypeError")));
    EXPECT_THAT(mistake("{{ url_for('home', 1) }}"), HasSubstr("page.html:1:"));
    EXPECT_THAT(mistake("{{ url_for(7) }}"), HasSubstr("page.html:1:"));
}

TEST(View, DevelopmentShowsThePlaceInTheBrowser) {
    log::KeptLog const log;
    Drive drive(one_page("page.html"), development(), {}, from({{"page.html", "<p>\n{{ 1 / 0 }}"}}));
    auto const response = drive.send({"GET", "/", {{"Accept", "text/html"}}});
    EXPECT_EQ(response.status(), 500);
    EXPECT_THAT(std::string(response.text()), AllOf(HasSubstr("page.html:2:"), HasSubstr("ZeroDivisionError"),
                                                    HasSubstr("{{ 1 / 0 }}"), HasSubstr("view_test.cpp:")));
    auto const problem = drive.send({"GET", "/"});
    EXPECT_THAT(std::string(problem.text()), HasSubstr(R"("exception":"hxx::jinja::Error: page.html:2:)"));
}

TEST(View, ExceptionsOfTheProgramsOwnFunctionsStayWhatTheyAre) {
    jinja::Environment::Builder builder(from({{"page.html", "{{ gone() }}"}}));
    builder.function("gone", []() -> int { throw HttpError{410, "It was here"}; });
    Router router;
    router.get("/", [](View view) { return view("page.html"); });
    Dispatcher dispatcher(Blueprint{std::move(router), {}, {}, {}, builder.build(), {}});
    auto const request = dispatcher.make_request();
    ASSERT_TRUE(request->set_target("/"));
    static_cast<void>(dispatcher.plan(*request));
    http::Response response;
    dispatcher.handle(*request, response);
    EXPECT_EQ(response.status(), 410);
}

// ── Events ──────────────────────────────────────────────────────────────────────────────────────────────────────────

TEST(View, ABlockIsAnEventThatTheAskingHtmxSwaps) {
    Router router;
    router.get("/event", [](View view) {
        std::vector<std::string> const names{"<Ada>\nLovelace"};
        std::string sent;
        view.event("users", "users.html#table", {{"users", names}}).append_to(sent);
        return sent;
    });
    Drive drive(std::move(router), {}, {}, from(site));
    std::string const data = "data: <table><tr>&lt;Ada&gt;\ndata: Lovelace</tr></table>\n\n";
    EXPECT_EQ(drive.get("/event"), "event: users\n" + data) << "EventSource, by which htmx 2 asks";
    auto const htmx_4 = drive.send({"GET", "/event", {{"HX-Request", "true"}, {"HX-Request-Type", "partial"}}});
    EXPECT_EQ(htmx_4.text(), data) << "htmx 4 swaps unnamed events only";
}

} // namespace
} // namespace hxx
