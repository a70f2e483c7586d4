#include "hxx/jinja/symbols.hpp"

#include <array>

namespace hxx::jinja {

using namespace ast;

Variable* Symbols::define(std::string_view name, Load load) {
    auto& variable = scope_->variables[name];
    if (!variable) variable = &arena_->emplace_back(Variable{name});
    refs_[name] = variable;
    loads_[variable] = load;
    return variable;
}

Variable* Symbols::find(std::string_view name) const {
    for (auto const* symbols = this; symbols; symbols = symbols->outer())
        if (auto found = symbols->refs_.find(name); found != symbols->refs_.end()) return found->second;
    return nullptr;
}

Load const* Symbols::find_load(Variable* variable) const {
    for (auto const* symbols = this; symbols; symbols = symbols->outer())
        if (auto found = symbols->loads_.find(variable); found != symbols->loads_.end()) return &found->second;
    return nullptr;
}

bool Symbols::comes_from_context(Variable* variable) const {
    auto const* load = find_load(variable);
    while (load && load->action == Load::Action::Alias) load = find_load(load->source);
    return load && load->action == Load::Action::Resolve;
}

Variable* Symbols::declare_parameter(std::string_view name) {
    stores_.insert(name);
    return define(name, {Load::Action::Parameter});
}

void Symbols::store(std::string_view name) {
    stores_.insert(name);
    for (auto const* symbols = this; symbols; symbols = symbols->before_)
        if (symbols->refs_.contains(name)) return;
    Variable* outer = parent_ ? parent_->find(name) : nullptr;
    define(name, outer ? Load{Load::Action::Alias, outer} : Load{Load::Action::Undefined});
}

bool Symbols::stored_so_far(std::string_view name) const {
    for (auto const* symbols = this; symbols; symbols = symbols->before_)
        if (symbols->stores_.contains(name)) return true;
    return false;
}

void Symbols::load(std::string_view name) {
    if (!find(name)) define(name, {Load::Action::Resolve});
}

std::map<std::string_view, Variable*> Symbols::visible_stores() const {
    std::map<std::string_view, Variable*> result;
    for (auto const* symbols = this; symbols; symbols = symbols->parent_)
        for (auto name : symbols->stores_) result.emplace(name, find(name));
    return result;
}

// A name that only some branches assign keeps its outer value, or the context's, in the others.
void Symbols::merge_branches(std::span<Symbols const> branches) {
    std::set<std::string_view> stored;
    for (auto const& branch : branches) stored.insert(branch.stores_.begin(), branch.stores_.end());
    std::erase_if(stored, [this](std::string_view name) { return stored_so_far(name); });
    for (auto const& branch : branches) {
        for (auto const& [name, variable] : branch.refs_) refs_[name] = variable;
        for (auto const& [variable, load] : branch.loads_) loads_[variable] = load;
        stores_.insert(branch.stores_.begin(), branch.stores_.end());
    }
    for (auto name : stored) {
        Variable* target = find(name);
        Variable* outer = parent_ ? parent_->find(name) : nullptr;
        loads_[target] = outer ? Load{Load::Action::Alias, outer} : Load{Load::Action::Resolve};
    }
}

void Symbols::visit_children(Node const& node) {
    for_each_child(node, [this](Node* child) { visit(*child); });
}

void Symbols::visit_all(Body const& body) {
    for (auto* statement : body) visit(*statement);
}

// A loop's target: its names are the scope's parameters.
void Symbols::visit_target(Node const& target) {
    if (target.kind == NodeKind::Name)
        declare_parameter(target.as<Name>().name);
    else
        for_each_child(target, [this](Node* child) { visit_target(*child); });
}

void Symbols::visit(Node const& node) {
    switch (node.kind) {
    case NodeKind::Name: {
        auto const& name = node.as<Name>();
        if (name.use == Use::Param)
            declare_parameter(name.name);
        else if (name.use == Use::Store)
            store(name.name);
        else
            load(name.name);
        break;
    }
    case NodeKind::NamespaceRef: load(node.as<NamespaceRef>().name); break;
    case NodeKind::If: {
        auto const& branch = node.as<If>();
        visit(*branch.test);
        std::array<Symbols, 3> branches{branch_of(*this), branch_of(*this), branch_of(*this)};
        branches[0].visit_all(branch.body);
        for (auto* elif : branch.elifs) branches[1].visit(*elif);
        branches[2].visit_all(branch.otherwise);
        merge_branches(branches);
        break;
    }
    case NodeKind::Macro: store(node.as<Macro>().name); break;
    case NodeKind::Import:
        visit_children(node);
        store(node.as<Import>().target);
        break;
    case NodeKind::FromImport:
        visit_children(node);
        for (auto const& [name, alias] : node.as<FromImport>().names) store(alias);
        break;
    case NodeKind::Assign:
        visit(*node.as<Assign>().value);
        visit(*node.as<Assign>().target);
        break;
    // What has a scope of its own is looked at when that is entered.
    case NodeKind::For: visit(*node.as<For>().iterable); break;
    case NodeKind::CallBlock: visit(*node.as<CallBlock>().call); break;
    case NodeKind::FilterBlock: visit(*node.as<FilterBlock>().filter); break;
    case NodeKind::With:
        for (auto* value : node.as<With>().values) visit(*value);
        break;
    case NodeKind::AssignBlock: visit(*node.as<AssignBlock>().target); break;
    case NodeKind::Autoescape:
    case NodeKind::Block: break;
    default: visit_children(node);
    }
}

void Symbols::analyze_template(Body const& body) { visit_all(body); }

void Symbols::analyze(Node const& node, Branch branch) {
    switch (node.kind) {
    case NodeKind::For: {
        auto const& loop = node.as<For>();
        if (branch != Branch::Else) visit_target(*loop.target);
        if (branch == Branch::Body) visit_all(loop.body);
        if (branch == Branch::Else) visit_all(loop.otherwise);
        if (branch == Branch::Test && loop.test) visit(*loop.test);
        break;
    }
    case NodeKind::AssignBlock: {
        // Its filter sees the body's scope.
        if (auto* filter = node.as<AssignBlock>().filter) visit(*filter);
        visit_all(node.as<AssignBlock>().body);
        break;
    }
    case NodeKind::CallBlock: {
        auto const& call = node.as<CallBlock>();
        for (auto* parameter : call.signature.parameters) visit(*parameter);
        for (auto* fallback : call.signature.defaults) visit(*fallback);
        visit_all(call.body);
        break;
    }
    case NodeKind::With: {
        for (auto* target : node.as<With>().targets) visit(*target);
        visit_all(node.as<With>().body);
        break;
    }
    default: visit_children(node);
    }
}

namespace {
void undeclared(Node const& node, std::set<std::string_view>& names, std::set<std::string_view>& found) {
    if (node.kind == NodeKind::Block || names.empty()) return;
    if (node.kind == NodeKind::Name) {
        auto const& name = node.as<Name>();
        if (!names.contains(name.name)) return;
        if (name.use == Use::Load) found.insert(name.name);
        names.erase(name.name);
        return;
    }
    for_each_child(node, [&](Node* child) { undeclared(*child, names, found); });
}
} // namespace

std::set<std::string_view> find_undeclared(Body const& body, std::set<std::string_view> names) {
    std::set<std::string_view> found;
    for (auto* statement : body) undeclared(*statement, names, found);
    return found;
}

} // namespace hxx::jinja
