import CLinux
import Foundation
import Glibc

/// What both kinds of run need to start a program.
struct SpawnRequest {
    var program: String
    var arguments: [String]
    var environment: [String: String?]
    var inheritsEnvironment = true
    var directory: String?

    /// Starts the program with these descriptors as its standard ones, in a process group of its own.
    func spawn(
        input: borrowing Descriptor, output: borrowing Descriptor, errorOutput: borrowing Descriptor
    ) throws(ProgramError) -> pid_t {
        let variables = mergedEnvironment()
        let words = [program] + arguments
        let settings = variables.map { "\($0.key)=\($0.value)" }
        guard !(words + settings + [directory ?? ""]).contains(where: { $0.utf8.contains(0) }) else {
            throw .cannotStart(printable(program), reason: "an argument or a variable contains a NUL byte")
        }
        try checkDirectory()
        // A run without our variables may still name a program that we would find.
        let path = try resolve(path: variables["PATH"] ?? ProcessInfo.processInfo.environment["PATH"])
        var pid: pid_t = -1
        let error = withCStrings(words) { words in
            withCStrings(settings) { settings in
                linux_spawn(
                    path, words, settings, directory,
                    input.number, output.number, errorOutput.number, &pid)
            }
        }
        switch error {
        case 0:
            return pid
        case ENOENT:
            // The file is there, or its path has a slash and is resolved in the run's directory.
            if access(path, F_OK) != 0 { throw .notFound(program) }
            throw .cannotStart(program, reason: "the interpreter that its first line names is missing")
        default:
            throw .cannotStart(program, reason: Errno(code: error).sentence)
        }
    }

    private func mergedEnvironment() -> [String: String] {
        var result = inheritsEnvironment ? ProcessInfo.processInfo.environment : [:]
        for (name, value) in environment { result[name] = value }
        return result
    }

    private func checkDirectory() throws(ProgramError) {
        guard let directory else { return }
        var isDirectory: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: directory, isDirectory: &isDirectory)
        guard exists, isDirectory.boolValue else {
            throw .cannotStart(program, reason: "there is no directory \(directory) to run it in")
        }
    }

    /// The file of a program without a slash: the first on PATH that may be executed (POSIX, `execvp`).
    private func resolve(path: String?) throws(ProgramError) -> String {
        guard !program.isEmpty else { throw .notFound(program) }
        if program.contains("/") { return program }
        for directory in (path ?? "/usr/local/bin:/usr/bin:/bin").split(separator: ":") {
            let candidate = "\(directory)/\(program)"
            var isDirectory: ObjCBool = false
            if access(candidate, X_OK) == 0,
                FileManager.default.fileExists(atPath: candidate, isDirectory: &isDirectory),
                !isDirectory.boolValue
            {
                return candidate
            }
        }
        throw .notFound(program)
    }

    private func printable(_ text: String) -> String {
        text.replacing("\0", with: "\\0")
    }
}

/// Hands out `strings` as a C array that ends with a null pointer.
private func withCStrings<R>(_ strings: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> R) -> R {
    let copies = strings.map { strdup($0) }
    defer { copies.forEach { free($0) } }
    return body(copies + [nil])
}
