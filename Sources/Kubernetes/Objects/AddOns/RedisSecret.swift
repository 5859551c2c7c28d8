import Deploys
import Foundation
import JSON

/// The Secret of a Redis, which the service makes once: the variables that applings refer to, and the user
/// that the server reads.
enum RedisSecret {
    static let passwordBytes = 32
    /// A key, and the name of the file that the server's configuration includes.
    static let userFile = "user.conf"
    private static let user = "default"

    static func keys(of addOn: AddOn) -> [String] { addOn.secretVariables + [userFile] }

    /// - Parameter random: `passwordBytes` of them.
    static func json(_ addOn: AddOn, scope: ObjectScope, random: [UInt8]) -> JSON {
        let password = Data(random).base64EncodedString()
            .replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
        let host = "\(addOn.name):\(AddOn.redisPort)"
        let values = [
            "REDIS_PASSWORD": password,
            "REDIS_URL": "redis://\(user):\(password)@\(host)",
            "REDIS_USER": user,
            // What apps do not need and could harm others with is left out
            // (https://redis.io/docs/latest/operate/oss_and_stack/management/security/acl/).
            userFile:
                "user \(user) +@all -@dangerous +keys +info +sort +flushall +flushdb allkeys allchannels on "
                + ">\(password)\n",
        ]
        var metadata = scope.metadata(name: addOn.name, addOn: addOn)
        metadata["labels"]?[ObjectScope.keptLabel] = "true"
        return [
            "apiVersion": "v1", "kind": "Secret", "metadata": metadata, "type": "Opaque",
            "data": .object(values.mapValues { .string(Data($0.utf8).base64EncodedString()) }),
        ]
    }
}
