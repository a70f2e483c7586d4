#include "weather.hpp"

#include "pages.hpp"

#include <hxx/client/client.hpp>
#include <hxx/hxx.hpp>

#include <chrono>

using namespace hxx;
using namespace std::chrono_literals;

namespace {

constexpr auto patience = 2s; // ours: nobody looks at an empty page for longer

Response show(View view, WeatherPage const& page, int status) {
    return view.page(page, {.block = "weather"}).status(status);
}

Task<Response> weather(Path<std::string, "city"> city, View view, State<http::Client> client,
                       State<WeatherService> service) {
    WeatherPage page{*city, {}, {}};
    try {
        auto const reply = co_await client->get(service->url + "/v1/weather/" + url_quote(*city)).timeout(patience);
        if (reply.status() == 404) {
            page.problem = "Nobody knows the weather there.";
            co_return show(view, page, 404);
        }
        page.weather = reply.raise_for_status().json<Weather>();
        co_return show(view, page, 200);
    } catch (http::ClientError const& error) {
        bool const slow = error.kind() == http::ClientErrorKind::Timeout;
        page.problem = slow ? "The weather service takes too long. Try again later."
                            : "The weather service is out of order. Try again later.";
        co_return show(view, page, slow ? 504 : 502);
    }
}

Response ask(View view, Query<std::string, "city", ""> city) {
    if (!city->empty()) return redirect("/weather/" + url_quote(*city));
    return view.page(WeatherPage{});
}

} // namespace

Router weather_routes() {
    Router router;
    router.get("/weather", ask, {.name = "weather"});
    router.get("/weather/{city}", weather, {.name = "weather_in"});
    return router;
}
