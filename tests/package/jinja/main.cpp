#include <hxx/jinja/environment.hpp>

#include <cstdio>

int main() {
    auto const page = hxx::jinja::Environment().render_string("Hello {{ name }}!", {{"name", "<world>"}});
    std::puts(page.c_str());
    return page == "Hello &lt;world&gt;!" ? 0 : 1;
}
