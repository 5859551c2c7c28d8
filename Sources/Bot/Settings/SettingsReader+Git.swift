import Images

/// What is checked out, and how much of the disk that may take.
extension SettingsReader {
    mutating func git() -> GitOptions {
        var options = GitOptions()
        options.maxWorkspaceBytes = mebibytes("ITERAPP_GIT_WORKSPACE_MIB", default: options.maxWorkspaceBytes)
        options.maxCheckOutBytes = mebibytes("ITERAPP_GIT_CHECKOUT_MIB", default: options.maxCheckOutBytes)
        if options.maxCheckOutBytes > options.maxWorkspaceBytes {
            problems.append(
                "ITERAPP_GIT_CHECKOUT_MIB is more than ITERAPP_GIT_WORKSPACE_MIB, of which check-outs are a part.")
        }
        options.includesSubmodules = flag("ITERAPP_GIT_SUBMODULES", default: false)
        options.includesLFS = flag("ITERAPP_GIT_LFS", default: false)
        return options
    }

    private mutating func mebibytes(_ name: String, default usual: Int64) -> Int64 {
        Int64(whole(name, default: Int(usual >> 20), in: 64...(64 << 20))) << 20
    }
}
