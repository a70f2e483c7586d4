// An App with compiled templates: what it answers is the same however they are run, and it needs no files.
#include "tests/compiled_app/pages.hpp"

#include "hxx/base/temporary_directory_for_test.hpp"
#include "hxx/compiled/project.hpp"
#include "hxx/hxx.hpp"
#include "hxx/testing/test_client.hpp"

#include <gmock/gmock.h>

#include <set>
#include <sstream>
#include <stdexcept>

namespace hxx {
namespace {

using compiled_app::ListPage;
using compiled_app::Row;
using compiled_app::User;
using ::testing::AllOf;
using ::testing::HasSubstr;
using ::testing::Not;

std::vector<User> const users{{1, "Ada <Lovelace>", 36}, {2, "Grace Hopper", 85}};

enum class How : unsigned char { Compiled, Interpreted, Development };

App make_app(How how, std::vector<std::string> directories = {}) {
    AppOptions options;
    options.env_file = "";
    options.access_log = false;
    options.templates = std::move(directories);
    options.development = how == How::Development;
    options.interpreted_templates = how == How::Interpreted;
    App app(std::move(options));
    app.templates().global("site", "Example & Co");
    app.get("/typed", [](View view) { return view.page(ListPage{"Users", users, "a\"b"}, {.block = "rows"}); });
    app.get("/pairs", [](View view) {
        return view.page("list.html", {.block = "rows"}, {{"heading", "Users"}, {"users", users}, {"q", "a\"b"}});
    });
    app.get("/row", [](View view) { return view(Row{users[1]}); });
    app.get("/users/{id}", [](Path<int, "id">) { return ""; }, {.name = "user"});
    return app;
}

// Without what differs from one answer to the next, and from one address to the other.
std::string page(TestClient& client, std::string_view path) {
    auto text = client.get(path).text();
    auto const token = text.find("<body ");
    auto const end = text.find("data-path", token);
    if (token != std::string::npos && end != std::string::npos) text.erase(token, text.find('>', end) - token);
    return text;
}

TEST(CompiledApp, AnswersTheSameHoweverTemplatesAreRun) {
    TestClient compiled(make_app(How::Compiled)), interpreted(make_app(How::Interpreted));
    for (auto const* path : {"/typed", "/pairs", "/row"}) EXPECT_EQ(page(compiled, path), page(interpreted, path));
    EXPECT_EQ(page(compiled, "/typed"), page(compiled, "/pairs"));
    EXPECT_THAT(page(compiled, "/typed"),
                AllOf(HasSubstr("<title>Example &amp; Co</title>"), HasSubstr("Ada &lt;Lovelace&gt;</a>, 36"),
                      HasSubstr("value=\"a&#34;b\""), HasSubstr("href=\"/users/2\"")));
}

TEST(CompiledApp, GivesHtmxTheBlock) {
    TestClient client(make_app(How::Compiled));
    auto const block = client.htmx().get("/typed").text();
    EXPECT_THAT(block, AllOf(HasSubstr("<ul><li>"), Not(HasSubstr("<title>"))));
    EXPECT_EQ(block, client.htmx().get("/pairs").text());
}

TEST(CompiledApp, NeedsNoDirectoryButTakesThatOfDevelopment) {
    TemporaryDirectory const directory;
    directory.write("row.html", "<li>{{ user.name }} of the file</li>");
    TestClient missing(make_app(How::Compiled, {directory.path("nowhere")}));
    EXPECT_THAT(missing.get("/row").text(), HasSubstr("Grace Hopper</a>, 85"));
    TestClient compiled(make_app(How::Compiled, {directory.path()}));
    EXPECT_THAT(compiled.get("/row").text(), HasSubstr("Grace Hopper</a>, 85"));
    for (auto const how : {How::Interpreted, How::Development}) {
        TestClient client(make_app(how, {directory.path()}));
        EXPECT_EQ(client.get("/row").text(), "<li>Grace Hopper of the file</li>");
    }
    directory.write("row.html", "<li>changed</li>");
    TestClient client(make_app(How::Development, {directory.path()}));
    EXPECT_EQ(client.get("/row").text(), "<li>changed</li>");
    directory.write("row.html", "<li>changed again</li>");
    EXPECT_EQ(client.get("/row").text(), "<li>changed again</li>");
}

TEST(CompiledApp, RefusesOptionsThatTheTemplatesWereNotCompiledWith) {
    auto app = make_app(How::Compiled);
    app.templates().options().trim_blocks = true;
    try {
        static_cast<void>(app.dispatcher());
        FAIL();
    } catch (std::invalid_argument const& error) {
        EXPECT_THAT(error.what(), AllOf(HasSubstr("was compiled with other options"), HasSubstr("hxx_add_templates")));
    }
    auto interpreted = make_app(How::Interpreted);
    interpreted.templates().options().trim_blocks = true;
    EXPECT_NO_THROW(static_cast<void>(interpreted.dispatcher()));
}

// The keys of {'context': {'a': …,
//                          'b': …}, as {% debug %} writes it.
std::set<std::string> variables_of(std::string text) {
    constexpr std::string_view begin = "{'context': {", end = "'filters'";
    text = text.substr(begin.size(), text.find(end) - begin.size());
    std::set<std::string> names;
    std::istringstream lines(text);
    for (std::string line; std::getline(lines, line);) {
        auto const first = line.find_first_not_of(' ');
        if (first != std::string::npos && line[first] == '\'')
            names.insert(line.substr(first + 1, line.find('\'', first + 1) - first - 1));
    }
    return names;
}

// Which variables the compiler takes for ones that an App gives every template.
TEST(CompiledApp, HasTheVariablesThatTheCompilerKnowsOf) {
    TemporaryDirectory const directory;
    directory.write("row.html", "{% autoescape false %}{% debug %}{% endautoescape %}");
    auto app = make_app(How::Development, {directory.path()});
    app.templates().options().debug_statement = true;
    TestClient client(std::move(app));
    std::set<std::string> known{"cycler", "dict", "joiner", "lipsum", "namespace", "range", "site", "user"};
    known.insert(compiled::app_variables().begin(), compiled::app_variables().end());
    known.erase("form"); // which View::invalid() adds
    EXPECT_EQ(variables_of(client.get("/row").text()), known);
}

} // namespace
} // namespace hxx
