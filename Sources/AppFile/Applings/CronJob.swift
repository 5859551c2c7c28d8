/// A request that an appling gets at certain times.
package struct CronJob: Sendable, Equatable {
    /// A DNS-1123 label.
    package var name: String
    /// Five fields (minute, hour, day of the month, month, day of the week), in UTC.
    package var schedule: String
    /// With the query, if there is one.
    package var path: String
    package var method: String
    /// By name, ordered by it. Their values are secrets.
    package var headers: [HTTPHeader]

    package init(
        name: String, schedule: String, path: String, method: String = "GET", headers: [HTTPHeader] = []
    ) {
        self.name = name
        self.schedule = schedule
        self.path = path
        self.method = method
        self.headers = headers
    }
}

package struct HTTPHeader: Sendable, Equatable {
    package var name: String
    package var value: String

    package init(name: String, value: String) {
        self.name = name
        self.value = value
    }
}
