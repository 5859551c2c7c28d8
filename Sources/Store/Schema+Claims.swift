extension Schema {
    /// Whoever claims work looks for what was interrupted first, and for repairs last. There are few of them, and
    /// without indexes of their own they were sought among all that wait. Whoever is accepted is told how many wait
    /// ahead: what is asked of those is in the index, so that no row has to be looked up.
    static let claims = """
        CREATE INDEX operations_interrupted ON operations (state, id)
            WHERE finished_at IS NULL AND release_number IS NOT NULL;
        CREATE INDEX operations_to_repair ON operations (state, id) WHERE finished_at IS NULL AND kind = 'repair';
        DROP INDEX operations_in_lane;
        CREATE INDEX operations_in_lane ON operations (lane, state, id, finished_at, held_since, approved_by_id)
            WHERE finished_at IS NULL;
        """
}
