// The alarms of a plant as a mail and as a page: templates in a program that has nothing to do with the web.
#include <hxx/jinja/environment.hpp>

#include <cstdio>
#include <exception>
#include <string>
#include <vector>

namespace jinja = hxx::jinja;

enum class Level { info, warning, fault };

struct Alarm {
    std::string machine, text;
    Level level = Level::info;
    double value = 0;
    std::string unit;
};

// A filter is a function whose first parameter is what stands before the bar.
std::string quantity(double value, std::string const& unit, int digits) {
    char text[64];
    std::snprintf(text, sizeof text, "%.*f", digits, value);
    return unit.empty() ? std::string(text) : text + (' ' + unit);
}

int main(int argc, char** argv) {
    std::vector<Alarm> const alarms{{"Mixer 2", "temperature > 80", Level::fault, 83.46, "°C"},
                                    {"Pump 1", "vibration", Level::warning, 4.2, "mm/s"},
                                    {"Mixer 2", "lid was opened", Level::info, 1, ""}};
    try {
        auto const environment =
            jinja::Environment::Builder(
                {.directories = {argc > 1 ? argv[1] : "templates"}, .trim_blocks = true, .lstrip_blocks = true})
                .filter("quantity", &quantity, {{"value"}, {"unit", ""}, {"digits", 1}})
                .global("site", "Hall 3")
                .build();
        // A struct's members are its attributes, an enum is its name. The vector is seen in place, not copied.
        jinja::Context const context{{"alarms", alarms}};
        std::puts(environment.render("mail.txt", context).c_str());
        std::puts(environment.render("page.html", context).c_str());
    } catch (jinja::Error const& error) { // a mistake in a template, with its place
        std::fprintf(stderr, "%s\n", error.what());
        return 1;
    }
}
