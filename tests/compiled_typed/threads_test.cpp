// Compiled templates are shared by all threads, from the first rendering on.
#include "tests/compiled_typed/rendering.hpp"

#include <string>
#include <thread>
#include <vector>

namespace hxx::tests {
namespace {

constexpr int threads = 4, rounds = 20;

template <class... Pages>
void render_in_threads(Pages const&... pages) {
    auto const environment = compiled();
    std::vector<std::string> const expected{interpreting().render(Pages::template_name, pages)...};
    auto const render_all = [&](std::vector<std::string>& wrong) {
        for (int round = 0; round < rounds; ++round) {
            std::size_t i = 0;
            auto const compare = [&](std::string const& text) {
                if (text != expected[i / 2]) wrong.push_back(text);
                ++i;
            };
            ((compare(environment.render(Pages::template_name, pages)),
              compare(environment.render(Pages::template_name, bindings_of(pages)))),
             ...);
        }
    };
    std::vector<std::vector<std::string>> wrong(threads);
    std::vector<std::jthread> running;
    for (auto& own : wrong) running.emplace_back([&] { render_all(own); });
    running.clear(); // joins them
    for (auto const& own : wrong) EXPECT_EQ(own, std::vector<std::string>());
}

TEST(TypedThreads, RenderTheSameTemplatesAtOnce) {
    render_in_threads(pages::Loops{}, pages::Recursive{}, pages::Sets{}, pages::Macros{}, pages::Imported{},
                      pages::Includes{}, pages::Child{}, pages::Grandchild{}, pages::Filters{}, pages::Functions{});
}

} // namespace
} // namespace hxx::tests
