#include "operations.hpp"

#include <hxx/base/random.hpp>
#include <hxx/hxx.hpp>
#include <hxx/web/event_stream.hpp>

#include <algorithm>
#include <chrono>

using namespace hxx;
using namespace std::chrono_literals;

namespace {

constexpr int steps = 20;

/// The thread. It would be the program's own: a controller's loop, a measurement.
void work(std::stop_token const& stopped, Broadcast<OperationStep> const& out, bool to_fail) {
    for (int i = 1; i <= steps && !stopped.stop_requested(); ++i) {
        std::this_thread::sleep_for(100ms);
        if (to_fail && i == steps / 2) {
            out.publish({i, "The valve does not open.", true});
            break;
        }
        out.publish({i, "Step " + std::to_string(i) + " of " + std::to_string(steps) + " is done."});
    }
    out.close();
}

/// Each step as an event, from where the browser was when it lost the connection; `done` follows by itself.
EventStream follow(Broadcast<OperationStep> operation, std::string last_seen, View view) {
    auto subscription = last_seen.empty() ? operation.subscribe_last(steps) : operation.subscribe_after(last_seen);
    while (auto const step = co_await subscription.next()) {
        auto event = view.event("step", "partials/_step.html", {{"step", *step}});
        co_yield std::move(event).id(step.id());
        if (step->failed) co_yield Event("error", step->text);
    }
}

Task<EventStream> watch(Path<std::string, "op_id"> id, State<Operations> operations, LastEventId last, View view) {
    auto operation = operations->find(*id);
    if (!operation) throw HttpError(404, "There is no such operation.");
    co_return follow(*std::move(operation), *last, view);
}

struct StartForm {
    bool to_fail = false;
};

Response page(View view) { return view.page("pages/operations.html", {}, {{"op_id", ""}}); }

Response start(Form<StartForm> form, View view, Htmx htmx, State<Operations> operations) {
    auto const id = operations->start(form->to_fail);
    if (!htmx) return redirect("/operations/" + id);
    return view("partials/_operation.html", {{"op_id", id}});
}

Response show(Path<std::string, "op_id"> id, State<Operations> operations, View view) {
    if (!operations->find(*id)) throw HttpError(404, "There is no such operation.");
    return view.page("pages/operations.html", {.block = "operation"}, {{"op_id", *id}});
}

} // namespace

std::string Operations::start(bool to_fail) {
    Broadcast<OperationStep> const out({.queue = steps, .replay = steps});
    std::jthread thread([out, to_fail](std::stop_token const& stopped) { work(stopped, out, to_fail); });
    std::lock_guard const lock(mutex_);
    if (operations_.size() == kept) operations_.pop_front();
    return operations_.emplace_back(Operation{random_token(16), out, std::move(thread)}).id;
}

std::optional<Broadcast<OperationStep>> Operations::find(std::string const& id) {
    std::lock_guard const lock(mutex_);
    auto const found = std::ranges::find(operations_, id, &Operation::id);
    if (found == operations_.end()) return std::nullopt;
    return found->steps;
}

Router operation_routes() {
    Router router{"/operations"};
    router.get("", page, {.name = "operations"});
    router.post("", start);
    router.get("/{op_id}", show, {.name = "operation"});
    router.get("/{op_id}/stream", watch, {.name = "operation_stream"});
    return router;
}
