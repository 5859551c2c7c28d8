import Foundation

/// A figure beside what it shall be.
struct IntakeTarget {
    let name: String
    let measured: Double
    /// The figure's bound; below it, or above it, is good.
    let bound: Double
    let isUpperBound: Bool
    let unit: String

    static func atLeast(_ bound: Double, _ name: String, _ measured: Double, unit: String) -> IntakeTarget {
        IntakeTarget(name: name, measured: measured, bound: bound, isUpperBound: false, unit: unit)
    }

    static func below(_ bound: Double, _ name: String, _ measured: Double, unit: String) -> IntakeTarget {
        IntakeTarget(name: name, measured: measured, bound: bound, isUpperBound: true, unit: unit)
    }

    private var isMet: Bool { isUpperBound ? measured < bound : measured >= bound }

    var line: String {
        let figures = String(format: "%9.3f %@", measured, unit).padded(to: 16)
        let wanted = String(format: "%@ %g", isUpperBound ? "below" : "at least", bound).padded(to: 16)
        return "\(name.padded(to: 74))\(figures)\(wanted)\(isMet ? "met" : "NOT MET")"
    }
}
