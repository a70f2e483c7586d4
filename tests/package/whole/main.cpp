#include "embedded/texts.hpp"
#include "pages.hpp"

#include <hxx/hxx.hpp>
#include <hxx/jinja/registered.hpp>

#include <cstdio>

int main() {
    auto const* greeting = embedded::texts().find("greeting.txt");
    if (greeting == nullptr || greeting->content != "Good day\n") return 1;

    hxx::jinja::Environment const templates({.compiled = hxx::jinja::registered_templates()});
    Page const page{"Good day", "Ada"};
    if (templates.render(Page::template_name, page) != "<p>Good day, ADA</p>") return 1;

    hxx::App app;
    app.get("/", [] { return hxx::text("Good day"); });
    hxx::Listen listen;
    listen.port = 0;
    listen.workers = 1;
    app.start(listen);
    std::printf("serving on port %d\n", app.port());
    bool const serves = app.port() != 0;
    app.stop();
    return serves ? 0 : 1;
}
