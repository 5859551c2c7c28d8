import Foundation
import HTTP
import JSON

/// The registry that images are pushed into, asked over HTTP what it has.
package struct Registry: Sendable {
    /// What images' names begin with: `registry.example/apps`.
    package let prefix: String
    /// Credentials in the format of Docker's `config.json`; nil for the operator's own.
    let authFile: String?
    private let credentials: RegistryCredentials
    private let http: HTTPClient

    private static let timeLimit = Duration.seconds(20)
    private static let maxAnswerBytes = 1 << 20
    /// Images and lists of them (https://github.com/opencontainers/image-spec/blob/main/media-types.md).
    private static let manifestTypes = [
        "application/vnd.oci.image.manifest.v1+json", "application/vnd.docker.distribution.manifest.v2+json",
        "application/vnd.oci.image.index.v1+json", "application/vnd.docker.distribution.manifest.list.v2+json",
    ].joined(separator: ", ")

    /// - Parameter environment: where DOCKER_CONFIG and HOME are looked up when there is no `authFile`.
    package init(
        prefix: String, authFile: String? = nil, environment: [String: String], http: HTTPClient = HTTPClient()
    ) {
        self.prefix = prefix
        self.authFile = authFile
        self.http = http
        let folder = environment["DOCKER_CONFIG"] ?? environment["HOME"].map { $0 + "/.docker" }
        credentials = RegistryCredentials(
            file: authFile ?? folder.map { $0 + "/config.json" }, environment: environment)
    }

    /// Nil when it does not answer, or not to us.
    package func has(_ image: String) async -> Bool? {
        guard let location = ImageLocation(image) else { return false }
        let url = "\(location.server)/v2/\(location.repository)/manifests/\(location.reference)"
        // https://github.com/opencontainers/distribution-spec/blob/main/spec.md, "Checking if content exists"
        var request = HTTPClientRequest(
            "HEAD", url, headers: ["Accept": Self.manifestTypes], timeout: Self.timeLimit)
        guard let answer = try? await http.send(request) else { return nil }
        guard answer.status == 401 else { return Self.verdict(answer.status) }
        guard let authorization = await authorization(answer.headers.all("WWW-Authenticate"), location) else {
            return nil
        }
        request.headers["Authorization"] = authorization
        return (try? await http.send(request)).flatMap { Self.verdict($0.status) }
    }

    private static func verdict(_ status: Int) -> Bool? {
        switch status {
        case 200: true
        case 404: false
        default: nil
        }
    }

    // MARK: signing in

    private func authorization(_ challenges: [String], _ location: ImageLocation) async -> String? {
        let credential = await credentials.find(for: location)
        for challenge in challenges.compactMap(AuthChallenge.init) {
            switch challenge.scheme {
            case "bearer": return await token(challenge, credential, location).map { "Bearer " + $0 }
            case "basic": if case .password(let user, let password) = credential { return Self.basic(user, password) }
            default: continue
            }
        }
        return nil
    }

    /// https://distribution.github.io/distribution/spec/auth/token/
    private func token(
        _ challenge: AuthChallenge, _ credential: RegistryCredential?, _ location: ImageLocation
    ) async -> String? {
        guard let realm = challenge.parameters["realm"], Self.isSafe(realm) else { return nil }
        var fields = [("scope", challenge.parameters["scope"] ?? "repository:\(location.repository):pull")]
        if let service = challenge.parameters["service"] { fields.append(("service", service)) }
        var request = HTTPClientRequest("GET", realm, timeout: Self.timeLimit, maxBodyBytes: Self.maxAnswerBytes)
        if case .refreshToken(let token) = credential {
            request.method = "POST"
            request.headers["Content-Type"] = "application/x-www-form-urlencoded"
            fields += [("grant_type", "refresh_token"), ("client_id", "iterapp"), ("refresh_token", token)]
            request.body = Array(Self.form(fields).utf8)
        } else {
            request.url += (realm.contains("?") ? "&" : "?") + Self.form(fields)
            if case .password(let user, let password) = credential {
                request.headers["Authorization"] = Self.basic(user, password)
            }
        }
        guard let answer = try? await http.send(request), answer.status == 200,
            let json = try? JSON.parse(answer.body)
        else { return nil }
        return json["token"]?.string ?? json["access_token"]?.string
    }

    /// A registry's word is no reason to send passwords where others can read them.
    private static func isSafe(_ realm: String) -> Bool {
        guard let url = URL(string: realm), let host = url.host() else { return false }
        return url.scheme == "https" || url.scheme == "http" && ImageLocation.isLocal(host)
    }

    private static func basic(_ user: String, _ password: String) -> String {
        "Basic " + Data("\(user):\(password)".utf8).base64EncodedString()
    }

    private static func form(_ fields: [(String, String)]) -> String {
        var allowed = CharacterSet.alphanumerics
        allowed.insert(charactersIn: "-._~")
        return fields.map { name, value in
            "\(name)=\(value.addingPercentEncoding(withAllowedCharacters: allowed) ?? "")"
        }.joined(separator: "&")
    }
}

/// `Bearer realm="https://auth.example/token",service="registry.example"` (RFC 9110, section 11.6.1).
struct AuthChallenge {
    /// In lower case.
    let scheme: String
    /// By lower-case names.
    let parameters: [String: String]

    init?(_ text: String) {
        let trimmed = text.drop { $0 == " " }
        let scheme = trimmed.prefix { $0 != " " }
        guard !scheme.isEmpty else { return nil }
        self.scheme = scheme.lowercased()
        var parameters: [String: String] = [:]
        for match in trimmed.dropFirst(scheme.count).matches(of: #/([A-Za-z_-]+)\s*=\s*(?:"([^"]*)"|([^",\s]+))/#) {
            parameters[match.1.lowercased()] = String(match.2 ?? match.3 ?? "")
        }
        self.parameters = parameters
    }
}
