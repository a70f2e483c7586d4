// The weather in a city, which another service knows.
#pragma once

#include <hxx/web/router.hpp>

#include <string>

/// Where that service is: "http://127.0.0.1:8001".
struct WeatherService {
    std::string url;
};

hxx::Router weather_routes();
