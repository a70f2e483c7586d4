#include "hxx/security/app_secrets.hpp"

#include "hxx/base/log.hpp"
#include "hxx/model/settings.hpp"

#include <sstream>
#include <utility>
#include <vector>

namespace hxx {

namespace {

bool is_set(Settings const& settings) {
    return settings.find("SECRET").value_or("") != "" || settings.find("SECRET_FILE").value_or("") != "";
}

Secrets secrets_of(Settings const& settings) {
    if (!is_set(settings)) return Secrets::random();
    std::vector<std::string> former;
    std::istringstream words(settings.get("SECRET_FORMER", ""));
    for (std::string word; words >> word;) former.push_back(word);
    return Secrets(settings.secret("SECRET"), std::move(former));
}

} // namespace

AppSecrets::AppSecrets(Secrets secrets, bool passing)
    : secrets_(std::move(secrets)), session_(secrets_, "session"), csrf_(secrets_, "csrf"), passing_(passing) {}
AppSecrets::AppSecrets(Secrets secrets) : AppSecrets(std::move(secrets), false) {}
AppSecrets::AppSecrets(Settings const& settings) : AppSecrets(secrets_of(settings), !is_set(settings)) {}

std::string AppSecrets::derive(std::string_view purpose) {
    note();
    return Signer(secrets_, "derived: " + std::string(purpose)).digest("");
}

void AppSecrets::note() {
    if (passing_)
        std::call_once(said_, [] {
            log::warn("SECRET is not set: sessions and open forms end with this process. Set it in the environment or "
                      "in .env, to what `openssl rand -base64 32` prints.");
        });
}

} // namespace hxx
