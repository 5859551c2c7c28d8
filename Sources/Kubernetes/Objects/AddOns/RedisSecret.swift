import Deploys
import Foundation
import JSON

/// The Secret of a Redis, which the service makes once: the variables that applings refer to, and the user
/// that the server reads.
enum RedisSecret {
    static let passwordBytes = 32
    /// A key, and the name of the file that the server's configuration includes.
    static let userFile = "user.conf"
    static let passwordKey = "REDIS_PASSWORD"
    private static let user = "default"

    static let keys = AddOn(.redis, name: "redis").secretVariables + [userFile]

    /// - Parameter deployment: of an add-on, as rendered.
    static func isNeeded(by deployment: JSON) -> Bool {
        deployment.at("metadata", "labels", ObjectScope.componentLabel)?.string == ObjectScope.redisComponent
    }

    /// - Parameters:
    ///   - deployment: of the Redis; the Secret takes its name, namespace and labels.
    ///   - random: `passwordBytes` of them.
    static func json(for deployment: JSON, random: [UInt8]) -> JSON {
        let password = Data(random).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let host = "\(deployment.at("metadata", "name")?.string ?? ""):\(AddOn.redisPort)"
        let values = [
            passwordKey: password,
            "REDIS_URL": "redis://\(user):\(password)@\(host)",
            "REDIS_USER": user,
            // What apps do not need and could harm others with is left out
            // (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/).
            userFile:
                "user \(user) +@all -@dangerous +keys +info +sort +flushall +flushdb allkeys allchannels on "
                + ">\(password)\n",
        ]
        var metadata = deployment["metadata"] ?? [:]
        metadata["labels"]?[ObjectScope.keptLabel] = "true"
        return [
            "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque",
            "data": .object(values.mapValues { .string(Data($0.utf8).base64EncodedString()) }),
        ]
    }
}
