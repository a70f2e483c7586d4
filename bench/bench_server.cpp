// The pages that scripts/bench measures, in the shape of the TechEmpower benchmark: a fixed text, a JSON object made
// from a struct, and a table that is copied, extended, sorted, and rendered with escaping from a template, which
// is compiled, at each request.
#include "bench/fortunes.hpp"
#include "hxx/hxx.hpp"

#include <algorithm>
#include <string>
#include <vector>

using namespace hxx;
using bench_server::Fortune;
using bench_server::FortunesPage;

namespace {

struct Message {
    std::string message;
};

// What a database would hold; some need escaping, one is not ASCII.
std::vector<Fortune> const stored_fortunes = {
    {1, "A warning that everybody ignores is only noise that compiles."},
    {2, "The fastest request is the one that no page ever has to send."},
    {3, "Whoever measures twice on a noisy machine has two opinions, not a figure."},
    {4, "There is no cloud: it is a computer of somebody else, at 99.9 %, 24 hours a day, most of the days."},
    {5, "What a comment promises, a test should hold; what neither says, nobody promised."},
    {6, "A cache is a bet that tomorrow looks like today — mostly it pays for lunch."},
    {7, "Old code is wisdom with the reasons removed."},
    {8, "Every abstraction leaks, and every leak is someone's interface by now."},
    {9, "Naming things is easy. Renaming isn't."},
    {10, "It works on my machine, so we ship my machine."},
    {11, "<script>document.title = \"a fortune that should never run as a script\";</script>"},
    {12, "急がば回れ、そして測れ。測らなければ推測だ。"},
};

Response plaintext() { return text("Hello, World!"); }

Response json_object() { return json(Message{"Hello, World!"}); }

Response fortunes(View view) {
    FortunesPage page;
    page.fortunes.reserve(stored_fortunes.size() + 1);
    page.fortunes = stored_fortunes;
    page.fortunes.emplace_back(0, "One more fortune, made for this request.");
    std::ranges::sort(page.fortunes, {}, &Fortune::message);
    return view(page);
}

} // namespace

int main(int argc, char** argv) {
    // Without what the servers that it is compared with do not send either.
    App app{{.title = "hxx bench",
             .templates = {"templates"},
             .security_headers = {.on = false},
             .access_log = false,
             .request_id_header = {}}};
    app.get("/plaintext", plaintext);
    app.get("/json", json_object);
    app.get("/fortunes", fortunes);
    return app.run(argc, argv);
}
