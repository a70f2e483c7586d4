// What the program keeps, and what it takes in.
#pragma once

#include <hxx/reflect/annotated.hpp>

#include <cstdint>
#include <string>

struct User {
    std::int64_t id = 0;
    std::string name, email;
    int age = 0;
};

/// The form for a new user, and for changing one.
struct UserForm {
    hxx::Annotated<std::string, hxx::Trim{}, hxx::MinLength{1}, hxx::MaxLength{100}> name;
    hxx::Annotated<std::string, hxx::Trim{}, hxx::ToLower{}, hxx::Email{}, hxx::MaxLength{254}> email;
    hxx::Annotated<int, hxx::Gt{0}, hxx::Lt{150}> age;
};

/// Somebody who can log in.
struct Account {
    std::int64_t id = 0;
    std::string name, email;
};

struct SignUpForm {
    hxx::Annotated<std::string, hxx::Trim{}, hxx::MinLength{1}, hxx::MaxLength{100}> name;
    hxx::Annotated<std::string, hxx::Trim{}, hxx::ToLower{}, hxx::Email{}, hxx::MaxLength{254}> email;
    hxx::Annotated<std::string, hxx::MinLength{8}, hxx::MaxLength{200}, hxx::Secret{}> password;
};

struct LogInForm {
    hxx::Annotated<std::string, hxx::Trim{}, hxx::ToLower{}, hxx::MinLength{1}> email;
    hxx::Annotated<std::string, hxx::MinLength{1}, hxx::MaxLength{200}, hxx::Secret{}> password;
};

/// As the weather service sends it.
struct Weather {
    std::string city, sky;
    int celsius = 0;
};
