import Foundation
import JSON

extension ClusterNode: PodLogs {
    package func log(
        of pod: JSON, container: String, _ options: PodLogOptions
    ) async throws(APIError) -> AsyncThrowingStream<[UInt8], any Error> {
        let records = await worker(of: pod)?.containers ?? []
        let record = records.first { $0.plan.name == container }
        let place = "container \"\(container)\" in pod \"\(pod.name)\""
        guard let id = options.previous ? record?.last?.containerID : record?.logID else {
            if options.previous { throw .badRequest("previous terminated \(place) not found") }
            throw .badRequest("\(place) is waiting to start: \(Self.wait(record))")
        }
        var wanted = DockerEngineClient.LogOptions()
        wanted.tailLines = options.tailLines
        wanted.timestamps = options.timestamps
        wanted.follow = options.follow
        wanted.since = options.since.map { Int($0.timeIntervalSince1970) }
        do {
            return try await context.engine.logs(id, wanted)
        } catch {
            if case .notFound = error { throw .badRequest("previous terminated \(place) not found") }
            throw APIError(500, "InternalError", "Internal error occurred: \(error)")
        }
    }

    private static func wait(_ record: ContainerRecord?) -> String {
        switch record?.waitingReason {
        case "ErrImagePull", "ImagePullBackOff": "trying and failing to pull image"
        case "InvalidImageName": "image can't be pulled"
        case let reason?: reason
        case nil: ContainerRecord.creating
        }
    }
}
