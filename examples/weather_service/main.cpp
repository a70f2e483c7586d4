// The other service that examples/users asks: it stands for one that belongs to somebody else, and is as slow and as
// unreliable as those are.
//
//     GET /v1/weather/Oslo       the same for a city each time
//     GET /v1/weather/slow       takes its time: 10 seconds
//     GET /v1/weather/broken     an error of its own
//     GET /v1/weather/nowhere    no such city
#include <hxx/async/sleep.hpp>
#include <hxx/hxx.hpp>

#include <array>
#include <chrono>
#include <numeric>
#include <string>

using namespace hxx;
using namespace std::chrono_literals;

namespace {

struct Weather {
    std::string city, sky;
    int celsius = 0;
};

constexpr std::array skies{"clear", "cloudy", "rain", "snow", "fog"};

Task<Weather> weather(Path<std::string, "city"> city) {
    if (*city == "slow") co_await sleep_for(10s);
    if (*city == "broken") throw HttpError(503, "The station does not answer.");
    if (*city == "nowhere") throw HttpError(404, "There is no such city.");
    auto const sum = std::accumulate(city->begin(), city->end(), 0U,
                                     [](unsigned all, char c) { return all * 31 + static_cast<unsigned char>(c); });
    Weather report;
    report.city = *city;
    report.sky = skies[sum % skies.size()];
    report.celsius = static_cast<int>(sum / 7 % 45) - 10;
    co_return report;
}

} // namespace

int main(int argc, char** argv) {
    App app{{.title = "Weather"}};
    app.get("/v1/weather/{city}", weather);
    return app.run(argc, argv);
}
