-- The whole schema today, printed from a migrated database: never edit it, see README.md.

create table api_tokens (
    id uuid not null,
    user_id uuid not null,
    name character varying(64) not null,
    hash bytea not null,
    prefix character varying(16) not null,
    permissions text[],
    node_ids uuid[],
    created_by uuid not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone,
    last_used_at timestamp with time zone,
    last_used_from character varying(64),
    revoked_at timestamp with time zone,
    constraint pk_api_tokens PRIMARY KEY (id),
    constraint fk_api_tokens_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_api_tokens_user_id ON public.api_tokens USING btree (user_id);
CREATE UNIQUE INDEX ux_api_tokens_hash ON public.api_tokens USING btree (hash);

create table audit_log (
    id bigint not null generated always as identity,
    at timestamp with time zone not null,
    actor_id uuid not null,
    actor_name character varying(256) not null,
    address character varying(64) not null,
    action character varying(64) not null,
    object_type character varying(64) not null,
    object_id character varying(256) not null,
    object_name character varying(512) not null,
    node_id uuid,
    outcome text not null,
    detail text not null,
    hash bytea,
    constraint pk_audit_log PRIMARY KEY (id),
    constraint ck_audit_log_outcome CHECK ((outcome = ANY (ARRAY['succeeded'::text, 'failed'::text, 'denied'::text])))
);
CREATE INDEX ix_audit_log_actor_id ON public.audit_log USING btree (actor_id);
CREATE INDEX ix_audit_log_at ON public.audit_log USING btree (at);
CREATE INDEX ix_audit_log_object_type_object_id ON public.audit_log USING btree (object_type, object_id);
CREATE TRIGGER audit_log_is_append_only BEFORE DELETE OR UPDATE ON public.audit_log FOR EACH ROW EXECUTE FUNCTION refuse_audit_change();
CREATE TRIGGER audit_log_is_never_emptied BEFORE TRUNCATE ON public.audit_log FOR EACH STATEMENT EXECUTE FUNCTION refuse_audit_change();

create table data_protection_keys (
    name character varying(256) not null,
    xml text not null,
    created_at timestamp with time zone not null,
    constraint pk_data_protection_keys PRIMARY KEY (name)
);

create table environments (
    id uuid not null,
    name character varying(63) not null,
    color character varying(16) not null,
    description character varying(512) not null,
    created_at timestamp with time zone not null,
    constraint pk_environments PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_environments_name ON public.environments USING btree (name);

create table grants (
    id uuid not null,
    user_id uuid,
    role character varying(64) not null,
    node_id uuid,
    created_at timestamp with time zone not null,
    team_id uuid,
    role_id uuid,
    environment_id uuid,
    constraint pk_grants PRIMARY KEY (id),
    constraint ck_grants_role CHECK (((role_id IS NULL) OR ((role)::text = (role_id)::text))),
    constraint ck_grants_scope CHECK ((num_nonnulls(environment_id, node_id) <= 1)),
    constraint ck_grants_subject CHECK ((num_nonnulls(user_id, team_id) = 1)),
    constraint fk_grants_environments_environment_id FOREIGN KEY (environment_id) REFERENCES environments(id) ON DELETE CASCADE,
    constraint fk_grants_nodes_node_id FOREIGN KEY (node_id) REFERENCES nodes(id) ON DELETE CASCADE,
    constraint fk_grants_roles_role_id FOREIGN KEY (role_id) REFERENCES roles(id) ON DELETE CASCADE,
    constraint fk_grants_teams_team_id FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE,
    constraint fk_grants_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_grants_environment_id ON public.grants USING btree (environment_id);
CREATE INDEX ix_grants_node_id ON public.grants USING btree (node_id);
CREATE INDEX ix_grants_role_id ON public.grants USING btree (role_id);
CREATE UNIQUE INDEX ux_grants_environment ON public.grants USING btree (user_id, role, environment_id) WHERE (environment_id IS NOT NULL);
CREATE UNIQUE INDEX ux_grants_everything ON public.grants USING btree (user_id, role) WHERE ((node_id IS NULL) AND (environment_id IS NULL));
CREATE UNIQUE INDEX ux_grants_node ON public.grants USING btree (user_id, role, node_id) WHERE (node_id IS NOT NULL);
CREATE UNIQUE INDEX ux_team_grants_environment ON public.grants USING btree (team_id, role, environment_id) WHERE (environment_id IS NOT NULL);
CREATE UNIQUE INDEX ux_team_grants_everything ON public.grants USING btree (team_id, role) WHERE ((node_id IS NULL) AND (environment_id IS NULL));
CREATE UNIQUE INDEX ux_team_grants_node ON public.grants USING btree (team_id, role, node_id) WHERE (node_id IS NOT NULL);

create table invitations (
    id uuid not null,
    token_hash bytea not null,
    note character varying(256) not null,
    role character varying(64) not null,
    node_id uuid,
    created_by uuid not null,
    created_at timestamp with time zone not null,
    expires_at timestamp with time zone not null,
    constraint pk_invitations PRIMARY KEY (id),
    constraint fk_invitations_nodes_node_id FOREIGN KEY (node_id) REFERENCES nodes(id) ON DELETE CASCADE,
    constraint fk_invitations_users_created_by FOREIGN KEY (created_by) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_invitations_created_by ON public.invitations USING btree (created_by);
CREATE INDEX ix_invitations_node_id ON public.invitations USING btree (node_id);
CREATE UNIQUE INDEX ux_invitations_token_hash ON public.invitations USING btree (token_hash);

create table join_tokens (
    id uuid not null,
    secret_hash bytea not null,
    note character varying(256) not null,
    uses_left integer not null,
    expires_at timestamp with time zone not null,
    labels jsonb not null,
    created_by uuid not null,
    created_at timestamp with time zone not null,
    environment_id uuid,
    constraint pk_join_tokens PRIMARY KEY (id),
    constraint fk_join_tokens_environments_environment_id FOREIGN KEY (environment_id) REFERENCES environments(id) ON DELETE CASCADE
);
CREATE INDEX ix_join_tokens_environment_id ON public.join_tokens USING btree (environment_id);

create table node_events (
    node_id uuid not null,
    epoch integer not null,
    sequence bigint not null,
    at timestamp with time zone not null,
    type character varying(32) not null,
    action character varying(128) not null,
    actor_id character varying(512) not null,
    attributes jsonb not null,
    constraint pk_node_events PRIMARY KEY (node_id, epoch, sequence),
    constraint fk_node_events_nodes_node_id FOREIGN KEY (node_id) REFERENCES nodes(id) ON DELETE CASCADE
);
CREATE INDEX ix_node_events_node_id_at ON public.node_events USING btree (node_id, at);

create table nodes (
    id uuid not null,
    name character varying(128) not null,
    public_key bytea not null,
    hostname character varying(128) not null,
    agent_version character varying(64) not null,
    labels jsonb not null,
    joined_at timestamp with time zone not null,
    event_epoch integer not null,
    last_sequence bigint not null,
    environment_id uuid,
    constraint pk_nodes PRIMARY KEY (id),
    constraint fk_nodes_environments_environment_id FOREIGN KEY (environment_id) REFERENCES environments(id) ON DELETE RESTRICT
);
CREATE INDEX ix_nodes_environment_id ON public.nodes USING btree (environment_id);
CREATE UNIQUE INDEX ux_nodes_name ON public.nodes USING btree (name);

create table registries (
    id uuid not null,
    host character varying(261) not null,
    user_name character varying(256) not null,
    secret text,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    constraint pk_registries PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_registries_host ON public.registries USING btree (host);

create table roles (
    id uuid not null,
    name character varying(64) not null,
    description character varying(512) not null,
    permissions text[] not null,
    created_at timestamp with time zone not null,
    updated_at timestamp with time zone not null,
    constraint pk_roles PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_roles_name ON public.roles USING btree (name);

create table schema_migrations (
    number integer not null,
    name character varying(256) not null,
    checksum character(64) not null,
    applied_at timestamp with time zone not null default now(),
    constraint pk_schema_migrations PRIMARY KEY (number)
);

create table settings (
    key character varying(128) not null,
    value text not null,
    updated_at timestamp with time zone not null,
    constraint pk_settings PRIMARY KEY (key)
);

create table stats_10m (
    subject_id integer not null,
    at timestamp with time zone not null,
    cpu real,
    cpu_peak real,
    cpu_limit real,
    memory real,
    memory_peak real,
    memory_limit real,
    receive_rate real,
    transmit_rate real,
    read_rate real,
    write_rate real,
    disk real,
    disk_limit real,
    load1 real,
    constraint pk_stats_10m PRIMARY KEY (subject_id, at)
) partition by RANGE (at);
CREATE INDEX ix_stats_10m_at ON ONLY public.stats_10m USING brin (at);

create table stats_10s (
    subject_id integer not null,
    at timestamp with time zone not null,
    cpu real,
    cpu_peak real,
    cpu_limit real,
    memory real,
    memory_peak real,
    memory_limit real,
    receive_rate real,
    transmit_rate real,
    read_rate real,
    write_rate real,
    disk real,
    disk_limit real,
    load1 real,
    constraint pk_stats_10s PRIMARY KEY (subject_id, at)
) partition by RANGE (at);
CREATE INDEX ix_stats_10s_at ON ONLY public.stats_10s USING brin (at);

create table stats_1m (
    subject_id integer not null,
    at timestamp with time zone not null,
    cpu real,
    cpu_peak real,
    cpu_limit real,
    memory real,
    memory_peak real,
    memory_limit real,
    receive_rate real,
    transmit_rate real,
    read_rate real,
    write_rate real,
    disk real,
    disk_limit real,
    load1 real,
    constraint pk_stats_1m PRIMARY KEY (subject_id, at)
) partition by RANGE (at);
CREATE INDEX ix_stats_1m_at ON ONLY public.stats_1m USING brin (at);

create table stats_rollups (
    step integer not null,
    done_until timestamp with time zone not null,
    constraint pk_stats_rollups PRIMARY KEY (step)
);

create table stats_subjects (
    id integer not null generated by default as identity,
    node_id uuid not null,
    container_id character varying(64) not null,
    name character varying(256) not null,
    first_seen_at timestamp with time zone not null,
    constraint pk_stats_subjects PRIMARY KEY (id),
    constraint fk_stats_subjects_nodes_node_id FOREIGN KEY (node_id) REFERENCES nodes(id) ON DELETE CASCADE
);
CREATE INDEX ix_stats_subjects_node_id_name ON public.stats_subjects USING btree (node_id, name);
CREATE UNIQUE INDEX ux_stats_subjects_node_id_container_id ON public.stats_subjects USING btree (node_id, container_id);

create table team_members (
    team_id uuid not null,
    user_id uuid not null,
    added_at timestamp with time zone not null,
    constraint pk_team_members PRIMARY KEY (team_id, user_id),
    constraint fk_team_members_teams_team_id FOREIGN KEY (team_id) REFERENCES teams(id) ON DELETE CASCADE,
    constraint fk_team_members_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_team_members_user_id ON public.team_members USING btree (user_id);

create table teams (
    id uuid not null,
    name character varying(64) not null,
    description character varying(512) not null,
    created_at timestamp with time zone not null,
    constraint pk_teams PRIMARY KEY (id)
);
CREATE UNIQUE INDEX ux_teams_name ON public.teams USING btree (name);

create table user_claims (
    id integer not null generated by default as identity,
    user_id uuid not null,
    claim_type text,
    claim_value text,
    constraint pk_user_claims PRIMARY KEY (id),
    constraint fk_user_claims_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_user_claims_user_id ON public.user_claims USING btree (user_id);

create table user_logins (
    login_provider character varying(128) not null,
    provider_key character varying(128) not null,
    provider_display_name text,
    user_id uuid not null,
    constraint pk_user_logins PRIMARY KEY (login_provider, provider_key),
    constraint fk_user_logins_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_user_logins_user_id ON public.user_logins USING btree (user_id);

create table user_passkeys (
    credential_id bytea not null,
    user_id uuid not null,
    data jsonb not null,
    constraint pk_user_passkeys PRIMARY KEY (credential_id),
    constraint fk_user_passkeys_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_user_passkeys_user_id ON public.user_passkeys USING btree (user_id);

create table user_preferences (
    user_id uuid not null,
    key character varying(64) not null,
    value character varying(1024) not null,
    constraint pk_user_preferences PRIMARY KEY (user_id, key),
    constraint fk_user_preferences_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table user_sessions (
    id uuid not null,
    user_id uuid not null,
    created_at timestamp with time zone not null,
    last_seen_at timestamp with time zone not null,
    address character varying(64) not null,
    browser character varying(256) not null,
    method character varying(128) not null,
    constraint pk_user_sessions PRIMARY KEY (id),
    constraint fk_user_sessions_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);
CREATE INDEX ix_user_sessions_user_id ON public.user_sessions USING btree (user_id);
CREATE TRIGGER user_sessions_tell_ended AFTER DELETE ON public.user_sessions FOR EACH ROW EXECUTE FUNCTION tell_ended_session();

create table user_tokens (
    user_id uuid not null,
    login_provider character varying(128) not null,
    name character varying(128) not null,
    value text,
    constraint pk_user_tokens PRIMARY KEY (user_id, login_provider, name),
    constraint fk_user_tokens_users_user_id FOREIGN KEY (user_id) REFERENCES users(id) ON DELETE CASCADE
);

create table users (
    id uuid not null,
    user_name character varying(256),
    normalized_user_name character varying(256),
    email character varying(256),
    normalized_email character varying(256),
    email_confirmed boolean not null,
    password_hash text,
    security_stamp text,
    concurrency_stamp text,
    phone_number character varying(256),
    phone_number_confirmed boolean not null,
    two_factor_enabled boolean not null,
    lockout_end timestamp with time zone,
    lockout_enabled boolean not null,
    access_failed_count integer not null,
    display_name character varying(256) not null,
    must_change_password boolean not null,
    disabled_at timestamp with time zone,
    created_at timestamp with time zone not null,
    last_sign_in_at timestamp with time zone,
    is_service_account boolean not null,
    constraint pk_users PRIMARY KEY (id)
);
CREATE INDEX ix_users_normalized_email ON public.users USING btree (normalized_email);
CREATE UNIQUE INDEX ux_users_normalized_user_name ON public.users USING btree (normalized_user_name);

CREATE OR REPLACE FUNCTION public.refuse_audit_change()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    if tg_op = 'DELETE' and current_setting('portal.audit_retention', true) = 'on' then
        return old;
    end if;

    raise exception 'The audit log is append-only: % is refused.', lower(tg_op)
        using errcode = 'insufficient_privilege';
end
$function$;

CREATE OR REPLACE FUNCTION public.tell_ended_session()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
begin
    perform pg_notify('portal_sessions', old.id::text);
    return old;
end
$function$;
