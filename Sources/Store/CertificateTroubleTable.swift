import Deploys
import struct Foundation.Date
import SQLite

/// Troubles of certificates that people were told of, as rows.
struct CertificateTroubleTable {
    let database: Database

    func all() throws -> [ToldTrouble] {
        try database.run("SELECT * FROM certificate_troubles ORDER BY namespace, name, kind").compactMap { row in
            let certificate = CertificateName(namespace: row.text("namespace"), name: row.text("name"))
            // A kind that only a newer version knows was told by that one.
            return CertificateTrouble.Kind(rawValue: row.text("kind")).map { ToldTrouble(certificate, $0) }
        }
    }

    /// Whether it was not there.
    func insert(_ trouble: ToldTrouble, at now: Date) throws -> Bool {
        try database.run(
            """
            INSERT INTO certificate_troubles (namespace, name, kind, told_at) VALUES (?, ?, ?, ?)
            ON CONFLICT (namespace, name, kind) DO NOTHING
            """,
            [
                .text(trouble.certificate.namespace), .text(trouble.certificate.name), .text(trouble.kind.rawValue),
                .date(now),
            ])
        return database.changedRows == 1
    }

    /// Whether any was there.
    func remove(of certificate: CertificateName) throws -> Bool {
        try database.run(
            "DELETE FROM certificate_troubles WHERE namespace = ? AND name = ?",
            [.text(certificate.namespace), .text(certificate.name)])
        return database.changedRows > 0
    }
}
