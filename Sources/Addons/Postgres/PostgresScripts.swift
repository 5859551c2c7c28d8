/// What psql is told to do. Values are psql's variables, or go through `format`, never into the text; and names are
/// looked up in `pg_catalog` alone, since apps own what else is in their databases.
enum PostgresScripts {
    /// Run in an app's database, by whomever: a line of JSON, see `PostgresState`.
    static let look = """
        SET search_path = pg_catalog;
        SELECT json_build_object(
            'mark', shobj_description(r.oid, 'pg_authid'),
            'databaseMark', shobj_description(d.oid, 'pg_database'),
            'owner', pg_get_userbyid(d.datdba),
            'powers', (SELECT coalesce(json_agg(p.power), '[]') FROM \(powers)),
            'isOpen', has_database_privilege('public', d.oid, 'CONNECT'),
            'others', (SELECT coalesce(json_agg(o.datname ORDER BY o.datname), '[]') FROM pg_database o
                WHERE o.datallowconn AND o.oid <> d.oid AND has_database_privilege(r.oid, o.oid, 'CONNECT')),
            'extensions', (SELECT coalesce(json_agg(json_build_object(
                    'name', e.extname, 'isTheirs', e.extowner = r.oid,
                    'isNeeded', EXISTS (SELECT FROM pg_depend n
                        WHERE n.classid = 'pg_extension'::regclass AND n.refclassid = 'pg_extension'::regclass
                        AND n.refobjid = e.oid)) ORDER BY e.extname), '[]') FROM pg_extension e))
        FROM pg_database d, pg_roles r
        WHERE d.datname = current_database() AND r.rolname = :'name';

        """

    /// Run by the admin, begins in the admin's database and ends in the app's. Prints a line of JSON that begins with
    /// `refusal` when something is in the way; else that of `look`. The role is set once more since an app, which owns
    /// its database, may have everyone who connects act as another one (PostgreSQL documentation, "ALTER DATABASE").
    static let make = """
        \(settings)
        SELECT current_user AS admin \\gset
        SELECT count(*) > 0 AS has_role,
            count(*) > 0 AND NOT coalesce(bool_or(shobj_description(oid, 'pg_authid') = :'mark'), false) AS is_foreign,
            json_build_object('refusal', 'role', 'comment', max(shobj_description(oid, 'pg_authid'))) AS refusal
        FROM pg_roles WHERE rolname = :'name' \\gset
        \(refuse)
        SELECT count(*) > 0 AS is_foreign,
            json_build_object('refusal', 'powers', 'powers', json_agg(p.power)) AS refusal
        FROM pg_roles r, LATERAL \(powers) AND r.rolname = :'name' \\gset
        \(refuse)
        SELECT count(*) > 0 AS has_database, coalesce(bool_or(pg_get_userbyid(datdba) <> :'name'), false) AS is_foreign,
            json_build_object('refusal', 'database', 'owner', max(pg_get_userbyid(datdba))) AS refusal
        FROM pg_database WHERE datname = :'name' \\gset
        \(refuse)
        SELECT count(*) > 0 AS is_foreign, json_build_object('refusal', 'extensions', 'unknown', json_agg(w.name),
            'known', (SELECT json_agg(name ORDER BY name) FROM pg_available_extensions)) AS refusal
        FROM json_array_elements_text(:'extensions'::json) w(name)
        WHERE NOT EXISTS (SELECT FROM pg_available_extensions a WHERE a.name = w.name) \\gset
        \(refuse)
        \(role)
        \(database)
        \\connect :"name"
        SET ROLE :"admin";
        \(settings)
        \(contents)
        \(marking)
        \(look)
        """

    /// What would let the app of a role `r` into everybody's databases, or fill the server with its own.
    private static let powers = """
        (VALUES ('SUPERUSER', r.rolsuper), ('CREATEROLE', r.rolcreaterole), ('CREATEDB', r.rolcreatedb),
            ('REPLICATION', r.rolreplication), ('BYPASSRLS', r.rolbypassrls)) p(power, is_given) WHERE p.is_given
        """

    private static let refuse = """
        \\if :is_foreign
        \\echo :refusal
        \\quit
        \\endif
        """

    /// The lock is given back with the connection, and is another one in each database.
    private static let settings = """
        SET search_path = pg_catalog;
        SET client_min_messages = error;
        SET lock_timeout = '10s';
        SET statement_timeout = '50s';
        SELECT pg_advisory_lock(:'lock'::bigint) \\g /dev/null
        """

    /// With its mark in one transaction, so that it is never taken for somebody else's. Whoever is no superuser has to
    /// be a member to give it a database, and to look after that: from version 16 on, who makes a role is its
    /// administrator, and neither inherits from it nor may act as it before that is granted, too (PostgreSQL 16
    /// documentation, 22.2 "Role Attributes", and `createrole_self_grant` in 20.11.1).
    private static let role = """
        \\if :has_role
        \\if :sets_password
        ALTER ROLE :"name" LOGIN PASSWORD :'verifier';
        \\endif
        \\else
        BEGIN;
        CREATE ROLE :"name" LOGIN NOSUPERUSER NOCREATEDB NOCREATEROLE PASSWORD :'verifier';
        COMMENT ON ROLE :"name" IS :'mark';
        COMMIT;
        \\endif
        SELECT NOT rolsuper AS is_plain, current_setting('server_version_num')::int >= 160000 AS has_options
        FROM pg_roles WHERE rolname = current_user \\gset
        \\if :is_plain
        \\if :has_options
        GRANT :"name" TO CURRENT_USER WITH INHERIT TRUE, SET TRUE;
        \\else
        GRANT :"name" TO CURRENT_USER;
        \\endif
        \\endif
        """

    /// Of `template0`, to which nobody connects: another one can't be copied while somebody does.
    private static let database = """
        \\if :has_database
        \\else
        SELECT format('CREATE DATABASE %I OWNER %I TEMPLATE template0 ENCODING %L', :'name', :'name',
            CASE WHEN datctype IN ('C', 'POSIX') THEN 'UTF8' ELSE pg_encoding_to_char(encoding) END)
        FROM pg_database WHERE datname = 'template0' \\gexec
        COMMENT ON DATABASE :"name" IS :'new_mark';
        \\endif
        REVOKE ALL ON DATABASE :"name" FROM PUBLIC;
        """

    /// Extensions are put where their names are found first, which nobody else may look up names in.
    private static let contents = """
        SELECT format('ALTER SCHEMA public OWNER TO %I', :'name') FROM pg_namespace
        WHERE nspname = 'public' AND pg_get_userbyid(nspowner) <> :'name'
            AND pg_has_role(current_user, nspowner, 'USAGE') \\gexec
        SELECT 'SET search_path = public', format('CREATE EXTENSION IF NOT EXISTS %I CASCADE', w.name),
            'SET search_path = pg_catalog'
        FROM json_array_elements_text(:'extensions'::json) w(name)
        WHERE NOT EXISTS (SELECT FROM pg_extension e WHERE e.extname = w.name) \\gexec
        """

    /// A database of which people are told stays so until `told`; one that is somebody's gift to the app is not. What
    /// the app itself says of its database stays.
    private static let marking = """
        SELECT coalesce(c NOT IN (:'mark', :'new_mark') AND c LIKE 'Iterapp''s %, installation %', true) AS is_unmarked
        FROM pg_database, shobj_description(oid, 'pg_database') c WHERE datname = :'name' \\gset
        \\if :is_unmarked
        COMMENT ON DATABASE :"name" IS :'mark';
        \\endif
        """

    /// Run by the app's role, to whom its database belongs.
    static let told = """
        SET search_path = pg_catalog;
        SELECT coalesce(shobj_description(oid, 'pg_database') = :'new_mark', false) AS is_new
        FROM pg_database WHERE datname = :'name' \\gset
        \\if :is_new
        COMMENT ON DATABASE :"name" IS :'mark';
        \\endif

        """
}
