/// When to look after the transfers again though nothing calls for it. Used by its client's thread only.
///
/// What libcurl reads for one transfer of an HTTP/2 connection while it serves another, it keeps, and sets a timer to
/// hand it out. Version 7.88 can lose that timer (`add_next_timeout` drops what is due in the same millisecond, and a
/// transfer that starts moves the time on); the socket is silent, for it was read to its end. It happens only where
/// something has just happened: so we look again at once, and then ever more rarely.
final class HTTPClientVigil {
    private var looks = 0

    private static let maxLooks = 9

    /// Something has come, or was asked for.
    func begin() { looks = 0 }

    /// A look has shown nothing new.
    func goOn() { looks = min(looks + 1, Self.maxLooks) }

    /// 0, 1, 4, 16 and so on, up to a minute.
    var millisecondsToNextLook: Int32 { looks == 0 ? 0 : 1 << (2 * Int32(looks - 1)) }
}
