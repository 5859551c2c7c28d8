import Deploys
import SQLite

/// Images as rows, by what they were made of. The appling of an app without any is empty.
struct KeptImageTable {
    let database: Database

    /// Of an appling: branches take turns, and a change is taken back now and then.
    static let maxKeptImages = 20

    func find(_ fingerprint: BuildFingerprint, of app: AppID, appling: String?) throws -> KeptImage? {
        try database.run(
            "SELECT image, build FROM kept_images WHERE app = ? AND appling = ? AND fingerprint = ?",
            [.text(app.key), .text(appling ?? ""), .text(fingerprint.text)]
        ).first.map { row in
            KeptImage(
                app: app, appling: appling, fingerprint: fingerprint, image: ImageReference(row.text("image")),
                build: row.int("build"))
        }
    }

    func keep(_ kept: KeptImage) throws {
        let (app, appling) = (SQLiteValue.text(kept.app.key), SQLiteValue.text(kept.appling ?? ""))
        // A slower build that began earlier does not take the place of a newer one.
        try database.run(
            """
            INSERT INTO kept_images (app, appling, fingerprint, image, build) VALUES (?, ?, ?, ?, ?)
            ON CONFLICT DO UPDATE SET image = excluded.image, build = excluded.build WHERE excluded.build >= build
            """,
            [app, appling, .text(kept.fingerprint.text), .text(kept.image.text), .integer(kept.build)])
        try database.run(
            """
            DELETE FROM kept_images WHERE app = ?1 AND appling = ?2 AND build <= (
                SELECT build FROM kept_images WHERE app = ?1 AND appling = ?2
                ORDER BY build DESC LIMIT 1 OFFSET \(Self.maxKeptImages))
            """, [app, appling])
    }
}
