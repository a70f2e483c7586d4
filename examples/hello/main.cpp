#include <hxx/plain.hpp>

using namespace hxx;

int main(int argc, char** argv) {
    App app{{.title = "Hello", .templates = {"templates"}}};
    app.get("/",
            [](View view, Query<std::string, "name", "world"> name) { return view("hello.html", {{"name", name}}); });
    return app.run(argc, argv);
}
