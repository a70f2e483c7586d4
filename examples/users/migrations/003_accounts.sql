-- Who may log in. The password is kept as an Argon2id hash.
create table accounts (
    id integer primary key,
    name text not null,
    email text not null unique,
    password_hash text not null
);
