#include "hxx/jinja/inspect.hpp"

#include "hxx/jinja/builtins.hpp"
#include "hxx/jinja/compiler.hpp"
#include "hxx/jinja/parser.hpp"

#include <algorithm>

namespace hxx::jinja {

using namespace ast;

namespace {

class Inspector {
  public:
    Inspector(std::string_view source, TemplateInfo& info) : source_(source), info_(info) {}

    void visit(Node const& node) {
        switch (node.kind) {
        case NodeKind::Filter: info_.filters.push_back(use(node.as<Filter>().name, node)); break;
        case NodeKind::Test: info_.tests.push_back(use(node.as<Test>().name, node)); break;
        case NodeKind::Call: add_message(node.as<Call>()); break;
        case NodeKind::Block: {
            auto const& block = node.as<Block>();
            info_.blocks.push_back({std::string(block.name), block.scoped, block.required, place(block)});
            break;
        }
        case NodeKind::Extends: refer(Kind::Extends, *node.as<Extends>().source, node); break;
        case NodeKind::Include: {
            auto const& include = node.as<Include>();
            auto& reference = refer(Kind::Include, *include.source, node);
            reference.ignore_missing = include.ignore_missing;
            reference.with_context = include.with_context;
            break;
        }
        case NodeKind::Import:
            refer(Kind::Import, *node.as<Import>().source, node).with_context = node.as<Import>().with_context;
            break;
        case NodeKind::FromImport:
            refer(Kind::FromImport, *node.as<FromImport>().source, node).with_context =
                node.as<FromImport>().with_context;
            break;
        default: break;
        }
    }
    [[nodiscard]] TemplateInfo::Use use(std::string_view name, Node const& node) const {
        return {std::string(name), place(node)};
    }
    void add_macro(Macro const& macro, Function const& function) {
        TemplateInfo::Macro found{.name = std::string(macro.name),
                                  .varargs = function.varargs_register >= 0,
                                  .kwargs = function.kwargs_register >= 0,
                                  .caller = function.caller_register >= 0 || function.explicit_caller,
                                  .at = place(macro)};
        auto const& [parameters, defaults] = macro.signature;
        for (std::size_t i = 0; i < parameters.size(); ++i)
            found.parameters.push_back({std::string(parameters[i]->name), i + defaults.size() >= parameters.size()});
        info_.macros.push_back(std::move(found));
    }

  private:
    using Kind = TemplateInfo::Reference::Kind;

    [[nodiscard]] TemplateInfo::Position place(Node const& node) const {
        auto const found = place_in(source_, node.position.offset);
        return {found.line, found.column};
    }
    TemplateInfo::Reference& refer(Kind kind, Expr const& source, Node const& statement) {
        auto& reference = info_.references.emplace_back();
        reference.kind = kind;
        reference.at = place(statement);
        add_names(reference, source);
        return reference;
    }
    // Only of constant texts: one that is computed is in no catalog.
    void add_message(Call const& call) {
        if (call.callee->kind != NodeKind::Name) return;
        auto const* form = find_gettext(call.callee->as<Name>().name);
        if (!form) return;
        auto const& arguments = call.arguments.positional;
        std::size_t const texts = 1U + form->has_context + form->has_plural;
        if (arguments.size() < texts) return;
        std::string text[3];
        for (std::size_t i = 0; i < texts; ++i) {
            auto const& argument = *arguments[i];
            if (argument.kind != NodeKind::Const || !argument.as<Const>().value.is_string()) return;
            text[i] = argument.as<Const>().value.raw_text();
        }
        TemplateInfo::Message message{.at = place(call)};
        std::size_t next = 0;
        if (form->has_context) message.context = std::move(text[next++]);
        message.text = std::move(text[next++]);
        if (form->has_plural) message.plural = std::move(text[next]);
        info_.messages.push_back(std::move(message));
    }
    // A list of names is a list to choose from, and so are the two sides of a condition.
    static void add_names(TemplateInfo::Reference& reference, Expr const& source) {
        if (source.kind == NodeKind::Const && source.as<Const>().value.is_string())
            reference.names.emplace_back(source.as<Const>().value.raw_text());
        else if (source.kind == NodeKind::List)
            for (auto const* item : source.as<List>().items) add_names(reference, *item);
        else if (source.kind == NodeKind::Tuple)
            for (auto const* item : source.as<Tuple>().items) add_names(reference, *item);
        else if (source.kind == NodeKind::Conditional) {
            auto const& choice = source.as<Conditional>();
            add_names(reference, *choice.yes);
            if (choice.no) add_names(reference, *choice.no);
        } else
            reference.dynamic = true;
    }

    std::string_view source_;
    TemplateInfo& info_;
};

template <class List>
void sort_by_place(List& list) {
    std::stable_sort(list.begin(), list.end(), [](auto const& a, auto const& b) {
        return std::pair(a.at.line, a.at.column) < std::pair(b.at.line, b.at.column);
    });
}

} // namespace

TemplateInfo inspect_template(Environment::Impl const& environment, Template::Compiled const& original) {
    Template::Compiled compiled;
    compiled.name = original.name;
    compiled.autoescape = original.autoescape;
    compiled.tree.source = original.tree.source;
    parse_template(environment.options, compiled.name, compiled.tree);

    TemplateInfo info{.name = compiled.name};
    Inspector inspector(compiled.tree.source, info);
    std::vector<Macro const*> macros;
    auto const visit = [&](Node const& node) {
        inspector.visit(node);
        if (node.kind == NodeKind::Macro) macros.push_back(&node.as<Macro>());
    };
    // Before the compiler, which folds what is constant.
    for (auto const* statement : compiled.tree.body) {
        visit(*statement);
        for_each_node(*statement, visit);
    }

    std::vector<Name const*> reads;
    Compiler(environment, compiled).compile(reads);
    for (auto const* name : reads) info.variables.push_back(inspector.use(name->name, *name));
    for (auto const* macro : macros) {
        auto const& functions = compiled.functions;
        auto const function = std::find_if(functions.begin(), functions.end(), [macro](auto const& candidate) {
            return candidate->kind == Function::Kind::Macro && candidate->position.offset == macro->position.offset;
        });
        if (function != functions.end()) inspector.add_macro(*macro, **function);
    }

    sort_by_place(info.variables);
    // The body is compiled twice, and a block where it stands and on its own.
    auto const same = [](auto const& a, auto const& b) { return a.at == b.at; };
    info.variables.erase(std::unique(info.variables.begin(), info.variables.end(), same), info.variables.end());
    // What {% trans %} counts by is an argument twice.
    for (auto* uses : {&info.filters, &info.tests}) {
        sort_by_place(*uses);
        uses->erase(std::unique(uses->begin(), uses->end(), same), uses->end());
    }
    sort_by_place(info.messages);
    return info;
}

} // namespace hxx::jinja
