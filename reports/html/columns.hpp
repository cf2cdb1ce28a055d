#pragma once

#include <initializer_list>
#include <utility>

#include "harness/trial/json_fields.hpp"

namespace asyncbench {

// Tables as the data of a page has them: an object of columns.

Json columns_named(std::initializer_list<const char*> names);

/// Adds a row; the columns have to be there.
void add_row(Json& columns, std::initializer_list<std::pair<const char*, Json>> row);

}  // namespace asyncbench
