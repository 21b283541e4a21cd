namespace Portal.Engine.Linux.Tests.Survival;

/// <summary>What a build is at when its engine is killed.</summary>
public enum BuildPhase
{
    /// <summary>The context comes in.</summary>
    Upload,

    /// <summary>A <c>RUN</c> is started or runs.</summary>
    Run,

    /// <summary>A <c>RUN</c> has said its last word: its changes become a layer.</summary>
    Commit,

    /// <summary>Files are copied, small ones or a large one.</summary>
    Copy,

    /// <summary>Steps end, and the cache keeps them.</summary>
    Keep,

    /// <summary>The last step, and the image after it.</summary>
    Export,
}
