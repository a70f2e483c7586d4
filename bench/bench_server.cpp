// The pages that scripts/bench measures, in the shape of the TechEmpower benchmark: a fixed text, a JSON object made
// from a struct, and a table that is copied, extended, sorted, and rendered with escaping from a template at each
// request.
#include "hxx/hxx.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace hxx;

namespace {

struct Message {
    std::string message;
};

struct Fortune {
    int id;
    std::string message;
};

// What a database would hold; one needs escaping, one is not ASCII.
std::vector<Fortune> const stored_fortunes = {
    {1, "fortune: No such file or directory"},
    {2, "A computer scientist is someone who fixes things that aren't broken."},
    {3, "After enough decimal places, nobody gives a damn."},
    {4, "A bad random number generator: 1, 1, 1, 1, 1, 4.33e+67, 1, 1, 1"},
    {5, "A computer program does what you tell it to do, not what you want it to do."},
    {6, "Emacs is a nice operating system, but I prefer UNIX. — Tom Christaensen"},
    {7, "Any program that runs right is obsolete."},
    {8, "A list is only as strong as its weakest link. — Donald Knuth"},
    {9, "Feature: A bug with seniority."},
    {10, "Computers make very fast, very accurate mistakes."},
    {11, "<script>alert(\"This should not be displayed in a browser alert box.\");</script>"},
    {12, "フレームワークのベンチマーク"},
};

Response plaintext() { return text("Hello, World!"); }

Response json_object() { return json(Message{"Hello, World!"}); }

Response fortunes(View view) {
    auto rows = stored_fortunes;
    rows.push_back({0, "Additional fortune added at request time."});
    std::ranges::sort(rows, {}, &Fortune::message);
    return view("fortunes.html", {{"fortunes", rows}});
}

} // namespace

int main(int argc, char** argv) {
    App app{{.title = "hxx bench", .templates = {"templates"}, .access_log = false}};
    app.get("/plaintext", plaintext);
    app.get("/json", json_object);
    app.get("/fortunes", fortunes);
    return app.run(argc, argv);
}
