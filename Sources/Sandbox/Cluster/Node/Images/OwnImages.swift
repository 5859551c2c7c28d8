import Foundation

/// The images that the demo brings along: of its own program, for scheduled tasks, of servers that apps are given, and
/// of a few tools for the node.
/// Each is made when it is first needed, and stays in the engine for the next demo.
actor OwnImages {
    private nonisolated let executor = BlockingExecutor(label: "iterapp.own-images")
    nonisolated var unownedExecutor: UnownedSerialExecutor { executor.asUnownedSerialExecutor() }

    struct Failure: Error, Equatable, CustomStringConvertible {
        let description: String
    }

    private let engine: DockerEngineClient
    private let programs: [ProgramImage]
    private let toolsTag: String
    private var making: [String: Task<Result<Void, Failure>, Never>] = [:]

    static let repository = "iterapp"
    private static let label = "LABEL no.iterapp.demo=1"

    /// - Parameters:
    ///   - toolsTag: the tag of the node's tools.
    init(engine: DockerEngineClient, programs: [ProgramImage], toolsTag: String) {
        self.engine = engine
        self.programs = programs
        self.toolsTag = toolsTag
    }

    /// Whether the image is one of the demo's own.
    nonisolated func isOwn(_ reference: String) -> Bool { programs.contains { $0.reference == reference } }

    /// A program's image; does nothing when the engine has it.
    func makeProgram(_ reference: String) async throws(Failure) {
        guard let program = programs.first(where: { $0.reference == reference }) else {
            throw Failure(description: "there is no program to make the image \(reference) of")
        }
        try await make(program.reference) { try await program.archive() } changes: { program.changes }
        // An image of the same program as it was before is of no use any more; one that still runs stays.
        let all = (try? await engine.images(label: ProgramImage.label, value: program.origin)) ?? []
        for tag in all.flatMap(\.tags) where tag != program.reference { try? await engine.removeImage(tag) }
    }

    /// A static busybox and nothing else.
    /// - Returns: the image's name.
    func tools() async throws(Failure) -> String {
        let reference = "\(Self.repository):\(toolsTag)"
        try await make(reference) {
            var archive = TarArchive()
            archive.add("bin/busybox", Array(try Data(contentsOf: try StaticBusybox.find())), mode: 0o755)
            return archive.finished()
        } changes: { [] }
        return reference
    }

    private func make(
        _ reference: String, _ archive: @escaping @Sendable () async throws -> [UInt8],
        changes: @escaping @Sendable () -> [String]
    ) async throws(Failure) {
        if let running = making[reference] { return try await running.value.get() }
        let engine = engine
        let task = Task { () -> Result<Void, Failure> in
            do {
                if (try? await engine.image(reference)) != nil { return .success(()) }
                let tag = String(reference.split(separator: ":").last ?? "")
                try await engine.importImage(
                    archive(), repository: Self.repository, tag: tag, changes: changes() + [Self.label])
                return .success(())
            } catch { return .failure(Failure(description: "\(error)")) }
        }
        making[reference] = task
        let result = await task.value
        making[reference] = nil
        try result.get()
    }
}
