-- What people chose for themselves alone, such as the columns of a list.
create table user_preferences (
    user_id uuid not null,
    key varchar(64) not null,
    value varchar(1024) not null,
    constraint pk_user_preferences primary key (user_id, key),
    constraint fk_user_preferences_users_user_id foreign key (user_id) references users (id) on delete cascade
);
