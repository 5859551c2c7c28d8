import Foundation
import Glibc

/// 128 + the signal's number when a signal ended the process; `status` as `waitpid` gives it.
func exitCode(ofStatus status: Int32) -> Int32 {
    let signal = status & 0x7F
    return signal == 0 ? (status >> 8) & 0xFF : 128 + signal
}

/// Whether a process of the group still runs. Zombies do not count: they belong to whoever adopted them,
/// and in a container without an init nobody ever collects them.
func hasLiveProcess(group: pid_t) -> Bool {
    guard kill(-group, 0) == 0 else { return false }
    let entries = (try? FileManager.default.contentsOfDirectory(atPath: "/proc")) ?? []
    return entries.contains { entry in
        guard let process = pid_t(entry), let state = processState(process) else { return false }
        return state.group == group && !["Z", "X"].contains(state.letter)
    }
}

/// The state's letter and the process group, fields 3 and 5 of `/proc/PID/stat` (man page proc(5)).
func processState(_ process: pid_t) -> (letter: String, group: pid_t)? {
    guard let bytes = FileManager.default.contents(atPath: "/proc/\(process)/stat") else { return nil }
    let stat = String(decoding: bytes, as: UTF8.self)
    guard
        // The name in field 2 stands in brackets and may itself contain blanks and brackets.
        let fields = stat.lastIndex(of: ")").map({ stat[stat.index(after: $0)...].split(separator: " ") }),
        fields.count > 2, let group = pid_t(fields[2])
    else { return nil }
    return (String(fields[0]), group)
}
