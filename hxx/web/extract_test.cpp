#include "hxx/web/extract.hpp"
#include "hxx/web/extract_body.hpp"

#include "hxx/web/drive_for_test.hpp"

#include <cstdint>
#include <string>

namespace hxx {
namespace {

struct Filter {
    std::string q;
    Annotated<int, Ge{1}> page = 1;
    std::optional<int> size;
};
struct SignUp {
    Annotated<std::string, MinLength{1}> name;
    Annotated<int, Gt{0}> age;
};

Router routes() {
    Router router;
    router.get("/users/{id}", [](Path<std::int64_t, "id"> id) { return std::to_string(*id + 1); });
    router.get("/files/{name}", [](Path<std::string, "name"> name) { return *name; });
    router.get("/page", [](Query<Annotated<int, Ge{1}>, "page", 1> page) { return std::to_string((*page - 1) * 20); });
    router.get("/search", [](Query<std::string, "q", ""> q) { return "%" + *q + "%"; });
    router.get("/ids", [](Query<std::vector<int>, "id"> ids) {
        int sum = 0;
        for (int id : *ids) sum += id;
        return std::to_string(sum);
    });
    router.get("/filter", [](Query<Filter> filter) {
        return filter->q + ' ' + std::to_string(filter->page) + ' ' + std::to_string(filter->size.value_or(-1));
    });
    router.get("/agent", [](Header<std::string, "User-Agent", "nobody"> agent) { return *agent; });
    router.get("/theme", [](Cookie<std::optional<std::string>, "theme"> theme) { return theme->value_or("none"); });
    router.post("/form", [](Form<SignUp> form) { return form->name.get() + std::to_string(form->age); });
    router.post("/json", [](Json<SignUp> body) { return body->name.get() + std::to_string(body->age); });
    router.post("/checked", [](Checked<Form<SignUp>> form) {
        if (form) return form->name.get();
        std::string text;
        for (auto const& error : form.errors()) text += error.where + ": " + error.message + ";";
        return text + form.fields()->encode();
    });
    return router;
}

TEST(Extract, PathsAreDecodedOnceAndChecked) {
    Drive drive(routes());
    EXPECT_EQ(drive.get("/users/41"), "42");
    EXPECT_EQ(drive.send({"GET", "/users/x"}).status(), 422);
    EXPECT_EQ(drive.send({"GET", "/users/99999999999999999999"}).status(), 422);
    EXPECT_EQ(drive.get("/files/a%2Fb%2525"), "a/b%25");
    EXPECT_EQ(drive.send({"GET", "/files/%ff"}).status(), 400);
    EXPECT_EQ(drive.send({"GET", "/files/%00"}).status(), 400);
}

TEST(Extract, QueriesHaveDefaultsAndConstraints) {
    Drive drive(routes());
    EXPECT_EQ(drive.get("/page"), "0");
    EXPECT_EQ(drive.get("/page?page=3"), "40");
    EXPECT_EQ(drive.get("/page?page="), drive.get("/page"));
    EXPECT_EQ(drive.get("/page?page=1&page=2"), "20"); // the last one, as in FastAPI
    auto const refused = drive.send({"GET", "/page?page=0"});
    EXPECT_EQ(refused.status(), 422);
    EXPECT_NE(refused.text().find(R"("loc":["query","page"])"), std::string::npos) << refused.text();
    EXPECT_EQ(drive.get("/search"), "%%");
    EXPECT_EQ(drive.get("/search?q=a+b%26"), "%a b&%");
    EXPECT_EQ(drive.get("/ids?id=1&id=2&id=39"), "42");
    EXPECT_EQ(drive.get("/filter?q=x&page=2"), "x 2 -1");
    EXPECT_EQ(drive.send({"GET", "/search?q=%zz"}).status(), 400);
}

TEST(Extract, HeadersAndCookies) {
    Drive drive(routes());
    EXPECT_EQ(drive.get("/agent"), "nobody");
    EXPECT_EQ(drive.send({"GET", "/agent", {{"user-agent", "curl"}}}).text(), "curl");
    EXPECT_EQ(drive.get("/theme"), "none");
    EXPECT_EQ(drive.send({"GET", "/theme", {{"Cookie", "a=b; theme=dark"}}}).text(), "dark");
}

TEST(Extract, FormsAreStructs) {
    Drive drive(routes());
    constexpr std::pair<std::string_view, std::string_view> urlencoded{"Content-Type",
                                                                       "application/x-www-form-urlencoded"};
    EXPECT_EQ(drive.send({"POST", "/form", {urlencoded}, "name=Ada&age=36"}).text(), "Ada36");
    auto const bad = drive.send({"POST", "/form", {urlencoded}, "name=&age=x"});
    EXPECT_EQ(bad.status(), 422);
    EXPECT_NE(bad.text().find("\"age\""), std::string::npos) << bad.text();
    EXPECT_NE(bad.text().find("\"name\""), std::string::npos) << bad.text();
    EXPECT_EQ(drive.send({"POST", "/form"}).status(), 422); // no body: every field is missing
    EXPECT_EQ(drive.send({"POST", "/form", {{"Content-Type", "text/plain"}}, "name=Ada&age=36"}).status(), 415);
    auto const multipart = drive.send({"POST",
                                       "/form",
                                       {{"Content-Type", "multipart/form-data; boundary=xx"}},
                                       "--xx\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\nAda\r\n"
                                       "--xx\r\nContent-Disposition: form-data; name=\"age\"\r\n\r\n36\r\n--xx--\r\n"});
    EXPECT_EQ(multipart.text(), "Ada36");
}

struct CheckBox {
    bool on = false;
};
struct Switch {
    bool on = false;
};
std::string check_box(Form<CheckBox> form) { return form->on ? "on" : "off"; }
std::string turn(Json<Switch> body) { return body->on ? "on" : "off"; }

// That it compiles is half of the test: g++ 12 has warned of the form, with -O2 as the preset gcc has, not without.
TEST(Extract, AStructMayBeOneBoolAlone) {
    Router router;
    router.post("/", check_box);
    router.post("/json", turn);
    Drive drive(std::move(router));
    auto const send = [&](std::string_view body) {
        return std::string(
            drive.send({"POST", "/", {{"Content-Type", "application/x-www-form-urlencoded"}}, body}).text());
    };
    EXPECT_EQ(send("on=true"), "on");
    EXPECT_EQ(send("on=on"), "on");
    EXPECT_EQ(send(""), "off");
    EXPECT_EQ(drive.send({"POST", "/json", {{"Content-Type", "application/json"}}, R"({"on":true})"}).text(), "on");
}

TEST(Extract, JsonWantsItsContentType) {
    Drive drive(routes());
    auto const body = R"({"name":"Ada","age":36})";
    EXPECT_EQ(drive.send({"POST", "/json", {{"Content-Type", "application/json; charset=utf-8"}}, body}).text(),
              "Ada36");
    EXPECT_EQ(drive.send({"POST", "/json", {{"Content-Type", "application/vnd.x+json"}}, body}).text(), "Ada36");
    EXPECT_EQ(drive.send({"POST", "/json", {{"Content-Type", "text/plain"}}, body}).status(), 415);
    EXPECT_EQ(drive.send({"POST", "/json", {}, body}).status(), 415);
    EXPECT_EQ(drive.send({"POST", "/json", {{"Content-Type", "application/json"}}, "{"}).status(), 422);
    EXPECT_EQ(
        drive.send({"POST", "/json", {{"Content-Type", "application/json"}}, R"({"name":"","age":"x"})"}).status(),
        422);
}

TEST(Extract, CheckedLeavesTheMistakesToTheHandler) {
    Drive drive(routes());
    constexpr std::pair<std::string_view, std::string_view> urlencoded{"Content-Type",
                                                                       "application/x-www-form-urlencoded"};
    EXPECT_EQ(drive.send({"POST", "/checked", {urlencoded}, "name=Ada&age=36"}).text(), "Ada");
    auto const bad = drive.send({"POST", "/checked", {urlencoded}, "name=Ada&age=0"});
    EXPECT_EQ(bad.status(), 200);
    EXPECT_EQ(bad.text(), "form.age: must be greater than 0;name=Ada&age=0");
}

} // namespace
} // namespace hxx
