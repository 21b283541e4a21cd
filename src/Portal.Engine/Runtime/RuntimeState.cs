namespace Portal.Engine.Runtime;

/// <summary>States of a container as the runtime sees them (runtime-spec, <c>runtime.md</c>).</summary>
public enum RuntimeState
{
    /// <summary>The runtime knows nothing of it.</summary>
    Absent = 0,

    /// <summary>Made, its program not started.</summary>
    Created,

    /// <summary>Its program runs.</summary>
    Running,

    /// <summary>Frozen.</summary>
    Paused,

    /// <summary>Its program has ended.</summary>
    Stopped,
}
