#include "hxx/jinja/compiler.hpp"

#include "hxx/jinja/access.hpp"
#include "hxx/jinja/parser.hpp"
#include "hxx/jinja/text.hpp"

#include <algorithm>
#include <limits>

namespace hxx::jinja {

using namespace ast;

namespace {

// Which operands of an operation are registers or constants: bits for a, b, c.
constexpr unsigned register_operands(Op op) noexcept {
    switch (op) {
    case Op::Emit:
    case Op::EmitAttr:
    case Op::SetMissing:
    case Op::LoadUp:
    case Op::Concat:
    case Op::MakeList:
    case Op::MakeTuple:
    case Op::MakeDict:
    case Op::JumpIfFalse:
    case Op::JumpIfTrue:
    case Op::JumpIfGiven:
    case Op::ParamMissing:
    case Op::NoElse:
    case Op::Filter:
    case Op::Test:
    case Op::LoopAttr:
    case Op::Unpack:
    case Op::CaptureEnd:
    case Op::PopEscaping:
    case Op::SetVariable:
    case Op::CheckNamespace:
    case Op::Include:
    case Op::Extends:
    case Op::Super:
    case Op::Self:
    case Op::MakeMacro:
    case Op::Raise: return 1;
    case Op::Move:
    case Op::Copy:
    case Op::GetAttr:
    case Op::GetSafeAttr:
    case Op::GetSlice:
    case Op::Not:
    case Op::Neg:
    case Op::Pos:
    case Op::Call:
    case Op::CallMethod:
    case Op::Append:
    case Op::MarkIfEscaping:
    case Op::PushEscaping:
    case Op::SetNamespace:
    case Op::Import:
    case Op::ImportName: return 1 | 2;
    case Op::GetItem:
    case Op::Add:
    case Op::Sub:
    case Op::Mul:
    case Op::Div:
    case Op::FloorDiv:
    case Op::Mod:
    case Op::Pow:
    case Op::Eq:
    case Op::Ne:
    case Op::Lt:
    case Op::LtEq:
    case Op::Gt:
    case Op::GtEq:
    case Op::In:
    case Op::NotIn: return 1 | 2 | 4;
    case Op::LoopNext:
    case Op::LoopAgain:
    case Op::CallLoop: return 2;
    case Op::LoopStart: return 2 | 4;
    default: return 0;
    }
}

} // namespace

bool find_loop_attribute(std::string_view name, LoopAttribute& out) noexcept {
    struct Row {
        std::string_view name;
        LoopAttribute attribute;
    };
    static constexpr Row rows[] = {
        {"index", LoopAttribute::Index},         {"index0", LoopAttribute::Index0},
        {"first", LoopAttribute::First},         {"last", LoopAttribute::Last},
        {"length", LoopAttribute::Length},       {"revindex", LoopAttribute::RevIndex},
        {"revindex0", LoopAttribute::RevIndex0}, {"depth", LoopAttribute::Depth},
        {"depth0", LoopAttribute::Depth0},       {"previtem", LoopAttribute::PrevItem},
        {"nextitem", LoopAttribute::NextItem},
    };
    for (auto const& row : rows)
        if (row.name == name) {
            out = row.attribute;
            return true;
        }
    return false;
}

void compile_template(Environment::Impl const& environment, Template::Compiled& compiled) {
    parse_template(environment.options, compiled.name, compiled.tree);
    Compiler(environment, compiled).compile();
    compiled.text.append(32, '\0'); // so that short pieces may be copied as wide ones
}

void Compiler::compile() {
    for (auto* statement : compiled_.tree.body) {
        auto note = [this](Node& node) {
            has_extends_ = has_extends_ || node.kind == NodeKind::Extends;
            if (node.kind != NodeKind::Block) return;
            auto const& block = node.as<Block>();
            if (compiled_.find_block(block.name)) fail("block " + quote(block.name) + " defined twice", block.position);
            compiled_.blocks.push_back({block.name, nullptr, block.required, block.scoped, block.position});
        };
        note(*statement);
        for_each_node(*statement, note);
    }
    compiled_.has_extends = has_extends_;
    compiled_.body = compile_body(false);
    compile_blocks();
    compiled_.setup = compile_body(true);
}

// ── Functions ───────────────────────────────────────────────────────────────────────────────────────────────────

Function* Compiler::begin_function(FunctionBuilder& builder, Function::Kind kind, std::string_view name,
                                   Position position) {
    auto function = std::make_unique<Function>();
    function->kind = kind;
    function->name = name;
    function->position = position;
    builder.function = function.get();
    builder.parent = builder_;
    builder.id = static_cast<std::int32_t>(compiled_.functions.size());
    compiled_.functions.push_back(std::move(function));
    builder_ = &builder;
    return builder.function;
}

void Compiler::end_function(FunctionBuilder& builder) {
    emit(Op::Return);
    Function& function = *builder.function;
    auto const base = function.registers;
    auto move = [base](std::int32_t& operand) {
        if (operand >= first_name_slot) operand = base + (operand - first_name_slot);
    };
    for (auto& instruction : function.code) {
        unsigned const operands = register_operands(instruction.op);
        if (operands & 1U) move(instruction.a);
        if (operands & 2U) move(instruction.b);
        if (operands & 4U) move(instruction.c);
    }
    for (auto const& [name, slot] : builder.resolved) {
        auto reg = slot;
        move(reg);
        function.resolves.emplace_back(reg, static_cast<std::uint32_t>(name_index(name)));
    }
    function.registers += static_cast<std::int32_t>(builder.resolved.size());
    function.caches = std::make_unique<std::atomic<Member const*>[]>(function.code.size());
    builder_ = builder.parent;
}

Function const* Compiler::compile_body(bool setup) {
    setup_ = setup;
    has_known_extends_ = false;
    extends_so_far_ = 0;
    statement_ = {};
    FunctionBuilder builder{};
    Function* function = begin_function(builder, Function::Kind::Body, {}, {});
    Frame frame{new_symbols(nullptr)};
    bool const uses_self = !find_undeclared(compiled_.tree.body, {"self"}).empty();
    Variable* self = uses_self ? frame.symbols->declare_parameter("self") : nullptr;
    frame.symbols->analyze_template(compiled_.tree.body);
    frame.toplevel = frame.rootlevel = true;
    frame.output_check = has_extends_;
    enter(frame);
    if (self) emit(Op::Self, self->reg);
    statements(compiled_.tree.body, frame);
    if (has_extends_) {
        at(extends_position_);
        emit(Op::RunParent);
    }
    end_function(builder);
    setup_ = false;
    return function;
}

void Compiler::compile_blocks() {
    std::vector<Block const*> blocks;
    auto note = [&](Node& node) {
        if (node.kind == NodeKind::Block) blocks.push_back(&node.as<Block>());
    };
    for (auto* statement : compiled_.tree.body) {
        note(*statement);
        for_each_node(*statement, note);
    }
    for (auto const* block : blocks) {
        FunctionBuilder builder{};
        Function* function = begin_function(builder, Function::Kind::Block, block->name, block->position);
        at(block->position);
        Frame frame{new_symbols(nullptr)};
        frame.block_frame = true;
        auto const special = find_undeclared(block->body, {"self", "super"});
        Variable* self = special.contains("self") ? frame.symbols->declare_parameter("self") : nullptr;
        Variable* super = special.contains("super") ? frame.symbols->declare_parameter("super") : nullptr;
        frame.symbols->analyze(*block);
        enter(frame);
        if (self) emit(Op::Self, self->reg);
        if (super) emit(Op::Super, super->reg, name_index(block->name));
        statements(block->body, frame);
        end_function(builder);
        for (auto& info : compiled_.blocks)
            if (info.name == block->name) info.function = function;
    }
}

void Compiler::compile_macro_parameters(MacroParts const& parts, Frame& frame) {
    Function& function = *builder_->function;
    for (auto const* parameter : parts.signature.parameters) {
        function.parameters.push_back(parameter->name);
        if (parameter->name == "caller") function.explicit_caller = true;
        frame.symbols->find(parameter->name)->reg = allocate();
    }
    auto named = [&](std::string_view name) {
        return std::any_of(parts.signature.parameters.begin(), parts.signature.parameters.end(),
                           [name](Name const* parameter) { return parameter->name == name; });
    };
    auto const special = find_undeclared(parts.body, {"caller", "kwargs", "varargs"});
    auto declare = [&](std::string_view name) {
        Variable* variable = frame.symbols->declare_parameter(name);
        return variable->reg = allocate();
    };
    if (special.contains("caller")) {
        if (function.explicit_caller) {
            std::size_t index = 0;
            while (parts.signature.parameters[index]->name != "caller") ++index;
            if (index + parts.signature.defaults.size() < parts.signature.parameters.size())
                fail(
                    "When defining macros or call blocks the special \"caller\" argument must be omitted or be given a "
                    "default.",
                    function.position);
        } else
            function.caller_register = declare("caller");
    }
    if (special.contains("kwargs") && !named("kwargs")) function.kwargs_register = declare("kwargs");
    if (special.contains("varargs") && !named("varargs")) function.varargs_register = declare("varargs");
}

// A macro's or call block's function; returns its index.
std::int32_t Compiler::compile_macro(Node const& node, MacroParts const& parts, Frame& outer) {
    FunctionBuilder builder{};
    begin_function(builder, Function::Kind::Macro, parts.name, node.position);
    at(node.position);
    bool const setup = std::exchange(setup_, false);
    Frame frame = inner(outer);
    frame.output_check = false;
    frame.buffered = true;
    frame.symbols->analyze(node);
    compile_macro_parameters(parts, frame);
    frame.symbols->analyze(node);
    // Parameters that the second look defined anew (there are none) keep their registers.
    enter(frame);
    std::size_t const without_default = parts.signature.parameters.size() - parts.signature.defaults.size();
    for (std::size_t i = 0; i < parts.signature.parameters.size(); ++i) {
        Operand const reg = frame.symbols->find(parts.signature.parameters[i]->name)->reg;
        std::size_t const given = emit(Op::JumpIfGiven, reg);
        if (i < without_default)
            emit(Op::ParamMissing, reg, name_index(parts.signature.parameters[i]->name));
        else {
            Expr* fallback = parts.signature.defaults[i - without_default];
            expression(fallback, frame, reg);
        }
        patch(given);
    }
    statements(parts.body, frame);
    end_function(builder);
    setup_ = setup;
    return builder.id;
}

// ── Scopes ──────────────────────────────────────────────────────────────────────────────────────────────────────

Symbols* Compiler::new_symbols(Symbols* parent) { return &scopes_.emplace_back(parent, variables_); }

Compiler::Frame Compiler::inner(Frame const& frame) {
    Frame result{new_symbols(frame.symbols)};
    result.output_check = frame.output_check;
    result.buffered = frame.buffered;
    return result;
}

void Compiler::assign_registers(Frame& frame) {
    for (auto const& [name, variable] : frame.symbols->refs()) {
        variable->function = builder_->id;
        if (variable->reg >= 0) continue;
        auto const& load = frame.symbols->loads().at(variable);
        bool const shared = load.action == Load::Action::Resolve && !frame.symbols->stored(name);
        variable->reg = shared ? name_slot(name) : allocate();
    }
}

// Gives each variable of the scope its first value.
void Compiler::enter(Frame& frame) {
    assign_registers(frame);
    for (auto const& [name, variable] : frame.symbols->refs()) {
        auto const& load = frame.symbols->loads().at(variable);
        switch (load.action) {
        case Load::Action::Parameter: break;
        case Load::Action::Resolve:
            if (variable->reg < first_name_slot) emit(Op::Move, variable->reg, name_slot(name));
            break;
        case Load::Action::Alias: {
            auto const mark = builder_->next_register;
            emit(Op::Move, variable->reg, this->variable(load.source));
            builder_->next_register = mark;
            break;
        }
        case Load::Action::Undefined: emit(Op::SetMissing, variable->reg, name_index(name)); break;
        }
    }
}

std::int32_t Compiler::name_index(std::string_view name) {
    auto const [entry, added] = name_indexes_.emplace(name, static_cast<std::int32_t>(compiled_.names.size()));
    if (added) compiled_.names.push_back({name, find_methods(name)});
    return entry->second;
}

std::int32_t Compiler::name_slot(std::string_view name) {
    auto const next = static_cast<std::int32_t>(builder_->resolved.size());
    return builder_->resolved.emplace(name, first_name_slot + next).first->second;
}

std::int32_t Compiler::locals_table(Frame const& frame) {
    std::vector<Local> locals;
    for (auto const& [name, variable] : frame.symbols->visible_stores()) {
        std::int32_t up = 0;
        auto* level = builder_;
        while (level && level->id != variable->function) {
            level->function->needs_parent = true;
            level = level->parent;
            if (level) level->function->has_closures = true;
            ++up;
        }
        if (level && variable->reg >= 0) locals.push_back({name, up, variable->reg});
    }
    if (locals.empty()) return -1;
    compiled_.locals.push_back(std::move(locals));
    return static_cast<std::int32_t>(compiled_.locals.size()) - 1;
}

// ── Instructions ────────────────────────────────────────────────────────────────────────────────────────────────

std::size_t Compiler::emit(Op op, std::int32_t a, std::int32_t b, std::int32_t c, std::uint8_t flag,
                           std::uint16_t count) {
    auto& function = *builder_->function;
    function.code.push_back({op, flag, count, a, b, c});
    function.positions.push_back(statement_);
    return function.code.size() - 1;
}

void Compiler::patch(std::size_t jump, std::size_t target) {
    auto& instruction = builder_->function->code[jump];
    (instruction.op == Op::LoopNext ? instruction.c : instruction.b) = static_cast<std::int32_t>(target);
}

void Compiler::patch_all(std::vector<std::size_t> const& jumps) {
    for (std::size_t jump : jumps) patch(jump);
}

Compiler::Operand Compiler::allocate() { return allocate(1); }

Compiler::Operand Compiler::allocate(std::size_t count) {
    Operand const first = builder_->next_register;
    builder_->next_register += static_cast<std::int32_t>(count);
    builder_->function->registers = std::max(builder_->function->registers, builder_->next_register);
    return first;
}

Compiler::Operand Compiler::constant(Value value) {
    // Text is kept by the tree and borrowed: copying the constant then shares no counter between threads.
    if (value.is_string() && value.owner()) {
        bool const safe = value.is_markup();
        value = Value(std::string_view(compiled_.tree.texts.emplace_back(value.raw_text())));
        value.set_flag(safe ? 1 : 0);
    }
    compiled_.constants.push_back(std::move(value));
    return ~static_cast<Operand>(compiled_.constants.size() - 1);
}

std::uint8_t Compiler::escape_flag() const noexcept {
    return volatile_ ? flag_dynamic : autoescape_ ? flag_escape : std::uint8_t(0);
}

void Compiler::fail(std::string message, Position position) {
    Error error(ErrorKind::TemplateAssertionError, std::move(message));
    auto const place = place_in(compiled_.tree.source, position.offset);
    error.set_place(compiled_.name, position.line, place.column, place.text);
    throw error;
}

} // namespace hxx::jinja
