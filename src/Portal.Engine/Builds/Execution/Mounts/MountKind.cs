namespace Portal.Engine.Builds.Execution.Mounts;

/// <summary>What a <c>RUN --mount</c> is.</summary>
internal enum MountKind
{
    /// <summary>Files of the context, a stage or an image.</summary>
    Bind = 0,

    /// <summary>A folder that builds share.</summary>
    Cache,

    /// <summary>An empty folder in memory.</summary>
    Tmpfs,

    /// <summary>A file that is in no layer.</summary>
    Secret,

    /// <summary>A socket of an SSH agent.</summary>
    Ssh,
}
