// Everything that the source of a compiled template needs.
#pragma once

#include "hxx/compiled/checks.hpp"
#include "hxx/compiled/filters.hpp"
#include "hxx/compiled/operations.hpp"
#include "hxx/compiled/statements.hpp"
#include "hxx/compiled/values.hpp"
#include "hxx/jinja/native_template.hpp"
#include "hxx/jinja/static_module.hpp"
