create table users (
    id integer primary key,
    name text not null,
    email text not null unique,
    age integer not null check (age > 0 and age < 150)
);
create index users_by_name on users (name, id);
