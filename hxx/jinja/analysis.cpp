#include "hxx/jinja/analysis.hpp"

#include "hxx/jinja/program.hpp"

namespace hxx::jinja {

using namespace ast;

bool has_effects(Node const& node) {
    switch (node.kind) {
    case NodeKind::Assign:
    case NodeKind::AssignBlock:
    case NodeKind::ExprStatement:
    case NodeKind::Import:
    case NodeKind::FromImport:
    case NodeKind::Macro:
    case NodeKind::Extends: return true;
    case NodeKind::Block: return false;
    default: {
        bool found = false;
        for_each_child(node, [&](Node* child) { found = found || has_effects(*child); });
        return found;
    }
    }
}

bool needs_loop_object(Node const& node) {
    switch (node.kind) {
    case NodeKind::Name: return node.as<Name>().name == "loop";
    case NodeKind::Getattr: {
        auto const& attribute = node.as<Getattr>();
        LoopAttribute known{};
        if (attribute.object->kind == NodeKind::Name && find_loop_attribute(attribute.name, known)) return false;
        break;
    }
    // These see it as a variable of the enclosing scope.
    case NodeKind::Macro:
    case NodeKind::CallBlock:
        return any_node(
            node, [](Node const& inner) { return inner.kind == NodeKind::Name && inner.as<Name>().name == "loop"; });
    case NodeKind::For:
        if (node.as<For>().recursive) return true;
        break;
    case NodeKind::Include:
        if (node.as<Include>().with_context) return true;
        break;
    case NodeKind::Import:
        if (node.as<Import>().with_context) return true;
        break;
    case NodeKind::FromImport:
        if (node.as<FromImport>().with_context) return true;
        break;
    case NodeKind::Block: return node.as<Block>().scoped;
    default: break;
    }
    bool found = false;
    for_each_child(node, [&](Node* child) { found = found || needs_loop_object(*child); });
    return found;
}

} // namespace hxx::jinja
