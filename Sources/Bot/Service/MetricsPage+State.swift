/// What is kept, and on which disk.
extension MetricsPage {
    func addState(_ lines: inout [String]) {
        if let free = state.free {
            add(
                &lines, "iterapp_disk_free_bytes", "gauge", "What is left on the state directory's disk.",
                [("", Double(free))], unit: "bytes")
        }
        add(
            &lines, "iterapp_disk_stalled", "gauge", "Whether what is written does not end.",
            [("", state.isStalled ? 1 : 0)])
        add(
            &lines, "iterapp_disk_reserve_bytes", "gauge", "Below it, no new work is taken.",
            [("", Double(state.reserve))], unit: "bytes")
        add(
            &lines, "iterapp_state_bytes", "gauge", "What the state directory holds, by part.",
            [
                ("{part=\"journal\"}", Double(state.journal)), ("{part=\"logs\"}", Double(logBytes ?? 0)),
                ("{part=\"wal\"}", Double(state.writeAheadLog)),
            ], unit: "bytes")
        add(
            &lines, "iterapp_removed", "counter", "What was removed because it was too old, by kind.",
            [
                ("_total{kind=\"audit\"}", Double(removed.auditLines)), ("_total{kind=\"logs\"}", Double(removed.logs)),
                ("_total{kind=\"operations\"}", Double(removed.operations)),
            ])
    }
}
