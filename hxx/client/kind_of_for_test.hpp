// For this room's tests: how a request fails.
#pragma once

#include "hxx/async/sync_wait.hpp"
#include "hxx/client/client.hpp"

#include <gtest/gtest.h>

#include <string>
#include <utility>

namespace hxx::http::test {

/// The error's kind, and its text; a failure of the test if there is none.
inline ClientErrorKind kind_of(Task<Reply> task, std::string* text = nullptr) {
    try {
        auto const reply = sync_wait(std::move(task));
        ADD_FAILURE() << "no error but " << reply.status() << " " << reply.text().substr(0, 80);
    } catch (ClientError const& error) {
        if (text != nullptr) *text = error.what();
        return error.kind();
    }
    return ClientErrorKind::Status;
}

} // namespace hxx::http::test
