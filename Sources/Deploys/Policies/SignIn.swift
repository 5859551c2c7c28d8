import Foundation

/// Vouches for people who come with a browser.
package protocol SignIn: Sendable {
    /// Where their browser is sent, to come back with a code.
    /// - Parameters:
    ///   - state: comes back with the code.
    ///   - nonce: comes back within what the code is exchanged for.
    func address(state: String, nonce: String) -> String
    /// Who came back with a code. A code is good for one time.
    func person(code: String, nonce: String, at now: Date) async throws(SignInError) -> Person
}

package enum SignInError: Error, Sendable, Equatable {
    /// The code, or what it stands for, does not hold. For the log: why.
    case refused(String)
    /// Whoever it is belongs to another workspace.
    case foreign
    /// It could not be found out just now. For the log: why.
    case outage(String)
}
