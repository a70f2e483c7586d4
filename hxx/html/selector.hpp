// CSS selectors (Selectors Level 4, the part that Document::select names), read into a form that is matched from right
// to left. For this room's sources.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

struct GumboInternalNode;

namespace hxx::dom {

struct AttributeTest {
    std::string name, value;
    char op = '\0'; // '\0': it is there; '=', or the character before "=" (^ $ * ~ |)
    bool ignore_case = false;
};

struct PositionTest {
    int step = 0, offset = 1; // the elements number step * n + offset, counted from 1
    bool from_end = false;
};

enum class State : unsigned char { Empty, Checked, Disabled };

struct Compound;

/// Compounds from left to right, each with the combinator that leads to it from the one before.
struct Complex {
    std::vector<Compound> compounds;
};

struct Compound {
    char combinator = ' '; // ' ' '>' '+' '~'
    std::string tag;       // empty: any
    std::vector<std::string> ids, classes;
    std::vector<AttributeTest> attributes;
    std::vector<PositionTest> positions;
    std::vector<State> states;
    std::vector<Complex> excluded; // :not(…)
};

class Selector {
  public:
    /// Throws std::invalid_argument with the place of the mistake.
    explicit Selector(std::string_view text);
    [[nodiscard]] bool matches(GumboInternalNode const* element) const;

  private:
    std::vector<Complex> alternatives_;
};

} // namespace hxx::dom
