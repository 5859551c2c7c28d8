extension Schema {
    /// The newest images of each appling, by what they were made of.
    static let keptImages = """
        CREATE TABLE kept_images (
            app TEXT NOT NULL,
            appling TEXT NOT NULL,
            fingerprint TEXT NOT NULL,
            image TEXT NOT NULL,
            build INTEGER NOT NULL,
            PRIMARY KEY (app, appling, fingerprint)
        ) STRICT, WITHOUT ROWID;
        """
}
