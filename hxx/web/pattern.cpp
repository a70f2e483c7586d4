#include "hxx/web/pattern.hpp"

namespace hxx::pattern {

std::string_view explain(Mistake mistake) noexcept {
    switch (mistake) {
    case Mistake::None: return "nothing is wrong";
    case Mistake::MustStartWithSlash: return "it must start with '/'";
    case Mistake::UnbalancedBrace: return "a brace is not balanced";
    case Mistake::TwoParametersInOneSegment: return "one segment has two parameters";
    case Mistake::BadParameterName: return "a parameter's name is no identifier";
    case Mistake::UnknownConverter: return "a converter is unknown (use int, float, uuid, str or path)";
    case Mistake::DuplicateParameter: return "a parameter occurs twice";
    case Mistake::PathConverterMustBeLast: return "a 'path' parameter must be the whole last segment";
    case Mistake::TooManyParameters: return "it has more than 16 parameters";
    }
    return "it is not a pattern";
}

} // namespace hxx::pattern
