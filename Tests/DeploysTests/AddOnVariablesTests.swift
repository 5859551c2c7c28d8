import AppFile
import Deploys
import XCTest

/// What `check` keeps files from setting is what a release sets.
final class AddOnVariablesTests: XCTestCase {
    func testBothListsAreTheSame() {
        let kinds: [(AddOn.Kind, [String])] = [
            (.postgres(extensions: []), Postgres.variables), (.redis, RedisCache.variables), (.nats, NATSAccount.variables),
        ]
        for (kind, names) in kinds {
            let addOn = AddOn(kind, name: "cats-add-on")
            let all = addOn.secretVariables + addOn.optionalVariables + addOn.plainVariables.map(\.name)
            XCTAssertEqual(all.sorted(), names)
        }
    }
}
