import Foundation
import JSON

/// Objects as `kubectl create secret`, `configmap` and `namespace` send them, which is never as JSON: four
/// magic bytes and a `runtime.Unknown` around the object (kubernetes.io/docs/reference/using-api/api-concepts,
/// "Kubernetes Protobuf encoding"). The numbers of fields are those of k8s.io/api/core/v1 and apimachinery's
/// meta/v1, generated.proto.
enum ProtobufBody {
    static let mediaType = "application/vnd.kubernetes.protobuf"
    private static let magic = Array("k8s\0".utf8)

    /// Nil for bytes that are no such object, and for kinds that nobody sends in this form.
    static func object(_ body: [UInt8]) -> JSON? {
        guard body.starts(with: magic), let envelope = ProtobufMessage(body.dropFirst(magic.count)),
            let type = envelope.message(1), let version = type.text(1), let kind = type.text(2),
            let object = envelope.message(2), let content = content(of: kind, object)
        else { return nil }
        var json = content
        json["apiVersion"] = .string(version)
        json["kind"] = .string(kind)
        json["metadata"] = metadata(object.message(1))
        return json
    }

    private static func content(of kind: String, _ object: ProtobufMessage) -> JSON? {
        var json: JSON = [:]
        switch kind {
        case "Namespace": break
        case "Secret":
            json["data"] = map(object, 2) { .string(Data($0).base64EncodedString()) }
            json["type"] = object.text(3).flatMap { $0.isEmpty ? nil : .string($0) }
            json["stringData"] = map(object, 4, text)
        case "ConfigMap":
            json["data"] = map(object, 2, text)
            json["binaryData"] = map(object, 3) { .string(Data($0).base64EncodedString()) }
        default: return nil
        }
        return json
    }

    private static func metadata(_ message: ProtobufMessage?) -> JSON {
        var json: JSON = [:]
        for (number, field) in [1: "name", 2: "generateName", 3: "namespace"] {
            if let text = message?.text(number), !text.isEmpty { json[field] = .string(text) }
        }
        for (number, field) in [11: "labels", 12: "annotations"] {
            if let message { json[field] = map(message, number, text) }
        }
        return json
    }

    /// A map field is a list of messages with a key and a value (protobuf.dev/programming-guides/encoding,
    /// "Maps").
    private static func map(
        _ message: ProtobufMessage, _ number: Int, _ value: (ArraySlice<UInt8>) -> JSON
    ) -> JSON? {
        let entries = message.all(number).compactMap(ProtobufMessage.init)
        guard !entries.isEmpty else { return nil }
        return entries.reduce(into: [:]) { $0[$1.text(1) ?? ""] = value($1.all(2).last ?? []) }
    }

    private static func text(_ bytes: ArraySlice<UInt8>) -> JSON {
        .string(String(decoding: bytes, as: UTF8.self))
    }
}

/// The length-delimited fields of a message; numbers and flags are passed over
/// (protobuf.dev/programming-guides/encoding).
private struct ProtobufMessage {
    private var fields: [Int: [ArraySlice<UInt8>]] = [:]

    /// Nil when the bytes end in the middle of something.
    init?(_ bytes: ArraySlice<UInt8>) {
        var rest = bytes
        while !rest.isEmpty {
            guard let tag = Self.variableInteger(&rest) else { return nil }
            switch tag & 7 {
            case 0: guard Self.variableInteger(&rest) != nil else { return nil }
            case 1: guard Self.take(8, &rest) != nil else { return nil }
            case 2:
                guard let length = Self.variableInteger(&rest), let value = Self.take(length, &rest)
                else { return nil }
                fields[Int(tag >> 3), default: []].append(value)
            case 5: guard Self.take(4, &rest) != nil else { return nil }
            default: return nil
            }
        }
    }

    func all(_ number: Int) -> [ArraySlice<UInt8>] { fields[number] ?? [] }
    func text(_ number: Int) -> String? { all(number).last.map { String(decoding: $0, as: UTF8.self) } }
    func message(_ number: Int) -> ProtobufMessage? { all(number).last.flatMap(ProtobufMessage.init) }

    private static func take(_ count: UInt64, _ rest: inout ArraySlice<UInt8>) -> ArraySlice<UInt8>? {
        guard count <= UInt64(rest.count) else { return nil }
        defer { rest = rest.dropFirst(Int(count)) }
        return rest.prefix(Int(count))
    }

    private static func variableInteger(_ rest: inout ArraySlice<UInt8>) -> UInt64? {
        var value: UInt64 = 0
        for shift in stride(from: UInt64(0), to: 64, by: 7) {
            guard let byte = rest.popFirst() else { return nil }
            value |= UInt64(byte & 0x7F) << shift
            if byte & 0x80 == 0 { return value }
        }
        return nil
    }
}
