// A page that is updated live, for the browser tests: with htmx 4 and hx-sse, or htmx 2 and its sse extension, as
// HTMX_VERSION says. Both ask the same handlers.
#include <hxx/hxx.hpp>

#include "embedded/scripts.hpp"

#include <chrono>
#include <cstdlib>
#include <mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <utility>
#include <vector>

using namespace hxx;
using namespace std::chrono_literals;

namespace {

struct Number {
    int value;
};

/// What the handlers share. The numbers come from a thread that knows nothing of the loops.
struct Site {
    Broadcast<Number> numbers;
    std::vector<std::thread> workers;
    std::mutex mutex;
    std::vector<std::string> asked; // the Last-Event-ID of each connection

    ~Site() {
        for (auto& worker : workers) worker.join();
    }
};

constexpr int count = 20;

Response begin(State<Site> site) {
    std::lock_guard const lock(site->mutex);
    site->workers.emplace_back([numbers = site->numbers] {
        for (int i = 1; i <= count; ++i) {
            numbers.publish({i});
            std::this_thread::sleep_for(2ms);
        }
        numbers.close();
    });
    return htmx::empty();
}

/// Every third number ends the connection, and the client has to come back for those that follow.
EventStream interrupted(State<Site> site, LastEventId last, View view) {
    {
        std::lock_guard const lock(site->mutex);
        site->asked.push_back(*last);
    }
    auto subscription = site->numbers.subscribe_after(last);
    if (subscription.gap()) throw std::logic_error("a message is gone");
    while (auto const number = co_await subscription.next()) {
        auto row = view.event("number", "row.html", {{"value", number->value}});
        co_yield std::move(row).id(number.id());
        if (number->value % 3 == 0) co_return;
    }
    co_yield Event("done", "");
}

EventStream broken() {
    co_yield Event("");
    throw std::runtime_error("a secret");
}

/// Elements of the page that are not the stream's own, in one unnamed event for both versions.
EventStream elsewhere() {
    co_yield Event(
        "<p id=\"here\" hx-swap-oob=\"true\">changed\nhere</p><p id=\"there\" hx-swap-oob=\"true\">and there</p>");
}

std::vector<std::string> asked(State<Site> site) {
    std::lock_guard const lock(site->mutex);
    return site->asked;
}

constexpr std::string_view page = R"(<!doctype html><html lang="en"><head><meta charset="utf-8"><title>Live</title>
<link rel="icon" href="data:,">
{%- if version == "4" %}
<script src="/scripts/htmx4.js"></script><script src="/scripts/hx-sse.js"></script>
{%- else %}
<script src="/scripts/htmx2.js"></script><script src="/scripts/sse.js"></script>
{%- endif %}</head>)";

constexpr std::string_view numbers_page = R"({% include "head.html" %}<body {{ csrf_headers() }}>
<button hx-post="/begin" hx-swap="none">Begin</button>
{% if version == "4" -%}
<ol id="numbers" hx-sse:connect="/numbers" hx-sse:close="done" hx-swap="beforeend"></ol>
{%- else -%}
<ol id="numbers" hx-ext="sse" sse-connect="/numbers" sse-swap="number" sse-close="done" hx-swap="beforeend"></ol>
{%- endif %}</body></html>)";

constexpr std::string_view broken_page = R"({% include "head.html" %}<body>
{% if version == "4" -%}
<div id="stream" hx-sse:connect="/broken" hx-sse:close="error"></div><div id="errors"></div>
<script nonce="{{ csp_nonce() }}">
document.getElementById('stream').addEventListener('error', (event) => {
  document.getElementById('errors').innerHTML = event.detail.data;
});
</script>
{%- else -%}
<div hx-ext="sse" sse-connect="/broken" sse-close="error"><div id="errors" sse-swap="error"></div></div>
{%- endif %}</body></html>)";

constexpr std::string_view elsewhere_page = R"({% include "head.html" %}<body><p id="here"></p><p id="there"></p>
{% if version == "4" -%}
<div hx-sse:connect="/elsewhere" hx-sse:close="done" hx-swap="none"></div>
{%- else -%}
<div hx-ext="sse" sse-connect="/elsewhere" sse-swap="message" sse-close="done" hx-swap="none"></div>
{%- endif %}</body></html>)";

} // namespace

int main(int argc, char** argv) {
    Site site;
    App app{{.title = "Live"}};
    app.state_reference(site);
    std::string const version = std::getenv("HTMX_VERSION") != nullptr ? std::getenv("HTMX_VERSION") : "4";
    app.templates().options().loader = jinja::dict_loader({{"head.html", std::string(page)},
                                                           {"numbers.html", std::string(numbers_page)},
                                                           {"broken.html", std::string(broken_page)},
                                                           {"elsewhere.html", std::string(elsewhere_page)},
                                                           {"row.html", "<li>\n{{ value }}</li>"}});
    app.templates().global("version", version);
    app.mount(embedded_files("/scripts", embedded::scripts()));
    app.get("/", [](View view) { return view("numbers.html"); });
    app.post("/begin", begin);
    app.get("/numbers", [](State<Site> from, LastEventId last, View view) {
        return interrupted(from, std::move(last), view).done_event("").retry(50ms);
    });
    app.get("/asked", asked);
    app.get("/broken-page", [](View view) { return view("broken.html"); });
    app.get("/broken", broken);
    app.get("/elsewhere-page", [](View view) { return view("elsewhere.html"); });
    app.get("/elsewhere", elsewhere);
    return app.run(argc, argv);
}
