/// Takes the frames off a container's log: eight bytes (stream, three zeros, big-endian length) before each
/// piece (docs.docker.com/reference/api/engine, `ContainerAttach`, "Stream format").
struct LogFrames {
    private var header: [UInt8] = []
    private var payloadLeft = 0

    /// The bytes that the container wrote, both streams in the order of arrival.
    mutating func add(_ chunk: [UInt8]) -> [UInt8] {
        var output: [UInt8] = []
        output.reserveCapacity(chunk.count)
        var rest = chunk[...]
        while !rest.isEmpty {
            if payloadLeft > 0 {
                let piece = rest.prefix(payloadLeft)
                output += piece
                payloadLeft -= piece.count
                rest = rest.dropFirst(piece.count)
            } else {
                let piece = rest.prefix(8 - header.count)
                header += piece
                rest = rest.dropFirst(piece.count)
                if header.count == 8 {
                    payloadLeft = header[4...].reduce(0) { $0 << 8 | Int($1) }
                    header = []
                }
            }
        }
        return output
    }
}
