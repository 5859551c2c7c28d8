import AppFile
import Deploys
import JSON

/// A Redis that keeps what is used most, in memory only: its configuration, a Deployment and a Service.
struct RedisObjects {
    let objects: [JSON]

    /// On the pod template: the UID of the Secret with the password. A new Secret needs a new start.
    private static let secretAnnotation = "iterapp.no/secret"
    private static let configurationDirectory = "/etc/iterapp/redis"
    private static let secretDirectory = "/etc/iterapp/redis-user"
    private static let configurationFile = "redis.conf"
    /// The user `redis` of the official images.
    private static let userID = 999
    /// What it is set up with. The memory is what it may hold, and what it needs besides.
    static let settings: Appling = {
        var settings = Appling()
        settings.port = AddOn.redisPort
        settings.requests = Requests(cpu: "25m", memory: "128Mi")
        return settings
    }()

    init(_ addOn: AddOn, scope: ObjectScope, options: RenderOptions) {
        let metadata = scope.metadata(name: addOn.name, addOn: addOn)
        let configMap: JSON = [
            "apiVersion": "v1", "kind": "ConfigMap", "metadata": metadata,
            "data": [Self.configurationFile: .string(Self.configuration)],
        ]
        let port: JSON = [
            "name": "redis", "port": .int(AddOn.redisPort), "protocol": "TCP", "targetPort": "redis",
        ]
        let service: JSON = [
            "apiVersion": "v1", "kind": "Service", "metadata": metadata,
            "spec": ["type": "ClusterIP", "selector": .object(scope.selector(of: addOn)), "ports": [port]],
        ]
        let deployment: JSON = [
            "apiVersion": "apps/v1", "kind": "Deployment", "metadata": metadata,
            "spec": [
                "replicas": 1,
                "progressDeadlineSeconds": .int(options.progressDeadlineSeconds),
                "selector": ["matchLabels": .object(scope.selector(of: addOn))],
                // A new one that cannot start leaves the old one in place.
                "strategy": [
                    "type": "RollingUpdate", "rollingUpdate": ["maxUnavailable": 0, "maxSurge": 1],
                ],
                "template": Self.template(addOn, scope, options),
            ],
        ]
        objects = [configMap, service, deployment]
    }

    /// https://redis.io/docs/latest/operate/oss_and_stack/management/config/
    private static let configuration = """
        port \(AddOn.redisPort)
        maxmemory 100mb
        maxmemory-policy allkeys-lfu
        save ""
        appendonly no
        include \(secretDirectory)/\(RedisSecret.userFile)

        """

    /// It does not name the operation: a deploy leaves a Redis and what it holds alone, unless its own
    /// configuration is another one.
    private static func template(_ addOn: AddOn, _ scope: ObjectScope, _ options: RenderOptions) -> JSON {
        let userFile: JSON = ["key": .string(RedisSecret.userFile), "path": .string(RedisSecret.userFile)]
        let spec: JSON = [
            "serviceAccountName": .string(scope.serviceAccountName),
            "automountServiceAccountToken": false,
            "enableServiceLinks": false,
            "containers": [container(options)],
            "volumes": [
                ["name": "configuration", "configMap": ["name": .string(addOn.name)]],
                ["name": "user", "secret": ["secretName": .string(addOn.name), "items": [userFile]]],
            ],
        ]
        let identity: JSON = ["configuration": .string(configuration), "spec": spec]
        return [
            "metadata": [
                "labels": .object(scope.labels(of: addOn)),
                "annotations": .object([ObjectScope.templateAnnotation: .string(identity.digest)]),
            ],
            "spec": spec,
        ]
    }

    private static func container(_ options: RenderOptions) -> JSON {
        // A connection that is accepted says enough, and asking for more takes the password.
        func probe(period: Int) -> JSON {
            [
                "tcpSocket": ["port": "redis"], "timeoutSeconds": 1, "periodSeconds": .int(period),
                "failureThreshold": 3,
            ]
        }
        var security = PodSecurity.restrictedContainer
        security["runAsUser"] = .int(userID)
        security["runAsGroup"] = .int(userID)
        return [
            "name": "redis",
            "image": .string(options.redisImage),
            "imagePullPolicy": "IfNotPresent",
            "command": ["redis-server", .string("\(configurationDirectory)/\(configurationFile)")],
            "ports": [["name": "redis", "containerPort": .int(AddOn.redisPort), "protocol": "TCP"]],
            "readinessProbe": probe(period: 2),
            "livenessProbe": probe(period: 10),
            "resources": [
                "requests": [
                    "cpu": .string(settings.requests.cpu), "memory": .string(settings.requests.memory),
                ]
            ],
            "securityContext": security,
            "volumeMounts": [
                ["name": "configuration", "mountPath": .string(configurationDirectory), "readOnly": true],
                ["name": "user", "mountPath": .string(secretDirectory), "readOnly": true],
            ],
        ]
    }

    /// The UID of the Secret that a Redis reads.
    static func secret(readBy deployment: JSON) -> String? {
        deployment.at("spec", "template", "metadata", "annotations", secretAnnotation)?.string
    }

    /// The Deployment for a Redis that reads this very Secret.
    /// - Parameter deployment: as rendered.
    static func bound(_ deployment: JSON, toSecret uid: String) -> JSON {
        var bound = deployment
        let template = deployment.at(
            "spec", "template", "metadata", "annotations", ObjectScope.templateAnnotation)
        let identity: JSON = ["template": template ?? .null, "secret": .string(uid)]
        bound["spec"]?["template"]?["metadata"]?["annotations"] = .object([
            ObjectScope.templateAnnotation: .string(identity.digest), secretAnnotation: .string(uid),
        ])
        return bound
    }
}
