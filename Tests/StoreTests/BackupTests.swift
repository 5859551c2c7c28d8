import Deploys
import Foundation
import SQLite
import TestSupport
import XCTest

@testable import Store

final class BackupTests: XCTestCase {
    private func sentence(_ body: () throws(KeepingError) -> Void) -> String? {
        do throws(KeepingError) { try body() } catch { return error.sentence }
        return nil
    }

    private func names(_ directory: URL) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: directory.path).sorted()
    }

    func testABackupHoldsWhatWasAcknowledgedAndCountsIt() async throws {
        try await withSQLiteJournal { journal, directory in
            _ = try await journal.take(.deploy(), notices: [detail("1")])
            let done = try await journal.take(.deploy(dogs), notices: [detail("2")])
            try await journal.end(done)
            let target = directory.deletingLastPathComponent().appending(path: "\(UUID()).db")
            defer { try? FileManager.default.removeItem(at: target) }
            let summary = try JournalBackup.make(of: directory.path, at: target.path, overwriting: false)
            XCTAssertEqual(
                [summary.format, summary.apps, summary.operations, summary.unfinished, summary.waitingNotices],
                [Schema.steps.count, 0, 2, 1, 2])
            XCTAssertEqual(DiskFile.bytes(target.path), summary.bytes)
            let attributes = try FileManager.default.attributesOfItem(atPath: target.path)
            XCTAssertEqual(attributes[.posixPermissions] as? Int, 0o600)
            for companion in JournalCopy.companions(of: target.path) + [target.path + ".part"] {
                XCTAssertFalse(DiskFile.exists(companion), companion)
            }
            let copy = try Database(path: target.path, makesFile: false)
            XCTAssertEqual(try copy.run("PRAGMA journal_mode").first?.text("journal_mode"), "delete")
            copy.close()
            // The service goes on.
            _ = try await journal.take(.deploy(key: "later"))
        }
    }

    /// Copies that are made in portions begin anew whenever somebody writes; this one is of one moment.
    func testABackupBesideABusyWriterEndsAndIsOfOneMoment() async throws {
        try await withSQLiteJournal { journal, directory in
            // Many portions, so that there is a between.
            try await journal.writer.run { database in
                try database.execute("CREATE TABLE ballast (x BLOB)")
                for _ in 0..<40 { try database.execute("INSERT INTO ballast VALUES (zeroblob(1 << 20))") }
            }
            let writing = Task {
                var count = 0
                while !Task.isCancelled {
                    _ = try await journal.take(.deploy(key: "\(count)"), notices: [detail("1"), detail("2")])
                    count += 1
                }
                return count
            }
            let target = directory.appending(path: "copy.db").path
            for _ in 0..<3 {
                let summary = try JournalBackup.make(of: directory.path, at: target, overwriting: true)
                XCTAssertEqual(summary.waitingNotices, 2 * summary.operations)
            }
            writing.cancel()
            let written = try await writing.value
            XCTAssertGreaterThan(written, 0)
        }
    }

    func testWhatStandsInTheWayIsSaidAndNothingIsLeft() async throws {
        try await withSQLiteJournal { journal, directory in
            let here = directory.path
            let before = try names(directory)
            let nowhere = sentence { () throws(KeepingError) in
                _ = try JournalBackup.make(of: here + "/none", at: here + "/a.db", overwriting: false)
            }
            XCTAssertEqual(nowhere, "There is no state directory \(here)/none; name it in ITERAPP_STATE_DIR.")
            let empty = directory.appending(path: "empty")
            try FileManager.default.createDirectory(at: empty, withIntermediateDirectories: true)
            let noJournal = sentence { () throws(KeepingError) in
                _ = try JournalBackup.make(of: empty.path, at: here + "/a.db", overwriting: false)
            }
            XCTAssertEqual(
                noJournal, "There is no journal in \(empty.path); name its state directory in ITERAPP_STATE_DIR.")
            let noFolder = sentence { () throws(KeepingError) in
                _ = try JournalBackup.make(of: here, at: here + "/none/a.db", overwriting: false)
            }
            XCTAssertEqual(noFolder, "There is no folder \(here)/none for the backup; make it, or name another file.")
            let folder = sentence { () throws(KeepingError) in
                _ = try JournalBackup.make(of: here, at: empty.path, overwriting: true)
            }
            XCTAssertEqual(folder, "\(empty.path) is a folder; name a file.")
            for name in ["iterapp.db", "iterapp.db-wal"] {
                let own = sentence { () throws(KeepingError) in
                    _ = try JournalBackup.make(of: here, at: here + "/" + name, overwriting: true)
                }
                XCTAssertEqual(own, "\(here)/\(name) is one of the journal's own files; name another one.")
            }
            try FileManager.default.removeItem(at: empty)
            XCTAssertEqual(try names(directory), before)
        }
    }

    func testAFileThatExistsGivesWayOnlyWhenAsked() async throws {
        try await withSQLiteJournal { journal, directory in
            let target = directory.appending(path: "kept.db")
            try Data("precious".utf8).write(to: target)
            let refused = sentence { () throws(KeepingError) in
                _ = try JournalBackup.make(of: directory.path, at: target.path, overwriting: false)
            }
            XCTAssertEqual(refused, "\(target.path) exists; name another file, or say --overwrite.")
            XCTAssertEqual(try Data(contentsOf: target), Data("precious".utf8))
            _ = try JournalBackup.make(of: directory.path, at: target.path, overwriting: true)
            XCTAssertNotEqual(try Data(contentsOf: target), Data("precious".utf8))
            // Somebody else was faster, between the look and the end.
            let copy = try JournalCopy(for: target.path)
            XCTAssertThrowsError(try copy.put(at: target.path, overwriting: false))
        }
    }

    func testADiskThatIsTooSmallLeavesTheOldBackupAlone() async throws {
        try await SmallDisk.with(mebibytes: 2, unavailable: { XCTSkip($0) }) { disk in
            try await withSQLiteJournal { journal, directory in
                let target = disk.directory.appending(path: "a.db")
                _ = try JournalBackup.make(of: directory.path, at: target.path, overwriting: false)
                let old = try Data(contentsOf: target)
                try await journal.writer.run { database in
                    try database.execute("CREATE TABLE ballast (x BLOB); INSERT INTO ballast VALUES (zeroblob(3 << 20))")
                }
                let full = sentence { () throws(KeepingError) in
                    _ = try JournalBackup.make(of: directory.path, at: target.path, overwriting: true)
                }
                XCTAssertTrue(full?.contains("the disk that holds \(target.path).part is full") ?? false, full ?? "-")
                XCTAssertEqual(try Data(contentsOf: target), old)
                XCTAssertEqual(try names(disk.directory), ["a.db"])
            }
        }
    }

    func testADamagedJournalIsNotBackedUpAsIfItWereWhole() async throws {
        try await withTemporaryDirectory { directory in
            let journal = try await SQLiteJournal.open(directory)
            for index in 0..<50 { _ = try await journal.take(.deploy(key: "\(index)"), notices: [detail("1")]) }
            await journal.close()
            let file = directory.appending(path: "iterapp.db")
            var bytes = try Data(contentsOf: file)
            for index in 4_096 * 3..<bytes.count - 4_096 where index % 97 == 0 { bytes[index] ^= 0xff }
            try bytes.write(to: file)
            let damaged = sentence { () throws(KeepingError) in
                _ = try JournalBackup.make(of: directory.path, at: directory.path + "/a.db", overwriting: false)
            }
            XCTAssertTrue(damaged?.contains("damaged") ?? false, damaged ?? "no error")
            XCTAssertFalse(DiskFile.exists(directory.path + "/a.db"))
        }
    }

    func testWhatAnInterruptedBackupLeftIsNoHindrance() async throws {
        try await withSQLiteJournal { journal, directory in
            let target = directory.appending(path: "a.db").path
            try Data(repeating: 7, count: 100_000).write(to: URL(filePath: target + ".part"))
            try Data(repeating: 7, count: 1_000).write(to: URL(filePath: target + ".part-journal"))
            let summary = try JournalBackup.make(of: directory.path, at: target, overwriting: false)
            XCTAssertEqual(summary.operations, 0)
            XCTAssertFalse(DiskFile.exists(target + ".part-journal"))
            // Two at the same time do not write into one file.
            let other = try JournalCopy(for: target)
            let second = sentence { () throws(KeepingError) in
                _ = try JournalBackup.make(of: directory.path, at: target, overwriting: true)
            }
            XCTAssertEqual(second, "\(other.path) is being written by another process; wait until that one is done.")
        }
    }
}
