#include "hxx/jinja/interpreter.hpp"

#include <algorithm>

namespace hxx::jinja {

Context::Context() = default;
Context::Context(std::initializer_list<Binding> bindings) : bindings_(bindings) {}
Context::Context(Context const&) = default;
Context::Context(Context&&) noexcept = default;
Context& Context::operator=(Context const&) = default;
Context& Context::operator=(Context&&) noexcept = default;
Context::~Context() = default;

Context& Context::add(std::string_view name, Value value) {
    bindings_.push_back(Binding{name, std::move(value)});
    return *this;
}
Context& Context::add(std::string&& name, Value value) {
    names_.emplace_back(std::move(name));
    return add(names_.back().as_string(), std::move(value));
}

bool Context::find(std::string_view name, Value& out) const {
    for (auto const* context = this; context; context = context->parent_) {
        if (context->front_ && context->front_->find(name, out)) return true;
        for (std::size_t i = context->bindings_.size(); i > 0; --i) {
            auto const& binding = context->bindings_[i - 1];
            if (binding.name == name) {
                out = binding.value;
                return true;
            }
        }
        if (context->model_.is_undefined()) continue;
        bool found = false;
        if (context->model_.kind() == Kind::View) {
            auto const& type = context->model_.raw_type();
            if (type.shape == TypeInfo::Shape::Mapping) {
                found = type.find_text && type.find_text(context->model_.raw_data(), name, out);
            } else if (auto const* member = type.find_member(name)) {
                out = member->get(context->model_.raw_data());
                found = true;
            }
            if (found) out.keep_alive(context->model_.owner());
        } else
            found = find_item(context->model_, Value(name), out);
        if (found) return true;
    }
    return false;
}

Value const* Context::typed_model() const {
    if (front_)
        if (auto const* model = front_->typed_model()) return model; // nothing comes before it
    if (model_.kind() != Kind::View || model_.raw_type().shape != TypeInfo::Shape::Struct) return nullptr;
    auto const& type = model_.raw_type();
    for (auto const& binding : bindings_)
        if (type.find_member(binding.name)) return nullptr;
    if (front_)
        for (std::size_t i = 0; i < type.member_count; ++i)
            if (Value hidden; front_->find(type.members[i].name, hidden)) return nullptr;
    return &model_;
}

std::vector<std::string> Context::names() const {
    std::vector<std::string> result;
    auto add = [&](std::string_view name) {
        if (std::find(result.begin(), result.end(), name) == result.end()) result.emplace_back(name);
    };
    for (auto const* context = this; context; context = context->parent_) {
        if (context->front_)
            for (auto const& name : context->front_->names()) add(name);
        for (auto const& binding : context->bindings_) add(binding.name);
        if (context->model_.kind() == Kind::View) {
            auto const& type = context->model_.raw_type();
            for (std::size_t i = 0; i < type.member_count; ++i) add(type.members[i].name);
        }
        for_each_entry(context->model_, [&](Value const& key, Value const&) {
            if (key.is_string()) add(key.raw_text());
        });
    }
    return result;
}

RenderContext::RenderContext(Environment::Impl const& environment, Template::Compiled const& compiled,
                             Context const* user)
    : environment_(environment), compiled_(&compiled), user_(user), escaping_(compiled.autoescape) {
    add_blocks(compiled);
}

RenderContext::RenderContext(Environment::Impl const& environment, Template::Compiled const& compiled,
                             Ref<RenderContext> outer)
    : environment_(environment), compiled_(&compiled), outer_(std::move(outer)), escaping_(compiled.autoescape) {
    add_blocks(compiled);
}

RenderContext::RenderContext(Ref<RenderContext> outer)
    : environment_(outer->environment_), compiled_(outer->compiled_), outer_(std::move(outer)), derived_(true) {}

bool RenderContext::find(std::string_view name, Value& out) const {
    auto look_in = [&](std::vector<Binding> const& bindings) {
        for (auto const& binding : bindings)
            if (binding.name == name) {
                out = binding.value;
                return true;
            }
        return false;
    };
    for (auto const* context = this;; context = context->outer_.get()) {
        if (look_in(context->variables_) || look_in(context->locals_)) return true;
        if (context->outer_) continue;
        if (context->user_ && context->user_->find(name, out)) return true;
        auto const* global = environment_.find_global(name);
        if (global) out = *global;
        return global != nullptr;
    }
}

Value RenderContext::all() const {
    std::vector<RenderContext const*> chain; // from the inside out
    for (auto const* context = this; context; context = context->outer_.get()) chain.push_back(context);
    // What is put in later takes the place of what is there.
    std::vector<std::pair<Value, Value>> entries;
    auto add = [&](std::string_view name, Value const& value) { entries.emplace_back(std::string(name), value); };
    for (auto const& [name, value] : environment_.globals) add(name, value);
    if (auto const* user = chain.back()->user_)
        for (auto const& name : user->names())
            if (Value value; user->find(name, value)) add(name, value);
    for (auto outer = chain.rbegin(); outer != chain.rend(); ++outer) {
        auto const& locals = (*outer)->locals_;
        for (auto local = locals.rbegin(); local != locals.rend(); ++local) add(local->name, local->value);
        for (auto const& [name, value] : (*outer)->variables_) add(name, value);
    }
    return Value::dict(std::move(entries));
}

void RenderContext::set(std::string_view name, Value value) {
    for (auto& binding : variables_)
        if (binding.name == name) {
            binding.value = std::move(value);
            return;
        }
    constexpr std::size_t usual = 4;
    if (variables_.empty()) variables_.reserve(usual);
    variables_.push_back({name, std::move(value)});
}

void RenderContext::export_name(std::string_view name, bool exported) {
    auto const found = std::find(exported_.begin(), exported_.end(), name);
    if (exported && found == exported_.end()) exported_.push_back(name);
    if (!exported && found != exported_.end()) exported_.erase(found);
}

std::vector<Binding> RenderContext::exported() const {
    std::vector<Binding> result;
    result.reserve(exported_.size());
    for (auto const& binding : variables_)
        if (std::find(exported_.begin(), exported_.end(), binding.name) != exported_.end()) result.push_back(binding);
    return result;
}

void RenderContext::clear() noexcept {
    variables_.clear();
    locals_.clear();
    outer_ = Ref<RenderContext>();
}

void RenderContext::snapshot(RenderContext const& outer) {
    // Looked through in order: the locals that were added for the import come first.
    locals_.insert(locals_.end(), outer.variables_.begin(), outer.variables_.end());
    locals_.insert(locals_.end(), outer.locals_.begin(), outer.locals_.end());
    user_ = outer.user_;
    outer_ = outer.outer_;
}

BlockChain const* RenderContext::find_block(std::string_view name) const noexcept {
    for (auto const& chain : root().blocks_)
        if (chain->name == name) return chain.get();
    return nullptr;
}

void RenderContext::add_blocks(Template::Compiled const& compiled) {
    for (auto const& block : compiled.blocks) {
        auto const found =
            std::find_if(blocks_.begin(), blocks_.end(), [&](auto const& chain) { return chain->name == block.name; });
        auto& chain = found == blocks_.end()
                          ? blocks_.emplace_back(std::make_unique<BlockChain>(BlockChain{block.name, {}}))
                          : *found;
        chain->definitions.push_back({&compiled, block.function});
    }
}

} // namespace hxx::jinja
