/// Names of Postgres extensions.
enum PostgresExtension {
    static func verdict(on text: String) -> Format.Verdict {
        let bytes = Array(text.utf8)
        // PostgreSQL, "Identifiers and Key Words": names have at most NAMEDATALEN - 1 bytes.
        guard (1...63).contains(bytes.count), (0x61...0x7A).contains(bytes[0]),
            bytes.allSatisfy({ Names.isLowerOrDigit($0) || $0 == 0x2D || $0 == 0x5F })
        else {
            return .wrong(
                known.contains(text.lowercased())
                    ? "did you mean \"\(text.lowercased())\"?"
                    : "it consists of a-z, 0-9, `-` and `_`, and begins with a letter")
        }
        // The server decides which it has; here, only what looks like a misspelt one is told.
        guard !known.contains(text), let near = nearest(to: text, in: known) else { return .right }
        return .doubtful("`\(text)` is no extension that is known here; did you mean `\(near)`?")
    }

    /// What Cloud SQL for PostgreSQL 14 offers (https://cloud.google.com/sql/docs/postgres/extensions).
    private static let known = [
        "address_standardizer", "address_standardizer_data_us", "amcheck", "anon", "auto_explain", "autoinc",
        "bloom", "btree_gin", "btree_gist", "citext", "cube", "dblink", "decoderbufs", "dict_int", "dict_xsyn",
        "earthdistance", "fuzzystrmatch", "google_ml_integration", "hll", "hstore", "hypopg", "insert_username",
        "intagg", "intarray", "ip4r", "isn", "lo", "ltree", "moddatetime", "oracle_fdw", "orafce", "pageinspect",
        "pg_background", "pg_bigm", "pg_buffercache", "pg_cron", "pg_freespacemap", "pg_hint_plan", "pg_partman",
        "pg_prewarm", "pg_proctab", "pg_repack", "pg_similarity", "pg_squeeze", "pg_stat_statements", "pg_trgm",
        "pg_visibility", "pg_wait_sampling", "pgaudit", "pgcrypto", "pgfincore", "pglogical", "pgrouting",
        "pgrowlocks", "pgstattuple", "pgtap", "pgtt", "plpgsql", "plproxy", "plv8", "postgis", "postgis_raster",
        "postgis_sfcgal", "postgis_tiger_geocoder", "postgis_topology", "postgres_fdw", "prefix", "rdkit",
        "refint", "sslinfo", "tablefunc", "tcn", "tds_fdw", "temporal_tables", "tsm_system_rows",
        "tsm_system_time", "unaccent", "uuid-ossp", "vector",
    ]
}
