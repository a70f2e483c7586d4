#include "hxx/jinja/optimizer.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/interpreter.hpp"
#include "hxx/jinja/operators.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>

namespace hxx::jinja {

using namespace ast;

namespace {

// A large result is computed anew rather than kept with the template.
constexpr std::size_t largest_constant = 4096;

bool may_be_constant(Value const& value) {
    switch (value.kind()) {
    case Kind::None:
    case Kind::Bool:
    case Kind::Int:
    case Kind::BigInt:
    case Kind::Float: return true;
    case Kind::String: return value.raw_text().size() <= largest_constant;
    case Kind::List:
    case Kind::Tuple: {
        if (!sequence_of(value).fields.empty()) return false;
        auto const& items = sequence_of(value).items;
        return items.size() <= largest_constant && std::all_of(items.begin(), items.end(), may_be_constant);
    }
    case Kind::Dict: {
        auto const& entries = dict_of(value).entries();
        return entries.size() <= largest_constant && std::all_of(entries.begin(), entries.end(), [](auto const& entry) {
                   return may_be_constant(entry.first) && may_be_constant(entry.second);
               });
    }
    default: return false;
    }
}

Value const* constant_of(Expr const* node) noexcept {
    return node && node->kind == NodeKind::Const ? &node->as<Const>().value : nullptr;
}

bool all_constant(std::vector<Expr*> const& nodes) noexcept {
    return std::all_of(nodes.begin(), nodes.end(), [](Expr const* node) { return constant_of(node) != nullptr; });
}

std::vector<Value> values_of(std::vector<Expr*> const& nodes) {
    std::vector<Value> values;
    for (auto const* node : nodes) values.push_back(*constant_of(node));
    return values;
}

} // namespace

Expr* Folder::fold(Expr* node, bool autoescape, bool known) {
    autoescape_ = autoescape;
    known_ = known;
    return fold(node);
}

Expr* Folder::fold(Expr* node) {
    if (node->kind == NodeKind::Const || node->kind == NodeKind::Name || node->kind == NodeKind::TemplateData)
        return node;
    auto fold_one = [&](Expr*& child) {
        if (child) child = fold(child);
    };
    auto fold_all = [&](std::vector<Expr*>& children) {
        for (auto*& child : children) fold_one(child);
    };
    auto fold_arguments = [&](Arguments& arguments) {
        fold_all(arguments.positional);
        for (auto& [name, child] : arguments.keywords) fold_one(child);
        fold_one(arguments.star);
        fold_one(arguments.double_star);
    };
    switch (node->kind) {
    case NodeKind::Tuple: fold_all(node->as<Tuple>().items); break;
    case NodeKind::List: fold_all(node->as<List>().items); break;
    case NodeKind::Dict:
        for (auto& [key, value] : node->as<Dict>().items) {
            fold_one(key);
            fold_one(value);
        }
        break;
    case NodeKind::Unary: fold_one(node->as<Unary>().operand); break;
    case NodeKind::Binary:
        fold_one(node->as<Binary>().left);
        fold_one(node->as<Binary>().right);
        break;
    case NodeKind::Logical:
        fold_one(node->as<Logical>().left);
        fold_one(node->as<Logical>().right);
        break;
    case NodeKind::Compare:
        fold_one(node->as<Compare>().first);
        for (auto& [op, operand] : node->as<Compare>().rest) fold_one(operand);
        break;
    case NodeKind::Concat: fold_all(node->as<Concat>().parts); break;
    case NodeKind::Conditional:
        fold_one(node->as<Conditional>().test);
        fold_one(node->as<Conditional>().yes);
        fold_one(node->as<Conditional>().no);
        break;
    case NodeKind::Getattr: fold_one(node->as<Getattr>().object); break;
    case NodeKind::Getitem:
        fold_one(node->as<Getitem>().object);
        fold_one(node->as<Getitem>().key);
        break;
    case NodeKind::Slice:
        fold_one(node->as<Slice>().start);
        fold_one(node->as<Slice>().stop);
        fold_one(node->as<Slice>().step);
        return node;
    case NodeKind::Call:
        fold_one(node->as<Call>().callee);
        fold_arguments(node->as<Call>().arguments);
        return node;
    case NodeKind::Filter:
        fold_one(node->as<Filter>().subject);
        fold_arguments(node->as<Filter>().arguments);
        break;
    case NodeKind::Test:
        fold_one(node->as<Test>().subject);
        fold_arguments(node->as<Test>().arguments);
        break;
    default: return node;
    }
    try {
        if (auto value = fold_value(*node); value && may_be_constant(*value)) {
            auto* folded = tree_.make<Const>(node->position, *std::move(value));
            return folded;
        }
    } catch (Error const&) {
        // It fails when it is rendered, with the place.
    }
    return node;
}

std::optional<Value> Folder::fold_value(Expr& node) {
    Lookup const rules{environment_.options.undefined, environment_.options.sandbox};
    switch (node.kind) {
    case NodeKind::Tuple:
        if (all_constant(node.as<Tuple>().items)) return Value::tuple(values_of(node.as<Tuple>().items));
        break;
    case NodeKind::List:
        if (all_constant(node.as<List>().items)) return Value::list(values_of(node.as<List>().items));
        break;
    case NodeKind::Dict: {
        std::vector<std::pair<Value, Value>> entries;
        for (auto const& [key, value] : node.as<Dict>().items) {
            if (!constant_of(key) || !constant_of(value)) return std::nullopt;
            entries.emplace_back(*constant_of(key), *constant_of(value));
        }
        return Value::dict(std::move(entries));
    }
    case NodeKind::Unary:
        if (auto const* operand = constant_of(node.as<Unary>().operand)) return unary(node.as<Unary>().op, *operand);
        break;
    case NodeKind::Binary: {
        auto const *left = constant_of(node.as<Binary>().left), *right = constant_of(node.as<Binary>().right);
        if (left && right) return binary(node.as<Binary>().op, *left, *right);
        break;
    }
    case NodeKind::Logical: {
        auto const *left = constant_of(node.as<Logical>().left), *right = constant_of(node.as<Logical>().right);
        if (!left) break;
        if (left->truthy() != node.as<Logical>().conjunction) return *left; // whatever the right side is
        if (right) return *right;
        break;
    }
    case NodeKind::Compare: {
        auto const* left = constant_of(node.as<Compare>().first);
        bool result = true;
        for (auto const& [op, operand] : node.as<Compare>().rest) {
            auto const* right = constant_of(operand);
            if (!left || !right) return std::nullopt;
            result = compare(op, *left, *right);
            if (!result) break; // what follows is not asked
            left = right;
        }
        return left ? std::optional<Value>(result) : std::nullopt;
    }
    case NodeKind::Concat: {
        // As Jinja2 does it, the joined constant is plain text even if a part was safe.
        if (!all_constant(node.as<Concat>().parts)) break;
        auto const parts = values_of(node.as<Concat>().parts);
        return concat(parts.data(), parts.size(), false);
    }
    case NodeKind::Conditional: {
        auto const& conditional = node.as<Conditional>();
        auto const* test = constant_of(conditional.test);
        if (!test) break;
        if (auto const* chosen = constant_of(test->truthy() ? conditional.yes : conditional.no)) return *chosen;
        break;
    }
    case NodeKind::Getattr:
        if (auto const* object = constant_of(node.as<Getattr>().object))
            return get_attribute(*object, node.as<Getattr>().name, rules);
        break;
    case NodeKind::Getitem: {
        auto const& item = node.as<Getitem>();
        auto const* object = constant_of(item.object);
        if (!object) break;
        if (auto const* key = constant_of(item.key)) return get_item(*object, *key, rules);
        if (item.key->kind != NodeKind::Slice) break;
        auto const& slice = item.key->as<Slice>();
        Value bounds[3] = {nullptr, nullptr, nullptr};
        std::size_t i = 0;
        for (auto const* bound : {slice.start, slice.stop, slice.step}) {
            if (bound && !constant_of(bound)) return std::nullopt;
            if (bound) bounds[i] = *constant_of(bound);
            ++i;
        }
        return get_slice(*object, bounds[0], bounds[1], bounds[2]);
    }
    case NodeKind::Filter:
        if (known_)
            return fold_applied(environment_.find_filter(node.as<Filter>().name), node.as<Filter>().name,
                                node.as<Filter>().subject, node.as<Filter>().arguments);
        break;
    case NodeKind::Test:
        if (known_)
            return fold_applied(environment_.find_test(node.as<Test>().name), node.as<Test>().name,
                                node.as<Test>().subject, node.as<Test>().arguments);
        break;
    default: break;
    }
    return std::nullopt;
}

std::optional<Value> Folder::fold_applied(Builtin const* builtin, std::string_view name, Expr* subject,
                                          Arguments const& arguments) {
    if (!builtin || !builtin->pure || !constant_of(subject) || !all_constant(arguments.positional) || arguments.star ||
        arguments.double_star)
        return std::nullopt;
    std::vector<Value> positional{*constant_of(subject)};
    for (auto const* argument : arguments.positional) positional.push_back(*constant_of(argument));
    std::vector<Keyword> keywords;
    for (auto const& [name, argument] : arguments.keywords) {
        if (!constant_of(argument)) return std::nullopt;
        keywords.push_back({name, *constant_of(argument)});
    }
    evaluated_.insert(name);
    std::string nowhere;
    State state(environment_, nowhere);
    state.set_escaping(autoescape_);
    return builtin->call(state, Args(&state, positional, keywords));
}

} // namespace hxx::jinja
