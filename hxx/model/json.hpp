// JSON in both directions: parse_json<T>(text, "body", report), to_json(value).
#pragma once

#include "hxx/model/json_reader.hpp"
#include "hxx/model/json_writer.hpp"
