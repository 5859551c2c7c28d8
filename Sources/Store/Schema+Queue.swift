extension Schema {
    /// Whoever is accepted is told how many wait in its lane. With thousands waiting in others, looking through all of
    /// them would take most of the writer's time.
    static let queue = """
        CREATE INDEX operations_in_lane ON operations (lane, state, id) WHERE finished_at IS NULL;
        """
}
